import { DelayedError, type Job, type Processor, UnrecoverableError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { backoffMs, DEFAULT_RETRY, type QueueContract, type RetryPolicy } from '../queues/define-queue.ts'
import { parsePayload } from '../queues/producer.ts'
import type { Clock } from '../shared/clock.ts'
import { withinDeadline } from '../shared/deadline.ts'
import { AfterturnError } from '../shared/errors.ts'
import type { Log } from '../shared/observe/log.ts'
import { createJobContext, type Handler, type JobContext } from './job-context.ts'

/**
 * Runs contracts and handlers as BullMQ workers. Guarantees: a payload is checked before its handler sees it; a failure that a repetition
 * cannot mend is not repeated; a drain lets jobs finish until its deadline and then gives them back, at no cost of an attempt.
 */

/** A job that lost its worker may be taken up this often; forced closes must not use up a job that had tries left. */
const MAX_STALLED_COUNT = 5
/** How long handlers may take to obey the signal once the drain's deadline has passed. */
const ABORT_GRACE_MS = 2_000
/** The least time that a job which was told to wait does wait. */
const MIN_GIVEN_WAIT_MS = 1_000
/** The most; after it the provider is asked again. */
const MAX_GIVEN_WAIT_MS = 600_000

/** One kind of work: where it comes from, what to do, and how many at once. */
export type FleetMember = Pick<QueueContract, 'name' | 'retry'> & {
  readonly concurrency: number
  run(payload: unknown, context: JobContext): Promise<unknown>
}

/** Binds a handler to its contract: the payload is checked before the handler sees it. */
export function fleetMember<Payload extends object>(
  contract: QueueContract<string, Payload>,
  handler: Handler<Payload>,
  concurrency: number,
): FleetMember {
  return {
    name: contract.name,
    retry: contract.retry,
    concurrency,
    run: async (payload, context) => handler(parsePayload(contract, payload), context),
  }
}

/** A worker of the host's own, as BullMQ knows it. */
export type ExtraWorker = { readonly queue: string; readonly concurrency: number; readonly processor: Processor }

export type FleetOptions = {
  readonly connection: Redis
  readonly keyPrefix: string
  readonly clock: Clock
  readonly log: Log
  /** How long a job stays its worker's without a sign of life; then another takes it up. */
  readonly jobLockMs: number
}

export type Fleet = {
  readonly queues: readonly string[]
  /** Stops fetching, waits for running jobs until the deadline, then aborts them and gives them back. */
  drain(timeoutMs: number): Promise<void>
}

/** Starts a worker for each member and each extra worker; they run until `drain`. */
export async function startFleet(
  members: readonly FleetMember[],
  extraWorkers: readonly ExtraWorker[],
  options: FleetOptions,
): Promise<Fleet> {
  const shutdown = new AbortController()
  const start = (queue: string, concurrency: number, processor: Processor, retry: RetryPolicy) => {
    const worker = new Worker(queue, processor, {
      connection: options.connection,
      prefix: options.keyPrefix,
      concurrency,
      maxStalledCount: MAX_STALLED_COUNT,
      lockDuration: options.jobLockMs,
      stalledInterval: options.jobLockMs,
      settings: { backoffStrategy: (attemptsMade) => backoffMs(retry, attemptsMade, Math.random()) },
    })
    worker.on('error', (error) => options.log.warn({ queue, error: error.message }, 'a worker lost Redis'))
    worker.on('failed', (job, error) =>
      options.log.warn({ queue, jobId: job?.id, attempt: job?.attemptsMade, error: error.message }, 'a job failed'),
    )
    return worker
  }
  const workers = [
    ...members.map((member) =>
      start(member.name, member.concurrency, processorOf(member, shutdown.signal, options), member.retry),
    ),
    ...extraWorkers.map(({ queue, concurrency, processor }) => start(queue, concurrency, processor, DEFAULT_RETRY)),
  ]
  let draining: Promise<void> | undefined
  return {
    queues: workers.map((worker) => worker.name),
    drain(timeoutMs) {
      draining ??= drainWorkers(workers, shutdown, timeoutMs, options.log)
      return draining
    },
  }
}

async function drainWorkers(workers: readonly Worker[], shutdown: AbortController, timeoutMs: number, log: Log) {
  const stopping = new AfterturnError(
    'SHUTTING_DOWN',
    `The process stops, and the job did not end within ${timeoutMs} ms.`,
  )
  const deadline = setTimeout(() => shutdown.abort(stopping), timeoutMs)
  // BullMQ's forced close is no help: on a worker that is closing it waits for the same jobs. What is left closes when its handler ends.
  const closed = Promise.all(workers.map((worker) => worker.close()))
  await withinDeadline(closed, timeoutMs + ABORT_GRACE_MS, () => stopping).catch((error: Error) =>
    log.warn({ error: error.message }, 'a job does not obey; once this process is gone another worker takes it up'),
  )
  clearTimeout(deadline)
}

/** What a provider asks for is obeyed within bounds: none would be a loop of calls, a year would be a lost job. */
function boundedWaitMs(askedMs: number, { backoffBaseMs }: RetryPolicy): number {
  const floorMs = Math.min(backoffBaseMs, MIN_GIVEN_WAIT_MS)
  return Number.isFinite(askedMs) ? Math.min(Math.max(askedMs, floorMs), MAX_GIVEN_WAIT_MS) : backoffBaseMs
}

function processorOf(member: FleetMember, shutdown: AbortSignal, { clock, log }: FleetOptions): Processor {
  return async (job: Job, token?: string) => {
    const context = createJobContext(job, token, { signal: shutdown, clock, log })
    try {
      return await member.run(job.data, context)
    } catch (error) {
      if (error instanceof DelayedError) throw error
      if (shutdown.aborted) return context.delayUntil(clock.now())
      if (error instanceof AfterturnError && error.retryAfterMs !== undefined && error.retryable) {
        return context.delayUntil(new Date(clock.now().getTime() + boundedWaitMs(error.retryAfterMs, member.retry)))
      }
      if (error instanceof AfterturnError && !error.retryable)
        throw new UnrecoverableError(`${error.code}: ${error.message}`)
      throw error
    }
  }
}
