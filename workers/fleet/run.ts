import { AfterturnError, type ErrorCode } from '../../shared/errors.ts'

/**
 * One run of a job in this process, and the one signal that stops it: its lock lost, its time up, cancelled, the kill switch, shutdown.
 * Guarantees: the first reason counts, and is an AfterturnError. Must not know what becomes of the job.
 */
export type Run = {
  readonly queue: string
  readonly jobId: string
  readonly signal: AbortSignal
  /** Why it was stopped; undefined while it may go on. */
  stopReason(): AfterturnError | undefined
  stop(reason: AfterturnError): void
  /** Waits for the handler, but after some stops only so long: its job has been decided on, and its place is needed. */
  untilEnded<T>(work: Promise<T>): Promise<T>
  /** It has ended: nothing stops it any more. */
  end(): void
}

/** How long handlers may take to obey the signal. */
export const ABORT_GRACE_MS = 2_000

/** A handler that does not obey these is given up. At shutdown it is not: its job would start elsewhere beside it. */
const GIVEN_UP_AFTER: readonly ErrorCode[] = ['LEASE_LOST', 'JOB_TIMEOUT', 'JOB_CANCELLED']

export type RunOptions = {
  readonly queue: string
  readonly jobId: string
  /** The time that the handler has; undefined means without end. */
  readonly timeoutMs: number | undefined
  /** Stops the run when it fires, with its reason. */
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
