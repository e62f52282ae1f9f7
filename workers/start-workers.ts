import type { Telemetry } from 'bullmq'
import { sql } from 'kysely'
import { isQueueName } from '../queues/catalog.ts'
import type { AnyQueueContract } from '../queues/define-queue.ts'
import type { Producer } from '../queues/producer.ts'
import { hasWork } from '../queues/state/due-jobs.ts'
import type { Config } from '../shared/config.ts'
import { withinDeadline } from '../shared/deadline.ts'
import { AfterturnError, type ErrorCode, isAfterturnError } from '../shared/errors.ts'
import type { Progress } from '../shared/events/progress.ts'
import type { ErasureDuty } from '../shared/memory/forgetting.ts'
import type { Metrics } from '../shared/observe/metrics.ts'
import { requirePackages } from '../shared/processes/optional-packages.ts'
import type { RedisConnections } from '../shared/redis/connections.ts'
import { pingPrimary } from '../shared/redis/primary-only.ts'
import { openDatabase } from '../shared/store/database.ts'
import { asStoreError } from '../shared/store/store-errors.ts'
import { startJobControl } from './control/job-control.ts'
import { type ExtraWorker, type Fleet, startFleet } from './fleet/fleet.ts'
import type { FleetMember } from './fleet/fleet-member.ts'
import { createQueueDeeds } from './fleet/queue-deeds.ts'
import { startProcessReport } from './fleet/report-process.ts'
import { startWatchdog } from './fleet/watchdog.ts'
import { fleetMembers } from './handlers.ts'
import type { MemoryServices } from './memory/memory-services.ts'
import { createCodeParser } from './repo/parsing/code-parser.ts'
import type { RepoServices } from './repo/repo-services.ts'
import { startSweeper } from './sweeper.ts'

/** Failures of a sweep that a new process with new connections may mend. */
const AWAY: readonly ErrorCode[] = ['REDIS_UNAVAILABLE', 'ENQUEUE_TIMEOUT', 'STORE_UNAVAILABLE']

/** What a runtime lends to its workers. */
type WorkerServices = Omit<MemoryServices & RepoServices, 'config' | 'redis' | 'codeParser'> & {
  readonly config: Config
  readonly connections: RedisConnections
  readonly processName: string
  readonly erasures: ErasureDuty
  readonly progress: Pick<Progress, 'report'>
  readonly queues: Producer
  /** The product's contracts and those of the host. */
  readonly contracts: readonly AnyQueueContract[]
  /** The host's workers with a contract, and those that take BullMQ's raw job. */
  readonly hostMembers: readonly FleetMember[]
  readonly extraWorkers: readonly ExtraWorker[]
  readonly orgConcurrency: number | ((orgId: string) => number | Promise<number>)
  readonly metrics: Metrics
  readonly telemetry: Telemetry | undefined
}

/**
 * Starts all that runs in a process of workers: the fleet, what stands over its jobs, the sweeper, and the watchdog if somebody wants to know
 * of it. What was started is stopped when the rest cannot be.
 * @throws QUEUE_UNKNOWN, CONFIG_INVALID
 */
export async function startWorkers(
  runtime: WorkerServices,
  queueNames: readonly string[],
  onStuck: ((reason: AfterturnError) => void) | undefined,
): Promise<{ readonly fleet: Fleet; stop(): Promise<void> }> {
  const { config, connections, database, queues, hostMembers, extraWorkers, clock, log } = runtime
  const names = [...new Set(queueNames)]
  const hostNames = [...hostMembers.map(({ name }) => name), ...extraWorkers.map(({ queue }) => queue)]
  const isKnown = (name: string) => isQueueName(name) || hostNames.includes(name)
  const unknown = names.filter((name) => !isKnown(name))
  if (unknown.length > 0) throw new AfterturnError('QUEUE_UNKNOWN', `No worker serves ${unknown.join(', ')}.`)

  if (names.includes('repo-indexing')) requirePackages('Indexing code')
  const codeParser = createCodeParser()
  const services = { ...runtime, redis: connections.getConnection(), codeParser }
  const watchDatabase = openDatabase({ url: config.databaseUrl, poolSize: 1 })
  const control = await startJobControl({
    ...services,
    watchDatabase,
    subscriber: connections.getConnectionForSubscriptions(),
    queue: (name) => queues.queue(name),
  })
  const deeds = createQueueDeeds()
  const fleet = await startFleet(
    [
      ...fleetMembers(services, { ...config, orgConcurrency: runtime.orgConcurrency }, names.filter(isQueueName)),
      ...hostMembers.filter(({ name }) => names.includes(name)),
    ],
    extraWorkers.filter((worker) => names.includes(worker.queue)),
    {
      ...runtime,
      connection: connections.getConnectionForBullMQ(),
      keyPrefix: config.redisKeyPrefix,
      jobLockMs: config.jobLockMs,
      control,
      deeds,
    },
  ).catch(async (error) => {
    await Promise.all([control.stop(), codeParser.close()])
    await watchDatabase.destroy()
    throw error
  })
  const report = startProcessReport({ ...runtime, deeds, activity: fleet.activity })
  const sweeper = startSweeper({ ...services, producer: queues, deadJobs: control.deadJobs })
  const watchdog =
    onStuck &&
    startWatchdog({
      config,
      clock,
      activity: fleet.activity,
      hasWork: (name) => queues.ask(name, (queue) => hasWork(queue, connections.getConnectionForProducers())),
      services: {
        Redis: async () => {
          await pingPrimary(connections.getConnectionForBullMQ())
          const fault = connections.unsuitable()
          if (fault) throw fault
        },
        'what a sweep needs': async () => {
          const failure = asStoreError(sweeper.failure())
          if (isAfterturnError(failure) && AWAY.includes(failure.code)) throw failure
        },
        'the store': () => sql`select 1`.execute(database),
      },
      onStuck,
    })

  /** What waits for a frozen store ends with its query. It is left behind, and nothing is lost. */
  const inTime = (stopping: Promise<void>) => {
    const isLate = () => new Error(`no end within ${config.drainTimeoutMs} ms`)
    return withinDeadline(stopping, config.drainTimeoutMs, isLate).catch((error: Error) =>
      log.warn({ error: error.message }, 'shutdown timed out waiting for the store'),
    )
  }
  return {
    fleet,
    async stop() {
      watchdog?.stop()
      await Promise.all([inTime(sweeper.stop()), fleet.drain(config.drainTimeoutMs)])
      report.stop()
      await codeParser.close()
      await inTime(control.stop().finally(() => watchDatabase.destroy()))
    },
  }
}
