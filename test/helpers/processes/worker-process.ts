import { createRuntime, type Runtime } from '../../../runtime.ts'
import type { ConfigInput } from '../../../shared/config.ts'
import { silentLog } from '../../../shared/observe/log.ts'

/** A process of a test that works on a queue when its parent says so, until it says otherwise: `fork` it. It answers once that is so. */

export type WorkerCommand = { readonly queue: string; readonly config: ConfigInput } | 'rest'

let runtime: Runtime | undefined
process.on('message', async (command: WorkerCommand) => {
  await runtime?.disconnect()
  runtime = command === 'rest' ? undefined : createRuntime(command.config, { log: silentLog })
  if (command !== 'rest') await runtime?.startWorkers([command.queue])
  process.send?.('done')
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
