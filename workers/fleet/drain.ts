import { withinDeadline } from '../../shared/deadline.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { FleetWorker } from './fleet-worker.ts'
import type { JobLocks } from './job-locks.ts'
import type { Runs } from './runs.ts'
import { ABORT_GRACE_MS } from './runs.ts'

/** How long Redis may take to close the workers once nothing runs. If it is only slow, waiting spares ended jobs a second run. */
const REDIS_PATIENCE_MS = 3_000
const LOOK_INTERVAL_MS = 100

export type DrainedWorker = { readonly worker: FleetWorker; readonly locks: JobLocks }

/**
 * Ends workers: they stop fetching, and running jobs have until the deadline; then they are stopped and given back. Guarantees: the drain
 * ends at most `ABORT_GRACE_MS` after the deadline, whatever handlers and Redis do, and soon if nothing runs. A job that is still running
 * then loses its lock, and another worker takes it over.
 */
export async function drainWorkers(
  workers: readonly DrainedWorker[],
  runs: Runs,
  timeoutMs: number,
  log: Log,
): Promise<void> {
  const stopping = new AfterturnError(
    'SHUTTING_DOWN',
    `The process is stopping, and the job did not end within ${timeoutMs} ms.`,
  )
  const deadline = setTimeout(() => runs.stopAll(stopping), timeoutMs)
  // BullMQ's forced close does not help: on a closing worker it waits for the same jobs. A remaining worker closes when its handler ends.
  const closed = Promise.all(workers.map(({ worker }) => worker.close()))
  const idle = Promise.withResolvers<never>()
  let ranAtMs = performance.now()
  const look = setInterval(() => {
    const nowMs = performance.now()
    if (runs.all().length > 0) ranAtMs = nowMs
    else if (nowMs - ranAtMs > REDIS_PATIENCE_MS)
      idle.reject(new Error('no job is running, and Redis is not responding'))
  }, LOOK_INTERVAL_MS)
  await withinDeadline(Promise.race([closed, idle.promise]), timeoutMs + ABORT_GRACE_MS, () => stopping).catch(
    (error: Error) =>
      log.warn({ error: error.message }, 'drain timed out; other workers take over when the locks expire'),
  )
  clearInterval(look)
  clearTimeout(deadline)
  for (const { locks } of workers) locks.stop()
}
