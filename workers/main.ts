import type { QueueName } from '../queues/catalog.ts'
import { createRuntime } from '../runtime.ts'
import { describeProvider } from '../shared/ai/describe-provider.ts'
import { readConfig } from '../shared/config.ts'
import { runProcess } from '../shared/lifecycle.ts'
import { createLog, maskUrl } from '../shared/observe/log.ts'
import { serveMetrics } from '../shared/observe/metrics-server.ts'
import { readServiceAddresses } from '../shared/service-addresses.ts'
import { concurrencyOf } from './handlers.ts'

/** A door: runs the workers of the given queues in this process until it is told to stop. */
export function runWorkers(queues: readonly QueueName[]): Promise<void> {
  return runProcess(async () => {
    const config = readConfig(process.env, readServiceAddresses())
    const log = createLog(config)
    const runtime = createRuntime(config, { log })
    await runtime.connect()
    await runtime.startWorkers(queues)
    const metrics = await serveMetrics(runtime, log)
    // A parent says itself what it has started.
    if (!process.send) {
      const concurrency = concurrencyOf(config)
      log.info(
        {
          queues: Object.fromEntries(queues.map((name) => [name, concurrency[name]])),
          redis: maskUrl(config.redisUrl),
          store: maskUrl(config.databaseUrl),
          model: describeProvider(runtime.provider),
        },
        'the workers are up',
      )
    }
    return {
      ready: { stopTimeoutMs: config.drainTimeoutMs },
      async stop() {
        await runtime.disconnect()
        await metrics.stop()
      },
    }
  })
}
