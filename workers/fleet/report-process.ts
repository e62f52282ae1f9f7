import { createHash, randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock } from '../../shared/clock.ts'
import { type Config, describeSettings } from '../../shared/config.ts'
import type { Log } from '../../shared/observe/log.ts'
import { type ProcessQueue, reportProcess } from '../../shared/store/console/fleet-rows.ts'
import type { Database } from '../../shared/store/database.ts'
import type { QueueDeedsLog } from './queue-deeds.ts'

/**
 * Tells the store that this process lives, what it runs and what it did: one statement every few seconds. Guarantees: it never fails a job and
 * never delays a stop; what could not be told is told with the next.
 */

const REPORT_MS = 10_000
const NANOSECONDS_PER_MS = 1e6
const DIGEST_LENGTH = 8

type ReportServices = {
  readonly database: Database
  readonly clock: Clock
  readonly log: Pick<Log, 'debug'>
  readonly config: Config
  readonly processName: string
  readonly deeds: QueueDeedsLog
  activity(): readonly ProcessQueue[]
}

/** Reports at once and then every ten seconds, until stopped. */
export function startProcessReport(services: ReportServices): { stop(): void } {
  const { database, clock, log, config, processName, deeds, activity } = services
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  const own = {
    id: randomUUID(),
    name: processName,
    host: hostname(),
    pid: process.pid,
    version: readVersion(),
    configDigest: digestOf(config),
    startedAt: clock.now(),
  }
  let isUnderWay = false
  const report = async (stoppedAt: Date | null = null) => {
    // One that waits for a frozen store must not pile up others.
    if (isUnderWay) return
    isUnderWay = true
    const taken = deeds.take()
    const loopLagMs = Math.round(delay.percentile(99) / NANOSECONDS_PER_MS)
    delay.reset()
    const state = { seenAt: clock.now(), stoppedAt, rssBytes: process.memoryUsage.rss(), loopLagMs, queues: activity() }
    await reportProcess(database, { ...own, ...state }, taken)
      .catch((error: Error) => {
        deeds.giveBack(taken)
        log.debug({ error: error.message }, 'the sign of life could not be written')
      })
      .finally(() => {
        isUnderWay = false
      })
  }
  void report()
  const timer = setInterval(() => void report(), REPORT_MS).unref()
  return {
    stop() {
      clearInterval(timer)
      delay.disable()
      // Whoever stops does not wait for it.
      void report(clock.now())
    },
  }
}

/** Of everything in force but what differs from process to process, and no secret: two of them in a fleet are worth a look. */
function digestOf(config: Config): string {
  const own = ['metricsPort', 'port', 'apiPort', 'dashboardPort', 'dashboardPassword']
  const shared = describeSettings()
    .filter(({ key, secret }) => !secret && !own.includes(key))
    .map(({ key }) => [key, config[key]])
  return createHash('sha256').update(JSON.stringify(shared)).digest('hex').slice(0, DIGEST_LENGTH)
}

/** The package finds itself by its name, in a checkout and where it is installed. */
function readVersion(): string {
  return String(createRequire(import.meta.url)('afterturn/package.json').version)
}
