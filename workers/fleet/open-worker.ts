import type { Job, Worker } from 'bullmq'
import { withdrawCancel } from '../../shared/control/cancel-requests.ts'
import { ERROR_CATALOGUE, isAfterturnError } from '../../shared/errors.ts'
import type { Metrics } from '../../shared/observe/metrics.ts'
import { workerName } from '../../shared/redis/connection-catalogue.ts'
import { createSlotLine } from '../slots/slot-line.ts'
import { withSlots } from '../slots/slots.ts'
import type { DrainedWorker } from './drain.ts'
import type { FleetMember, FleetOptions } from './fleet-member.ts'
import { FleetWorker } from './fleet-worker.ts'
import { ownersOf } from './job-context.ts'
import { createJobLocks } from './job-locks.ts'
import type { QueueDeedsLog } from './queue-deeds.ts'
import { retryDelayMs } from './run-handler.ts'
import { type JobRunner, processorOf } from './run-job.ts'
import type { Runs } from './runs.ts'

/** How often a job that lost its worker may be taken over; forced closes must not exhaust a job that had attempts left. */
const MAX_STALLED_COUNT = 5

/** After what Redis refused, as a replica or a cluster without its slot does. */
const RETRY_DELAY_MS = 1_000

/** Starts the worker of one queue, with its locks, slots, metrics and log messages. */
export function openWorker(
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
