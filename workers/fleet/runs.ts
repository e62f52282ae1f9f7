import type { AfterturnError } from '../../shared/errors.ts'
import { createRun, type Run, type RunOptions } from './run.ts'

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
