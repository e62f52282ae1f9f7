import type { Redis } from 'ioredis'
import { readCancelled } from '../../shared/control/cancel-requests.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { Runs } from '../fleet/runs.ts'

/** Two polls and a round trip fit into the second in which a job must learn of its cancellation. */
const LOOK_INTERVAL_MS = 300

/** Stops the runs of this process whose cancellation was requested; polls Redis only while something runs. */
export function startCancelWatch(runs: Runs, redis: Redis, keyPrefix: string): { stop(): void } {
  let isLooking = false
  const timer = setInterval(async () => {
    const running = runs.all()
    // A frozen connection queues every request: one pending poll is enough.
    if (isLooking || running.length === 0) return
    isLooking = true
    const cancelled = await readCancelled(redis, keyPrefix, running).catch(() => [])
    for (const run of cancelled) run.stop(new AfterturnError('JOB_CANCELLED', 'Somebody cancelled the job.'))
    isLooking = false
  }, LOOK_INTERVAL_MS).unref()
  return { stop: () => clearInterval(timer) }
}
