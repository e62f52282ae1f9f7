import { DelayedError, type Job } from 'bullmq'
import type { Clock } from '../../shared/clock.ts'
import type { Log } from '../../shared/observe/log.ts'

/** What a handler is given beside its payload. */
export type JobContext = {
  readonly jobId: string
  readonly queue: string
  /** This try, from 1. */
  readonly attempt: number
  /** Whether a failure of this try ends the job. */
  readonly isLastAttempt: boolean
  /**
   * Fires when the job must stop; every model call and query listens to it. Its reason is an AfterturnError: LEASE_LOST, JOB_TIMEOUT,
   * JOB_CANCELLED, SHUTTING_DOWN, or the kill switch's.
   */
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Its lines carry the queue, the job's id and its org. */
  readonly log: Log
  /** Tells watchers how far the job is, with figures of its own. Never fails, and does not wait for Redis once the job must stop. */
  progress(done: number, total: number, figures?: Readonly<Record<string, number>>): Promise<void>
  /** Gives the job back until a later time, without costing an attempt. Never returns: throw nothing after it. */
  delayUntil(time: Date): Promise<never>
}

export type Handler<Payload> = (payload: Payload, context: JobContext) => Promise<unknown>

/** The context of one run of a job. */
export function createJobContext(
  job: Job,
  token: string,
  services: { readonly signal: AbortSignal; readonly clock: Clock; readonly log: Log },
): JobContext {
  return {
    jobId: job.id as string,
    queue: job.queueName,
    attempt: job.attemptsMade + 1,
    isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
    ...services,
    // Progress is for watchers: a job neither fails nor hangs because nobody could be told.
    progress: (done, total, figures) =>
      untilAborted(job.updateProgress({ done, total, ...figures }), services.signal).catch(() => {}),
    delayUntil: (time) => delayJob(job, token, time.getTime() - services.clock.now().getTime()),
  }
}

/** Puts a running job off without costing an attempt. BullMQ keeps the system's time, so a span is given, whatever our clock says. */
export async function delayJob(job: Job, token: string, delayMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + Math.max(0, delayMs), token)
  throw new DelayedError()
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<void>()
  const resolve = () => aborted.resolve()
  signal.addEventListener('abort', resolve)
  if (signal.aborted) resolve()
  await Promise.race([work, aborted.promise]).finally(() => signal.removeEventListener('abort', resolve))
}

/** The org whose job it is; undefined when its payload names none. */
export function orgOf(job: Job): string | undefined {
  const orgId: unknown = (job.data as { orgId?: unknown } | null)?.orgId
  return typeof orgId === 'string' ? orgId : undefined
}
