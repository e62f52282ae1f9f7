import { createRuntime } from '../runtime.ts'
import type { ApiKeys, CreatedKey } from '../shared/access/api-keys.ts'
import { EVERY_ORG } from '../shared/access/caller.ts'
import { SCOPES } from '../shared/access/scopes.ts'
import { readConfig } from '../shared/config.ts'
import { readinessOf } from '../shared/control/process-readiness.ts'
import { createLog, maskUrl } from '../shared/observe/log.ts'
import { serveMetrics } from '../shared/observe/metrics-server.ts'
import { runProcess } from '../shared/processes/lifecycle.ts'
import { readServiceAddresses } from '../shared/processes/service-addresses.ts'
import { describeTopology } from '../shared/redis/topology/topology.ts'
import { createApiApp } from './http/api-app.ts'
import { apiOptionsOf, liveOptionsOf } from './http/api-options.ts'
import { serveApi } from './http/serve-api.ts'
import { createLive } from './live/live.ts'

/** A door: serves the API until it receives a signal. */
export function runApi(): Promise<void> {
  return runProcess(async () => {
    const config = readConfig(process.env, readServiceAddresses())
    const log = createLog(config, 'api')
    const runtime = createRuntime(config, { log, processName: 'api' })
    await runtime.connect()
    const readiness = readinessOf(runtime)
    const options = apiOptionsOf(runtime, log)
    const live = createLive(runtime, liveOptionsOf(runtime))
    const app = createApiApp({ ...options, readiness, live: live.routes })
    const api = await serveApi(app, { host: config.apiHost, port: config.apiPort }, live)
    const metrics = await serveMetrics(runtime, readiness)
    const details = { url: api.url, redis: describeTopology(config), store: maskUrl(config.databaseUrl) }
    const developer = config.environment === 'development' ? await createDeveloperKey(runtime.keys) : undefined
    if (!process.send) {
      log.info({ ...details, metrics: metrics.url }, 'the API is up')
      console.log(`API: ${api.url}  key: ${developer?.key ?? 'of `afterturn keys create`'}`)
    }
    return {
      ready: { url: api.url, key: developer?.key, metricsUrl: metrics.url, stopTimeoutMs: config.drainTimeoutMs },
      async stop() {
        await readiness.drain()
        await metrics.stop()
        await api.stop(config.drainTimeoutMs)
        if (developer) await runtime.keys.revoke({ orgId: EVERY_ORG, keyId: developer.keyId }).catch(() => {})
        await runtime.disconnect()
      },
    }
  })
}

const DAY_MS = 86_400_000

/** A key for whoever tries the API on their own machine: for every org, until the process stops, a day at most. */
function createDeveloperKey(keys: ApiKeys): Promise<CreatedKey> {
  const expiresAt = new Date(Date.now() + DAY_MS)
  return keys.create({ orgId: EVERY_ORG, scopes: SCOPES, name: 'development', expiresAt, by: 'api' })
}
