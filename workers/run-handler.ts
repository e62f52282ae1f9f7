import { type Job, UnrecoverableError } from 'bullmq'
import type { RetryPolicy } from '../queues/define-queue.ts'
import type { Clock } from '../shared/clock.ts'
import { AfterturnError } from '../shared/errors.ts'
import type { FleetMember } from './fleet.ts'
import { createJobContext, delayJob } from './job-context.ts'
import type { Work } from './run-job.ts'

/**
 * Runs the handler of a contract, and translates what it throws for BullMQ: a failure that a repetition cannot mend is not repeated, and a
 * job that was told to wait waits.
 */

/** The least time that a job which was told to wait does wait. */
const MIN_GIVEN_WAIT_MS = 1_000
/** The most; after it the provider is asked again. */
const MAX_GIVEN_WAIT_MS = 600_000

/** A member of the fleet as work for a worker. */
export function workOf(member: FleetMember, clock: Clock): Work {
  return {
    queue: member.name,
    timeoutMs: member.timeoutMs,
    async run(job: Job, token, signal, log) {
      try {
        return await member.run(job.data, createJobContext(job, token, { signal, clock, log }))
      } catch (error) {
        // What a stopped handler throws says nothing of its job.
        if (signal.aborted || !(error instanceof AfterturnError)) throw error
        if (!error.retryable) throw new UnrecoverableError(`${error.code}: ${error.message}`)
        if (error.retryAfterMs !== undefined)
          return delayJob(job, token, boundedWaitMs(error.retryAfterMs, member.retry))
        throw error
      }
    },
  }
}

/** What a provider asks for is obeyed within bounds: none would be a loop of calls, a year would be a lost job. */
function boundedWaitMs(askedMs: number, { backoffBaseMs }: RetryPolicy): number {
  const floorMs = Math.min(backoffBaseMs, MIN_GIVEN_WAIT_MS)
  return Number.isFinite(askedMs) ? Math.min(Math.max(askedMs, floorMs), MAX_GIVEN_WAIT_MS) : backoffBaseMs
}
