import {
  DelayedError,
  type Job,
  type Processor,
  RateLimitError,
  UnrecoverableError,
  WaitingChildrenError,
  WaitingError,
} from 'bullmq'
import { type AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { type Log, withFields } from '../../shared/observe/log.ts'
import type { HaltedJobs } from '../control/halted-jobs.ts'
import type { FleetWorker } from './fleet-worker.ts'
import { orgOf, ownersOf } from './job-context.ts'
import type { JobLocks } from './job-locks.ts'
import type { Runs } from './runs.ts'

/**
 * Runs jobs: gives each run its lock and its signal, and decides what BullMQ does with a stopped job. Guarantees: a stop that is not the job's
 * fault costs it no attempt.
 */

/** The work on each job of one queue. Its errors are those that BullMQ understands. */
export type JobRunner = {
  readonly queue: string
  readonly timeoutMs: number | undefined
  run(job: Job, token: string, signal: AbortSignal, log: Log): Promise<unknown>
}

type RunJobServices = {
  readonly worker: Pick<FleetWorker, 'lockedAtMs'>
  readonly locks: JobLocks
  readonly runs: Runs
  readonly log: Log
  readonly haltedJobs: HaltedJobs | undefined
}

/** Creates the processor that BullMQ calls. */
export function processorOf(work: JobRunner, { worker, locks, runs, log, haltedJobs }: RunJobServices): Processor {
  return async (job: Job, token = '') => {
    const { queue, timeoutMs } = work
    const [jobId, orgId] = [job.id as string, orgOf(job)]
    const guard = haltedJobs?.guard({ orgId, queue })
    const run = runs.start({ queue, jobId, timeoutMs, stopSignal: guard?.signal })
    const lock = await locks.hold(jobId, token, worker.lockedAtMs(job), run.stop)
    const jobLog = withFields(log, { queue, jobId, ...ownersOf(job) })
    try {
      run.signal.throwIfAborted()
      return await run.untilEnded(work.run(job, token, run.signal, jobLog))
    } catch (error) {
      // A commit reads the kill switch itself, and may see it before the watch does.
      const reason = run.stopReason() ?? (isAfterturnError(error, 'KILL_SWITCH_ON') ? error : undefined)
      if (!reason || isMoved(error)) throw error
      jobLog.warn({ code: reason.code, reason: reason.message }, 'a job was stopped')
      return await settleStopped(job, token, reason, jobLog, haltedJobs)
    } finally {
      lock.release()
      guard?.release()
      runs.end(run)
    }
  }
}

/** Whether an error is BullMQ's signal that the job has been moved already. */
function isMoved(error: unknown): boolean {
  return (
    error instanceof DelayedError ||
    error instanceof WaitingError ||
    error instanceof WaitingChildrenError ||
    error instanceof RateLimitError
  )
}

async function settleStopped(
  job: Job,
  token: string,
  reason: AfterturnError,
  log: Log,
  haltedJobs: HaltedJobs | undefined,
): Promise<never> {
  switch (reason.code) {
    case 'JOB_TIMEOUT':
      throw reason
    case 'JOB_CANCELLED':
      throw new UnrecoverableError(`${reason.code}: ${reason.message}`)
    case 'LEASE_LOST':
    case 'SHUTTING_DOWN':
      // To the front: the job has waited already. If we no longer hold its lock, BullMQ refuses, and its new holder keeps it.
      await job
        .moveToWait(token)
        .catch((error: Error) =>
          log.debug({ error: error.message }, 'could not give the job back: its lock is not ours'),
        )
      throw new WaitingError()
    case 'KILL_SWITCH_ON':
      if (haltedJobs) return haltedJobs.giveBack(job, token)
  }
  throw reason
}
