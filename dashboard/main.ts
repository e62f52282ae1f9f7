import type { RequestHandler } from 'express'
import { CATALOG, QUEUE_NAMES } from '../queues/catalog.ts'
import { createRuntime, type Runtime } from '../runtime.ts'
import { systemClock } from '../shared/clock.ts'
import { type Config, readConfig } from '../shared/config.ts'
import { readinessOf } from '../shared/control/process-readiness.ts'
import { splitPasswords, splitRoles } from '../shared/dashboard-logins.ts'
import { createLog, type Log, maskUrl } from '../shared/observe/log.ts'
import { serveMetrics } from '../shared/observe/metrics-server.ts'
import { runProcess } from '../shared/processes/lifecycle.ts'
import type { Readiness } from '../shared/processes/readiness.ts'
import { readServiceAddresses } from '../shared/processes/service-addresses.ts'
import { describeTopology } from '../shared/redis/topology/topology.ts'
import { splitTrustedProxies } from '../shared/trusted-proxies.ts'
import { type DashboardOptions, startDashboard } from './dashboard.ts'
import { startDuties } from './duties.ts'
import { readFleetGauges } from './fleet-gauges.ts'
import { createStoredSessions } from './login/stored-sessions.ts'
import { readOverview } from './overview/read-overview.ts'
import { shareReading } from './overview/share-reading.ts'

/** All tabs of the overview share a reading for this long. */
const SHARED_MS = 4_000

/** What runs on the dashboard's port beside it. */
type Beside = {
  /** The name of the process. */
  readonly name: 'web'
  readonly port: number | undefined
  open(runtime: Runtime, log: Log, readiness: Readiness): OpenedBeside
}

type OpenedBeside = Pick<DashboardOptions, 'handleUpgrade'> & {
  readonly handler: RequestHandler
  /** Ends what stays open. */
  stop(): Promise<void>
}

/** A door: serves the dashboard until it receives a signal. */
export function runDashboard(beside?: (config: Config) => Beside): Promise<void> {
  return runProcess(async () => {
    const config = readConfig(process.env, readServiceAddresses())
    const other = beside?.(config)
    const processName = other?.name ?? 'dashboard'
    const log = createLog(config, processName)
    const runtime = createRuntime(config, { log, processName })
    await runtime.connect()
    const readiness = readinessOf(runtime)
    const opened = other?.open(runtime, log, readiness)
    const dashboard = await startDashboard({
      host: config.dashboardHost,
      port: other?.port ?? config.dashboardPort,
      ...(opened && { beside: opened.handler, handleUpgrade: opened.handleUpgrade }),
      user: config.dashboardUser,
      password: config.dashboardPassword,
      environment: config.environment,
      sessions: createStoredSessions(runtime.sessions),
      roles: splitRoles(config.dashboardRoles),
      passwords: splitPasswords(config.dashboardPasswords),
      userHeader: config.dashboardUserHeader,
      console: { ...runtime, clock: systemClock, log },
      trustedProxies: splitTrustedProxies(config.trustedProxies),
      boards: QUEUE_NAMES.map((name) => ({
        queue: runtime.queues.queue(name),
        title: name,
        description: CATALOG[name].description,
      })),
      overview: shareReading(() => readOverview(runtime), systemClock, SHARED_MS),
      readiness,
      log,
    })
    readFleetGauges(runtime.metrics, runtime)
    const duties = startDuties({ ...runtime, clock: systemClock, log })
    const metrics = await serveMetrics(runtime, readiness)
    if (!process.send) {
      log.info(
        {
          url: dashboard.url,
          redis: describeTopology(config),
          store: maskUrl(config.databaseUrl),
          metrics: metrics.url,
        },
        'the dashboard is up',
      )
      console.log(
        `Dashboard: ${dashboard.url}  user: ${dashboard.user}  password: ${dashboard.password ?? 'as DASHBOARD_PASSWORD says'}`,
      )
    }
    return {
      ready: { url: dashboard.url, user: dashboard.user, password: dashboard.password, metricsUrl: metrics.url },
      async stop() {
        await readiness.drain()
        await duties.stop()
        await metrics.stop()
        await opened?.stop()
        await dashboard.stop()
        await runtime.disconnect()
      },
    }
  })
}
