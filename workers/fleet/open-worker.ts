import type { Job } from 'bullmq'
import { withdrawCancel } from '../../shared/control/cancel-requests.ts'
import { ERROR_CATALOGUE, isAfterturnError } from '../../shared/errors.ts'
import { workerName } from '../../shared/redis/connection-catalogue.ts'
import { createSlotLine } from '../slots/slot-line.ts'
import { withSlots } from '../slots/slots.ts'
import type { DrainedWorker } from './drain.ts'
import type { FleetMember } from './fleet-member.ts'
import type { FleetOptions } from './fleet-options.ts'
import { FleetWorker } from './fleet-worker.ts'
import { createJobLocks } from './job-locks.ts'
import { retryDelayMs } from './run-handler.ts'
import { processorOf, type Work } from './run-job.ts'
import type { Runs } from './runs.ts'
import { measureWorker } from './worker-metrics.ts'

/** A job that lost its worker may be taken up this often; forced closes must not use up a job that had tries left. */
const MAX_STALLED_COUNT = 5

/** Starts the worker of one queue: its locks, its signal, its slots, what it measures and what it tells the log. */
export function openWorker(
  work: Work,
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
    autorun: false,
    settings: { backoffStrategy: (attemptsMade, _type, error) => retryDelayMs(retry, attemptsMade, error) },
    ...(options.telemetry && { telemetry: options.telemetry }),
  })
  const extend = worker.extendJobLocks.bind(worker)
  const locks = createJobLocks({ lockMs: jobLockMs, extend })
  const slotted = slots ? withSlots(work, slots, createSlotLine({ redis, keyPrefix, queue, jobLockMs })) : work
  const runJob = processorOf(slotted, { worker, locks, runs, log, haltedJobs: control?.haltedJobs })
  if (options.metrics) measureWorker(worker, options.metrics)
  // Two connections tell each try to connect again: once is enough, until it works again.
  let lastError: string | undefined
  worker.on('active', () => {
    lastError = undefined
  })
  worker.on('error', (error) => {
    if (error.message !== lastError) log.warn({ queue, error: error.message }, 'a worker lost Redis')
    lastError = error.message
  })
  worker.on('failed', (job, error) => {
    const { message } = error
    log.warn({ queue, ...describeJob(job), ...codeOf(error), error: message }, 'a job failed')
    // Now that it has ended, a retry by hand must not be cancelled again.
    if (job?.id && message.startsWith('JOB_CANCELLED'))
      withdrawCancel(redis, keyPrefix, { queue, jobId: job.id }).catch(() => {})
  })
  control?.haltedJobs.attachTo(worker)
  control?.deadJobs.attachTo(worker)
  worker.run().catch((error: Error) => log.error({ queue, error: error.message }, 'a worker ended'))
  return { worker, locks }
}

/** What finds a job again: its id, and whose work it was. */
function describeJob(job: Job | undefined): object {
  const { orgId, workstreamId } = (job?.data ?? {}) as { readonly orgId?: unknown; readonly workstreamId?: unknown }
  return {
    jobId: job?.id,
    attempt: job?.attemptsMade,
    ...(typeof orgId === 'string' && { orgId }),
    ...(typeof workstreamId === 'string' && { workstreamId }),
  }
}

/** The code of the catalogue; what is not to be repeated carries it in its message only. */
function codeOf(error: Error): { readonly code?: string } {
  if (isAfterturnError(error)) return { code: error.code }
  const head = error.message.slice(0, error.message.indexOf(':'))
  return Object.hasOwn(ERROR_CATALOGUE, head) ? { code: head } : {}
}
