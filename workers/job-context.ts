import { DelayedError, type Job } from 'bullmq'
import type { Clock } from '../shared/clock.ts'
import type { Log } from '../shared/observe/log.ts'

/** What a handler is given beside its payload. */
export type JobContext = {
  readonly jobId: string
  readonly queue: string
  /** This try, from 1. */
  readonly attempt: number
  /** Whether a failure of this try ends the job. */
  readonly isLastAttempt: boolean
  /** Fires when the job must stop; every model call and query listens to it. */
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly log: Log
  /** Tells watchers how far the job is. */
  progress(done: number, total: number): Promise<void>
  /** Gives the job back until a later time, without costing an attempt. Never returns: throw nothing after it. */
  delayUntil(time: Date): Promise<never>
}

export type Handler<Payload> = (payload: Payload, context: JobContext) => Promise<unknown>

/** The context of one run of a job. */
export function createJobContext(
  job: Job,
  token: string | undefined,
  services: { readonly signal: AbortSignal; readonly clock: Clock; readonly log: Log },
): JobContext {
  return {
    jobId: job.id ?? '?',
    queue: job.queueName,
    attempt: job.attemptsMade + 1,
    isLastAttempt: job.attemptsMade + 1 >= (job.opts.attempts ?? 1),
    ...services,
    // Progress is for watchers: a job does not fail because nobody could be told.
    progress: (done, total) => job.updateProgress({ done, total }).catch(() => {}),
    async delayUntil(time) {
      // BullMQ keeps the system's time: the span counts, whatever our clock says.
      const delayMs = Math.max(0, time.getTime() - services.clock.now().getTime())
      await job.moveToDelayed(Date.now() + delayMs, token)
      throw new DelayedError()
    },
  }
}
