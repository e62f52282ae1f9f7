import type { Job, Processor, Worker } from 'bullmq'
import { type AnyQueueContract, DEFAULT_RETRY } from '../../queues/define-queue.ts'
import { checkSlotPolicy, type SlotPolicy } from '../../queues/slot-policy.ts'
import { announcePresence } from '../../queues/state/fleet-presence.ts'
import { withdrawCancel } from '../../shared/control/cancel-requests.ts'
import { withinDeadline } from '../../shared/deadline.ts'
import { describeValue } from '../../shared/describe-value.ts'
import { AfterturnError, ERROR_CATALOGUE, isAfterturnError } from '../../shared/errors.ts'
import type { Metrics } from '../../shared/observe/metrics.ts'
import { workerName } from '../../shared/redis/connection-catalogue.ts'
import { hostQueuesKey } from '../../shared/redis/keys.ts'
import { startCancelWatch } from '../control/cancel-watch.ts'
import { createSlotLine } from '../slots/slot-line.ts'
import { type SlottedJob, slotsOf, withSlots } from '../slots/slots.ts'
import { type DrainedWorker, drainWorkers } from './drain.ts'
import type { FleetMember, FleetOptions } from './fleet-member.ts'
import { FleetWorker } from './fleet-worker.ts'
import { type JobRunner, ownersOf } from './job-context.ts'
import { createJobLocks } from './job-locks.ts'
import type { QueueDeedsLog } from './queue-deeds.ts'
import { createHandlerRunner, processorOf, retryDelayMs } from './run-job.ts'
import { createRuns, type Runs } from './runs.ts'

/**
 * Runs contracts and handlers as BullMQ workers. Guarantees: all of them start or none; a drain lets jobs finish until its deadline and then
 * gives them back without costing an attempt.
 */

const LEAVE_TIMEOUT_MS = 1_000

/** How often a job that lost its worker may be taken over; forced closes must not exhaust a job that had attempts left. */
const MAX_STALLED_COUNT = 5

/** After what Redis refused, as a replica or a cluster without its slot does. */
const RETRY_DELAY_MS = 1_000

/** A raw BullMQ worker of the host. The third parameter of its processor is the signal that stops the job. */
export type ExtraWorker = {
  readonly queue: string
  readonly concurrency: number
  readonly processor: Processor
  /** Time limit of one run, in ms. @default none */
  readonly timeoutMs?: number
  /** The queue's contract, if it has one; jobs that fail for good then become dead letters. */
  readonly contract?: AnyQueueContract
  /** How many jobs of one key run at once across all processes; the key comes from the job. @default the contract's */
  readonly slots?: SlotPolicy<SlottedJob>
}

/** The state of one worker of a fleet: running jobs, jobs started since it began, and whether this process has paused it. */
export type QueueActivity = {
  readonly queue: string
  readonly concurrency: number
  readonly running: number
  readonly started: number
  /** How long its longest job has been running, in ms; 0 without one. */
  readonly oldestRunMs: number
  readonly isPaused: boolean
}

export type Fleet = {
  readonly queues: readonly string[]
  activity(): readonly QueueActivity[]
  /** Stops fetching, waits for running jobs until the deadline, then aborts them and gives them back. */
  drain(timeoutMs: number): Promise<void>
}

/**
 * Starts a worker for each member and each extra worker; they run until `drain`.
 * @throws CONFIG_INVALID for an invalid concurrency or slot limit, before anything has started.
 */
export async function startFleet(
  members: readonly FleetMember[],
  extraWorkers: readonly ExtraWorker[],
  options: FleetOptions,
): Promise<Fleet> {
  const extras = extraWorkers.map((extra) => ({
    ...extra,
    retry: extra.contract?.retry ?? DEFAULT_RETRY,
    slots: extra.slots ?? (extra.contract && slotsOf(extra.contract)),
  }))
  for (const { concurrency, slots } of [...members, ...extras]) {
    checkConcurrency(concurrency)
    if (slots) checkSlotPolicy(slots)
  }
  const runs = createRuns()
  const cancelWatch = startCancelWatch(runs, options.connection, options.keyPrefix)
  const workers: DrainedWorker[] = []
  const drain = (timeoutMs: number) =>
    drainWorkers(workers, runs, timeoutMs, options.log).finally(() => cancelWatch.stop())
  try {
    for (const member of members) workers.push(openWorker(createHandlerRunner(member, options), member, runs, options))
    for (const extra of extras) workers.push(openWorker(createExtraRunner(extra), extra, runs, options))
    // Hosts may enqueue with BullMQ's own queues, and erasing must find those jobs.
    if (extras.length > 0) {
      const names = extras.map(({ queue }) => queue)
      options.connection.sadd(hostQueuesKey(options.keyPrefix), ...names).catch(() => {})
    }
  } catch (error) {
    await drain(0)
    throw error
  }
  const presence = announcePresence(
    options.connection,
    options.keyPrefix,
    workers.map(({ worker }) => ({ queue: worker.name, concurrency: worker.concurrency })),
  )
  // A Redis that is silent keeps no process: what was announced ends by itself.
  const leaveInTime = () => withinDeadline(presence.stop(), LEAVE_TIMEOUT_MS, () => new Error('late')).catch(() => {})
  let draining: Promise<void> | undefined
  return {
    queues: workers.map(({ worker }) => worker.name),
    activity: () =>
      workers.map(({ worker }) => ({
        queue: worker.name,
        concurrency: worker.concurrency,
        ...runs.count(worker.name),
        oldestRunMs: runs.oldestMs(worker.name),
        isPaused: worker.isPaused(),
      })),
    drain(timeoutMs) {
      draining ??= Promise.all([drain(timeoutMs), leaveInTime()]).then(() => undefined)
      return draining
    },
  }
}

