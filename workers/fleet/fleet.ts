import type { Processor } from 'bullmq'
import { type AnyQueueContract, DEFAULT_RETRY } from '../../queues/define-queue.ts'
import { checkSlotPolicy, type SlotPolicy } from '../../queues/slot-policy.ts'
import { announcePresence } from '../../queues/state/fleet-presence.ts'
import { withinDeadline } from '../../shared/deadline.ts'
import { describeValue } from '../../shared/describe-value.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { hostQueuesKey } from '../../shared/redis/keys.ts'
import { startCancelWatch } from '../control/cancel-watch.ts'
import { type SlottedJob, slotsOf } from '../slots/slots.ts'
import { type DrainedWorker, drainWorkers } from './drain.ts'
import type { FleetMember, FleetOptions } from './fleet-member.ts'
import { openWorker } from './open-worker.ts'
import { createHandlerRunner } from './run-handler.ts'
import type { JobRunner } from './run-job.ts'
import { createRuns } from './runs.ts'

const LEAVE_TIMEOUT_MS = 1_000

/**
 * Runs contracts and handlers as BullMQ workers. Guarantees: all of them start or none; a drain lets jobs finish until its deadline and then
 * gives them back without costing an attempt.
 */

/** A raw BullMQ worker of the host. The third parameter of its processor is the signal that stops the job. */
export type ExtraWorker = {
  readonly queue: string
  readonly concurrency: number
  readonly processor: Processor
  /** Time limit of one run, in ms. @default none */
  readonly timeoutMs?: number
  /** The queue's contract, if it has one; jobs that fail for good then become dead letters. */
  readonly contract?: AnyQueueContract
  /** How many jobs of one key run at once across all processes; the key comes from the job. @default the contract's */
  readonly slots?: SlotPolicy<SlottedJob>
}

/** The state of one worker of a fleet: running jobs, jobs started since it began, and whether this process has paused it. */
export type QueueActivity = {
  readonly queue: string
  readonly concurrency: number
  readonly running: number
  readonly started: number
  /** How long its longest job has been running, in ms; 0 without one. */
  readonly oldestRunMs: number
  readonly isPaused: boolean
}

export type Fleet = {
  readonly queues: readonly string[]
  activity(): readonly QueueActivity[]
  /** Stops fetching, waits for running jobs until the deadline, then aborts them and gives them back. */
  drain(timeoutMs: number): Promise<void>
}

/**
 * Starts a worker for each member and each extra worker; they run until `drain`.
 * @throws CONFIG_INVALID for an invalid concurrency or slot limit, before anything has started.
 */
export async function startFleet(
  members: readonly FleetMember[],
  extraWorkers: readonly ExtraWorker[],
  options: FleetOptions,
): Promise<Fleet> {
  const extras = extraWorkers.map((extra) => ({
    ...extra,
    retry: extra.contract?.retry ?? DEFAULT_RETRY,
    slots: extra.slots ?? (extra.contract && slotsOf(extra.contract)),
  }))
  for (const { concurrency, slots } of [...members, ...extras]) {
    checkConcurrency(concurrency)
    if (slots) checkSlotPolicy(slots)
  }
  const runs = createRuns()
  const cancelWatch = startCancelWatch(runs, options.connection, options.keyPrefix)
  const workers: DrainedWorker[] = []
  const drain = (timeoutMs: number) =>
    drainWorkers(workers, runs, timeoutMs, options.log).finally(() => cancelWatch.stop())
  try {
    for (const member of members) workers.push(openWorker(createHandlerRunner(member, options), member, runs, options))
    for (const extra of extras) workers.push(openWorker(createExtraRunner(extra), extra, runs, options))
    // Hosts may enqueue with BullMQ's own queues, and erasing must find those jobs.
    if (extras.length > 0) {
      const names = extras.map(({ queue }) => queue)
      options.connection.sadd(hostQueuesKey(options.keyPrefix), ...names).catch(() => {})
    }
  } catch (error) {
    await drain(0)
    throw error
  }
  const presence = announcePresence(
    options.connection,
    options.keyPrefix,
    workers.map(({ worker }) => ({ queue: worker.name, concurrency: worker.concurrency })),
  )
  // A Redis that is silent keeps no process: what was announced ends by itself.
  const leaveInTime = () => withinDeadline(presence.stop(), LEAVE_TIMEOUT_MS, () => new Error('late')).catch(() => {})
  let draining: Promise<void> | undefined
  return {
    queues: workers.map(({ worker }) => worker.name),
    activity: () =>
      workers.map(({ worker }) => ({
        queue: worker.name,
        concurrency: worker.concurrency,
        ...runs.count(worker.name),
        oldestRunMs: runs.oldestMs(worker.name),
        isPaused: worker.isPaused(),
      })),
    drain(timeoutMs) {
      draining ??= Promise.all([drain(timeoutMs), leaveInTime()]).then(() => undefined)
      return draining
    },
  }
}

/** BullMQ would refuse it too, but leaves the connection open that it has made by then. */
function checkConcurrency(concurrency: number): void {
  if (Number.isSafeInteger(concurrency) && concurrency >= 1) return
  throw new AfterturnError(
    'CONFIG_INVALID',
    `Expected a concurrency of 1 or more, got ${describeValue(concurrency)}.`,
    {
      remedy: 'Correct the `concurrency` of the worker.',
    },
  )
}

/** Wraps a host's processor as work: unless it was stopped, BullMQ handles what it throws. */
function createExtraRunner({
  queue,
  processor,
  timeoutMs,
}: Pick<ExtraWorker, 'queue' | 'processor' | 'timeoutMs'>): JobRunner {
  return { queue, timeoutMs, run: (job, token, signal) => processor(job, token, signal) }
}
