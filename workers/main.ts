import { createRuntime } from '../runtime.ts'
import { readConfig } from '../shared/config.ts'
import { runProcess } from '../shared/lifecycle.ts'
import { createLog } from '../shared/observe/log.ts'
import { serveMetrics } from '../shared/observe/metrics-server.ts'
import { readServiceAddresses } from '../shared/service-addresses.ts'

/** A door: runs the workers of the given queues in this process until it is told to stop. */
export function runWorkers(queues: readonly string[]): Promise<void> {
  return runProcess(async () => {
    const config = readConfig(process.env, readServiceAddresses())
    const log = createLog(config)
    const runtime = createRuntime(config, { log })
    await runtime.connect()
    await runtime.startWorkers(queues)
    const metrics = await serveMetrics(runtime, log)
    return {
      ready: { stopTimeoutMs: config.drainTimeoutMs },
      async stop() {
        await runtime.disconnect()
        await metrics.stop()
      },
    }
  })
}