/** BullMQ would refuse it too, but leaves the connection open that it has made by then. */
function checkConcurrency(concurrency: number): void {
  if (Number.isSafeInteger(concurrency) && concurrency >= 1) return
  throw new AfterturnError(
    'CONFIG_INVALID',
    `Expected a concurrency of 1 or more, got ${describeValue(concurrency)}.`,
    {
      remedy: 'Correct the `concurrency` of the worker.',
    },
  )
}

/** Wraps a host's processor as work: unless it was stopped, BullMQ handles what it throws. */
function createExtraRunner({
  queue,
  processor,
  timeoutMs,
}: Pick<ExtraWorker, 'queue' | 'processor' | 'timeoutMs'>): JobRunner {
  return { queue, timeoutMs, run: (job, token, signal) => processor(job, token, signal) }
}

/** Starts the worker of one queue, with its locks, slots, metrics and log messages. */
function openWorker(
  work: JobRunner,
  { concurrency, retry, slots }: Pick<FleetMember, 'concurrency' | 'retry' | 'slots'>,
  runs: Runs,
  options: FleetOptions,
): DrainedWorker {
  const { queue } = work
  const { connection: redis, keyPrefix, log, jobLockMs, control } = options
  const worker = new FleetWorker(queue, (job, token) => runJob(job, token), {
    connection: redis,
    prefix: keyPrefix,
    concurrency,
    ...(options.processName !== undefined && { name: workerName(options.processName) }),
    maxStalledCount: MAX_STALLED_COUNT,
    lockDuration: jobLockMs,
    stalledInterval: jobLockMs,
    skipLockRenewal: true,
    runRetryDelay: RETRY_DELAY_MS,
    autorun: false,
    settings: { backoffStrategy: (attemptsMade, _type, error) => retryDelayMs(retry, attemptsMade, error) },
    ...(options.telemetry && { telemetry: options.telemetry }),
  })
  const extend = worker.extendJobLocks.bind(worker)
  const locks = createJobLocks({ lockMs: jobLockMs, extend })
  const slotted = slots ? withSlots(work, slots, createSlotLine({ redis, keyPrefix, queue, jobLockMs })) : work
  const runJob = processorOf(slotted, { worker, locks, runs, log, haltedJobs: control?.haltedJobs })
  if (options.metrics) measureWorker(worker, options.metrics, options.deeds)
  // Both connections report each failed reconnection: log the first, until a job runs again.
  let lastError: string | undefined
  worker.on('active', () => {
    lastError = undefined
  })
  worker.on('error', (error) => {
    if (error.message !== lastError) log.warn({ queue, error: error.message }, 'a worker lost Redis')
    lastError = error.message
  })
  worker.on('completed', (job) => {
    const ms = (job.finishedOn ?? 0) - (job.processedOn ?? job.finishedOn ?? 0)
    log.debug({ queue, ...describeJob(job), ms }, 'a job is done')
  })
  worker.on('failed', (job, error) => {
    const { message } = error
    log.warn({ queue, ...describeJob(job), ...codeOf(error), error: message }, 'a job failed')
    // The cancelled job has ended: a manual retry must not be cancelled again.
    if (job?.id && message.startsWith('JOB_CANCELLED'))
      withdrawCancel(redis, keyPrefix, { queue, jobId: job.id }).catch(() => {})
  })
  control?.haltedJobs.attachTo(worker)
  control?.deadJobs.attachTo(worker)
  worker.run().catch((error: Error) => log.error({ queue, error: error.message }, 'a worker ended'))
  return { worker, locks }
}

/** The fields by which a job can be found again in the log. */
function describeJob(job: Job | undefined): object {
  return { jobId: job?.id, attempt: job?.attemptsMade, ...(job && ownersOf(job)) }
}

/** The error's catalogue code; an error that must not be retried has it in its message only. */
function codeOf(error: Error): { readonly code?: string } {
  if (isAfterturnError(error)) return { code: error.code }
  const head = error.message.slice(0, error.message.indexOf(':'))
  return Object.hasOwn(ERROR_CATALOGUE, head) ? { code: head } : {}
}

/** Records metrics of a BullMQ worker from its events, and what the console's history is made of. */
function measureWorker(worker: Worker, metrics: Metrics, deeds?: Pick<QueueDeedsLog, 'noteStart' | 'noteEnd'>): void {
  const queue = worker.name
  const ended = (outcome: 'completed' | 'failed' | 'retried', { processedOn }: Job) => {
    deeds?.noteEnd(queue, outcome)
    metrics.count('afterturn_jobs_ended_total', { queue, outcome })
    // BullMQ records the start only; the end is now.
    if (processedOn) metrics.observe('afterturn_job_run_seconds', { queue }, (Date.now() - processedOn) / 1_000)
  }
  worker.on('active', (job) => {
    // A later start waited for its delay or its retry, not for a worker.
    if (job.attemptsStarted > 1 || !job.processedOn) return deeds?.noteStart(queue, undefined)
    const dueAtMs = job.timestamp + (job.opts.delay ?? 0)
    deeds?.noteStart(queue, job.processedOn - dueAtMs)
    metrics.observe('afterturn_job_start_latency_seconds', { queue }, (job.processedOn - dueAtMs) / 1_000)
  })
  worker.on('completed', (job) => ended('completed', job))
  worker.on('failed', (job) => job && ended(job.finishedOn ? 'failed' : 'retried', job))
  worker.on('stalled', () => metrics.count('afterturn_jobs_stalled_total', { queue }))
}
