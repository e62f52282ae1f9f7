import type { AfterturnError } from '../shared/errors.ts'
import { createRun, type Run, type RunOptions } from './run.ts'

/** The runs of this process: whoever stops them finds them here. Guarantees: a run that starts after all were stopped is stopped at once. */
export type Runs = {
  start(options: RunOptions): Run
  end(run: Run): void
  all(): Run[]
  stopAll(reason: AfterturnError): void
}

export function createRuns(): Runs {
  const running = new Set<Run>()
  let lastReason: AfterturnError | undefined
  return {
    start(options) {
      const run = createRun(options)
      running.add(run)
      if (lastReason) run.stop(lastReason)
      return run
    },
    end(run) {
      run.end()
      running.delete(run)
    },
    all: () => [...running],
    stopAll(reason) {
      lastReason = reason
      for (const run of running) run.stop(reason)
    },
  }
}
