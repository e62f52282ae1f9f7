import { withinDeadline } from '../shared/deadline.ts'
import { AfterturnError } from '../shared/errors.ts'
import type { Log } from '../shared/observe/log.ts'
import type { FleetWorker } from './fleet-worker.ts'
import type { JobLocks } from './job-locks.ts'
import { ABORT_GRACE_MS } from './run.ts'
import type { Runs } from './runs.ts'

export type DrainedWorker = { readonly worker: FleetWorker; readonly locks: JobLocks }

/**
 * Ends workers: they fetch nothing more, running jobs have until the deadline, then they are stopped and given back. Guarantees: it ends
 * `ABORT_GRACE_MS` after the deadline at the latest, whatever handlers and Redis do; what still runs then loses its lock and is taken up elsewhere.
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
  await withinDeadline(closed, timeoutMs + ABORT_GRACE_MS, () => stopping).catch((error: Error) =>
    log.warn({ error: error.message }, 'a job does not obey; once its lock has ended another worker takes it up'),
  )
  clearTimeout(deadline)
  for (const { locks } of workers) locks.stop()
}
