import { AfterturnError, type ErrorCode } from '../../shared/errors.ts'

/**
 * One run of a job in this process, with the one signal that stops it: on a lost lock, a timeout, a cancel, the kill switch or a shutdown.
 * Guarantees: the first reason wins, and is an AfterturnError. Must not decide what happens to the job.
 */
export type Run = {
  readonly queue: string
  readonly jobId: string
  readonly signal: AbortSignal
  /** Why the run was stopped; undefined while it may continue. */
  stopReason(): AfterturnError | undefined
  stop(reason: AfterturnError): void
  /** Waits for the handler, but after some stop reasons only for a grace period: the job's fate is settled and its slot is needed. */
  untilEnded<T>(work: Promise<T>): Promise<T>
  /** Marks the run as ended; nothing stops it afterwards. */
  end(): void
}

/** How long handlers may take to obey the signal. */
export const ABORT_GRACE_MS = 2_000

/** A handler that ignores one of these is abandoned. Not at shutdown: its job would start elsewhere while it still runs. */
const GIVEN_UP_AFTER: readonly ErrorCode[] = ['LEASE_LOST', 'JOB_TIMEOUT', 'JOB_CANCELLED']

export type RunOptions = {
  readonly queue: string
  readonly jobId: string
  /** Time limit of the handler; undefined: none. */
  readonly timeoutMs: number | undefined
  /** When it fires, it stops the run with its reason. */
  readonly stopSignal: AbortSignal | undefined
}

export function createRun({ queue, jobId, timeoutMs, stopSignal }: RunOptions): Run {
  const controller = new AbortController()
  const { signal } = controller
  let giveUp: (reason: AfterturnError) => void = () => {}
  let grace: NodeJS.Timeout | undefined
  const stop = (reason: AfterturnError) => {
    if (signal.aborted) return
    controller.abort(reason)
    if (GIVEN_UP_AFTER.includes(reason.code)) grace = setTimeout(() => giveUp(reason), ABORT_GRACE_MS)
  }
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(
          () => stop(new AfterturnError('JOB_TIMEOUT', `The job did not end within ${timeoutMs} ms.`)),
          timeoutMs,
        )
  const onStopSignal = () => stop(stopSignal?.reason as AfterturnError)
  if (stopSignal?.aborted) onStopSignal()
  else stopSignal?.addEventListener('abort', onStopSignal)

  return {
    queue,
    jobId,
    signal,
    stopReason: () => (signal.aborted ? (signal.reason as AfterturnError) : undefined),
    stop,
    untilEnded: (work) =>
      new Promise((resolve, reject) => {
        giveUp = reject
        work.then(resolve, reject)
      }),
    end() {
      clearTimeout(timer)
      clearTimeout(grace)
      stopSignal?.removeEventListener('abort', onStopSignal)
    },
  }
}
