import { withinDeadline } from '../../shared/deadline.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { FleetWorker } from './fleet-worker.ts'
import type { JobLocks } from './job-locks.ts'
import { ABORT_GRACE_MS } from './run.ts'
import type { Runs } from './runs.ts'

/** How long Redis may take to let the workers go once nothing runs. It may be away; or only slow, and then ended jobs need not run again. */
const REDIS_PATIENCE_MS = 3_000
const LOOK_INTERVAL_MS = 100

export type DrainedWorker = { readonly worker: FleetWorker; readonly locks: JobLocks }

/**
 * Ends workers: they fetch nothing more, running jobs have until the deadline, then they are stopped and given back. Guarantees: it ends
 * `ABORT_GRACE_MS` after the deadline at the latest, whatever handlers and Redis do, and soon where nothing runs; what still runs then loses
 * its lock and is taken up elsewhere.
 */
export async function drainWorkers(
  workers: readonly DrainedWorker[],
  runs: Runs,
  timeoutMs: number,
  log: Log,
): Promise<void> {
  const stopping = new AfterturnError(
    'SHUTTING_DOWN',
    `The process stops, and the job did not end within ${timeoutMs} ms.`,
  )
  const deadline = setTimeout(() => runs.stopAll(stopping), timeoutMs)
  // BullMQ's forced close is no help: on a worker that is closing it waits for the same jobs. What is left closes when its handler ends.
  const closed = Promise.all(workers.map(({ worker }) => worker.close()))
  const idle = Promise.withResolvers<never>()
  let ranAtMs = performance.now()
  const look = setInterval(() => {
    const nowMs = performance.now()
    if (runs.all().length > 0) ranAtMs = nowMs
    else if (nowMs - ranAtMs > REDIS_PATIENCE_MS) idle.reject(new Error('nothing runs, and Redis does not answer'))
  }, LOOK_INTERVAL_MS)
  await withinDeadline(Promise.race([closed, idle.promise]), timeoutMs + ABORT_GRACE_MS, () => stopping).catch(
    (error: Error) =>
      log.warn({ error: error.message }, 'drain timed out; other workers take over when the locks expire'),
  )
  clearInterval(look)
  clearTimeout(deadline)
  for (const { locks } of workers) locks.stop()
}
