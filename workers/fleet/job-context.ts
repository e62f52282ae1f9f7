import { DelayedError, type Job } from 'bullmq'
import type { Clock } from '../../shared/clock.ts'
import type { Progress } from '../../shared/events/progress.ts'
import type { Log } from '../../shared/observe/log.ts'

/** A handler's second argument, beside the payload. */
export type JobContext = {
  readonly jobId: string
  readonly queue: string
  /** The number of this attempt, from 1. */
  readonly attempt: number
  /** Whether a failure of this attempt ends the job. */
  readonly isLastAttempt: boolean
  /**
   * Fires when the job must stop; pass it to every model call and query. Its reason is an AfterturnError: LEASE_LOST, JOB_TIMEOUT,
   * JOB_CANCELLED, SHUTTING_DOWN or KILL_SWITCH_ON.
   */
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Adds the queue, the job's id and its org to each line. */
  readonly log: Log
  /** Reports the job's progress, with optional figures. Never fails, and does not wait for Redis once the job must stop. */
  progress(done: number, total: number, figures?: Readonly<Record<string, number>>): Promise<void>
  /** Returns the job to its queue until `time`, without costing an attempt. Always throws; let the error pass. */
  delayUntil(time: Date): Promise<never>
}

export type Handler<Payload> = (payload: Payload, context: JobContext) => Promise<unknown>

/** The work on each job of one queue. Its errors are those that BullMQ understands. */
export type JobRunner = {
  readonly queue: string
  readonly timeoutMs: number | undefined
  run(job: Job, token: string, signal: AbortSignal, log: Log): Promise<unknown>
}

/** Creates the context of one run of a job. */
export function createJobContext(
  job: Job,
  token: string,
  {
    progress,
    ...services
  }: Pick<JobContext, 'signal' | 'clock' | 'log'> & {
    readonly progress?: Pick<Progress, 'report'> | undefined
  },
): JobContext {
  return {
    jobId: job.id as string,
    queue: job.queueName,
    attempt: job.attemptsMade + 1,
    isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
    ...services,
    // Progress is only informative: a job must neither fail nor hang because it could not be reported.
    progress(done, total, figures) {
      const orgId = orgOf(job)
      const reported =
        orgId !== undefined && progress?.report({ orgId, taskId: job.id as string, done, total, figures })
      const told = Promise.all([job.updateProgress({ done, total, ...figures }), reported])
      return untilAborted(told, services.signal).catch(() => {})
    },
    delayUntil: (time) => delayJob(job, token, time.getTime() - services.clock.now().getTime()),
  }
}

/** Delays a running job without costing an attempt. Takes a span, not a time, because BullMQ uses the system's clock, not ours. */
export async function delayJob(job: Job, token: string, delayMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + Math.max(0, delayMs), token)
  throw new DelayedError()
}

async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>()
  const resolve = () => aborted.resolve()
  signal.addEventListener('abort', resolve)
  if (signal.aborted) resolve()
  await Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', resolve))
}

/** The org of a job; undefined if its payload names none. */
export function orgOf(job: Job): string | undefined {
  const orgId: unknown = (job.data as { orgId?: unknown } | null)?.orgId
  return typeof orgId === 'string' ? orgId : undefined
}

/** Whose a job is, as far as its payload says: the fields by which the log is searched. */
export function ownersOf(job: Job): { readonly orgId?: string; readonly workstreamId?: string } {
  const orgId = orgOf(job)
  const workstreamId: unknown = (job.data as { workstreamId?: unknown } | null)?.workstreamId
  return { ...(orgId !== undefined && { orgId }), ...(typeof workstreamId === 'string' && { workstreamId }) }
}
