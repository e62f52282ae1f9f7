import type { Redis } from 'ioredis'
import { readCancelled } from '../../shared/control/cancel-requests.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { Runs } from '../fleet/runs.ts'

/** Two looks and the way there and back fit into the second within which a job is told. */
const LOOK_INTERVAL_MS = 300

/** Stops the runs of this process that somebody asked to cancel; asks Redis only while something runs. */
export function startCancelWatch(runs: Runs, redis: Redis, keyPrefix: string): { stop(): void } {
  let isLooking = false
  const timer = setInterval(async () => {
    const running = runs.all()
    // A frozen connection keeps what is sent: one question is enough to wait for.
    if (isLooking || running.length === 0) return
    isLooking = true
    const cancelled = await readCancelled(redis, keyPrefix, running).catch(() => [])
    for (const run of cancelled) run.stop(new AfterturnError('JOB_CANCELLED', 'Somebody cancelled the job.'))
    isLooking = false
  }, LOOK_INTERVAL_MS).unref()
  return { stop: () => clearInterval(timer) }
}
