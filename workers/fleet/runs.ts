import type { AfterturnError } from '../../shared/errors.ts'
import { createRun, type Run, type RunOptions } from './run.ts'

/** The runs of this process, so that they can be stopped. Guarantees: a run that starts after `stopAll` is stopped at once. */
export type Runs = {
  start(options: RunOptions): Run
  end(run: Run): void
  all(): Run[]
  /** Counts the runs of one queue: running now, and started in total. */
  count(queue: string): { readonly running: number; readonly started: number }
  stopAll(reason: AfterturnError): void
}

export function createRuns(): Runs {
  const running = new Set<Run>()
  const started = new Map<string, number>()
  let lastReason: AfterturnError | undefined
  return {
    start(options) {
      const run = createRun(options)
      running.add(run)
      started.set(options.queue, (started.get(options.queue) ?? 0) + 1)
      if (lastReason) run.stop(lastReason)
      return run
    },
    end(run) {
      run.end()
      running.delete(run)
    },
    all: () => [...running],
    count: (queue) => ({
      running: [...running].filter((run) => run.queue === queue).length,
      started: started.get(queue) ?? 0,
    }),
    stopAll(reason) {
      lastReason = reason
      for (const run of running) run.stop(reason)
    },
  }
}
