import { readFileSync } from 'node:fs'
import {
  DelayedError,
  type Job,
  type Processor,
  RateLimitError,
  UnrecoverableError,
  WaitingChildrenError,
  WaitingError,
} from 'bullmq'
import type { Redis } from 'ioredis'
import { backoffMs, type RetryPolicy } from '../../queues/define-queue.ts'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { type Log, withFields } from '../../shared/observe/log.ts'
import { MAX_RETRY_AFTER_MS } from '../../shared/retry-after.ts'
import type { HaltedJobs } from '../control/halted-jobs.ts'
import type { FleetMember, FleetOptions } from './fleet-member.ts'
import type { FleetWorker } from './fleet-worker.ts'
import { createJobContext, delayJob, type JobRunner, orgOf, ownersOf } from './job-context.ts'
import type { JobLocks } from './job-locks.ts'
import type { Runs } from './runs.ts'

/**
 * Runs jobs: gives each run its lock and its signal, decides what BullMQ does with a stopped job, and translates a handler's errors for it: what is not
 * retryable is not retried, and an error with `retryAfterMs` delays the job by that time. Guarantees: a stop that is not the job's fault costs it no
 * attempt. Waits end, since after `FREE_WAITS` of them one costs an attempt, unless the rows of the turns limit them.
 */

/** The shortest wait of an error with `retryAfterMs`. */
const MIN_GIVEN_WAIT_MS = 1_000
/** How long a job waits, one to two times, before another worker may find that it reads the payload's version. */
const NEWER_PAYLOAD_WAIT_MS = 15_000
/** After this time no program that reads it is expected any more, and the job becomes a dead letter that can be replayed. */
const NEWER_PAYLOAD_MAX_MS = 7 * 86_400_000

/** Waits that cost no attempt; the next one does. With the longest waits, four attempts take 14 hours. */
export const FREE_WAITS = 20

const COUNT_WAIT = readFileSync(new URL('./count-wait.lua', import.meta.url), 'utf8')

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

/** Wraps a member of the fleet as work for a worker. */
export function createHandlerRunner(
  member: FleetMember,
  { clock, connection, progress }: Pick<FleetOptions, 'clock' | 'connection' | 'progress'>,
): JobRunner {
  return {
    queue: member.name,
    timeoutMs: member.timeoutMs,
    async run(job: Job, token, signal, log) {
      const version = member.newerVersionOf(job.data)
      if (version !== undefined && Date.now() - job.timestamp < NEWER_PAYLOAD_MAX_MS) {
        log.warn({ payloadVersion: version }, 'a job waits for a program that reads its payload')
        return waitForProgram(job, token, version)
      }
      try {
        return await member.run(job.data, createJobContext(job, token, { signal, clock, log, progress }))
      } catch (error) {
        // The error of a stopped handler says nothing about its job.
        if (signal.aborted || !(error instanceof AfterturnError)) throw error
        const waits = error.retryAfterMs !== undefined
        if (!error.retryable && !waits) throw new UnrecoverableError(`${error.code}: ${error.message}`)
        if (!waits || !(member.isBoundByRows || (await hasFreeWait(connection, job)))) throw error
        await job.updateProgress({ waitsFor: `${error.code}: ${error.message}` }).catch(() => {})
        return delayJob(job, token, boundedWaitMs(error.retryAfterMs as number, member.retry))
      }
    },
  }
}

/** A job of a newer program is not this one's to fail: it waits for a worker that reads it. Its key is free, so that it absorbs no wake-up of this program. */
async function waitForProgram(job: Job, token: string, version: number): Promise<never> {
  await job.updateProgress({ waitsFor: `a worker that reads payloads of version ${version}` }).catch(() => {})
  if (job.deduplicationId !== undefined) await job.removeDeduplicationKey()
  return delayJob(job, token, NEWER_PAYLOAD_WAIT_MS * (1 + Math.random()))
}

/** Computes the wait before the next attempt, in ms: by the contract, but at least what the provider asked for. */
export function retryDelayMs(retry: RetryPolicy, attemptsMade: number, error: Error | undefined): number {
  const askedMs = error instanceof AfterturnError ? (error.retryAfterMs ?? 0) : 0
  const ownMs = backoffMs(retry, attemptsMade, Math.random())
  return askedMs > 0 ? Math.max(ownMs, boundedWaitMs(askedMs, retry)) : ownMs
}

async function hasFreeWait(redis: Redis, job: Job): Promise<boolean> {
  const waits = await redis.eval(COUNT_WAIT, 1, `${job.queueQualifiedName}:${job.id}`, job.attemptsMade)
  return Number(waits) <= FREE_WAITS
}

/** Bounds the wait a provider asks for: without a minimum, calls would loop; with a year, the job would be lost. */
function boundedWaitMs(askedMs: number, { backoffBaseMs }: RetryPolicy): number {
  const floorMs = Math.min(backoffBaseMs, MIN_GIVEN_WAIT_MS)
  return Number.isFinite(askedMs) ? Math.min(Math.max(askedMs, floorMs), MAX_RETRY_AFTER_MS) : backoffBaseMs
}
