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

type RunOptions = {
  readonly queue: string
  readonly jobId: string
  /** Time limit of the handler; undefined: none. */
  readonly timeoutMs: number | undefined
  /** When it fires, it stops the run with its reason. */
  readonly stopSignal: AbortSignal | undefined
}

function createRun({ queue, jobId, timeoutMs, stopSignal }: RunOptions): Run {
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

/** The runs of this process, so that they can be stopped. Guarantees: a run that starts after `stopAll` is stopped at once. */
export type Runs = {
  start(options: RunOptions): Run
  end(run: Run): void
  all(): Run[]
  /** Counts the runs of one queue: running now, and started in total. */
  count(queue: string): { readonly running: number; readonly started: number }
  /** How long the longest of the running ones of a queue has been running, in ms; 0 without any. */
  oldestMs(queue: string): number
  stopAll(reason: AfterturnError): void
}

export function createRuns(): Runs {
  /** Each with the time of its start. */
  const running = new Map<Run, number>()
  const started = new Map<string, number>()
  let lastReason: AfterturnError | undefined
  return {
    start(options) {
      const run = createRun(options)
      running.set(run, performance.now())
      started.set(options.queue, (started.get(options.queue) ?? 0) + 1)
      if (lastReason) run.stop(lastReason)
      return run
    },
    end(run) {
      run.end()
      running.delete(run)
    },
    all: () => [...running.keys()],
    count: (queue) => ({
      running: [...running.keys()].filter((run) => run.queue === queue).length,
      started: started.get(queue) ?? 0,
    }),
    oldestMs(queue) {
      const starts = [...running].flatMap(([run, startedMs]) => (run.queue === queue ? [startedMs] : []))
      return starts.length === 0 ? 0 : Math.round(performance.now() - Math.min(...starts))
    },
    stopAll(reason) {
      lastReason = reason
      for (const run of running.keys()) run.stop(reason)
    },
  }
}
