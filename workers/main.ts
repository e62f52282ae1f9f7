import { applySettings } from '../queues/apply-settings.ts'
import { CATALOG, type QueueName } from '../queues/catalog.ts'
import { createRuntime } from '../runtime.ts'
import { describeProvider } from '../shared/ai/describe-provider.ts'
import { type Config, readConfig } from '../shared/config.ts'
import { readinessOf } from '../shared/control/process-readiness.ts'
import { withinDeadline } from '../shared/deadline.ts'
import { AfterturnError } from '../shared/errors.ts'
import { createLog, maskUrl } from '../shared/observe/log.ts'
import { serveMetrics } from '../shared/observe/metrics-server.ts'
import { printFailure, runProcess } from '../shared/processes/lifecycle.ts'
import { readServiceAddresses } from '../shared/processes/service-addresses.ts'
import { describeTopology } from '../shared/redis/topology/topology.ts'
// Loaded before connections are opened.
import './start-workers.ts'

/** What closing may take beyond the drain, whatever Redis and the store do. */
const CLOSE_MARGIN_MS = 10_000

/** A door: runs the workers of the given queues in this process until it is told to stop, or is stuck. */
export function runWorkers(queues: readonly QueueName[]): Promise<void> {
  const [only, ...others] = queues
  return runNamed(only !== undefined && others.length === 0 ? only : 'workers', queues, {})
}

/** A door: routes messages in this process, for agents that are executors of other programs. */
export function runMessages(): Promise<void> {
  return runNamed('messages', [], { messaging: true })
}

function runNamed(
  processName: string,
  queues: readonly QueueName[],
  settings: Partial<Pick<Config, 'messaging'>>,
): Promise<void> {
  return runProcess(async () => {
    const config = { ...readConfig(process.env, readServiceAddresses()), ...settings }
    const log = createLog(config, processName)
    const runtime = createRuntime(config, { log, processName })
    const readiness = readinessOf(runtime)
    const stuck = Promise.withResolvers<never>()
    await runtime.startWorkers(queues, { onStuck: stuck.reject })
    const metrics = await serveMetrics(runtime, readiness)
    // A parent says itself what it has started.
    if (!process.send) {
      log.info(
        {
          queues: Object.fromEntries(queues.map((name) => [name, applySettings(CATALOG[name], config).concurrency])),
          redis: describeTopology(config),
          store: maskUrl(config.databaseUrl),
          model: describeProvider(runtime.provider),
          metrics: metrics.url,
        },
        'the workers are up',
      )
    }
    const isLate = () => new AfterturnError('SHUTTING_DOWN', 'The connections could not be closed in time.')
    return {
      ready: { stopTimeoutMs: config.drainTimeoutMs, metricsUrl: metrics.url },
      failed: stuck.promise,
      async stop() {
        await readiness.drain()
        const closing = runtime.disconnect().then(() => metrics.stop())
        await withinDeadline(closing, config.drainTimeoutMs + CLOSE_MARGIN_MS, isLate).catch(printFailure)
      },
    }
  })
}
