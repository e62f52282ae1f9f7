import { createRuntime } from '../../../runtime.ts'
import { silentLog } from '../../../shared/observe/log.ts'

/** A process of a test: a worker of compactions, with the settings given; it says when it is up. */

const runtime = createRuntime(JSON.parse(process.argv[2] ?? '{}'), { log: silentLog })
process.on('disconnect', () => process.exit(0))
await runtime.connect()
await runtime.startWorkers(['context-compaction'])
process.send?.('up')
