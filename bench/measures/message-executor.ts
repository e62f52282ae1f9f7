import { setTimeout as sleep } from 'node:timers/promises'
import { createRuntime } from '../../runtime.ts'
import { silentLog } from '../../shared/observe/log.ts'

/** A process of `message-faults.bench.ts`: it works messages, and tells its parent of each start. */

const [redisUrl = '', databaseUrl = '', concurrency = '1', workMs = '0'] = process.argv.slice(2)
const agents = [
  {
    name: 'worker',
    concurrency: Number(concurrency),
    async handler({ messageId, data }: { messageId: string; data: unknown }) {
      process.send?.(messageId)
      await sleep(Number(workMs))
      return data
    },
  },
]
const runtime = createRuntime({ redisUrl, databaseUrl, streamMaxEntries: 10 }, { log: silentLog, agents })
await runtime.connect()
await runtime.startWorkers(['agent-worker'])
process.once('disconnect', () => process.exit())
