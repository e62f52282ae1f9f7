import { type JobsOptions, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { withinDeadline } from '../shared/deadline.ts'
import { AfterturnError } from '../shared/errors.ts'
import { isQueueName, QUEUE_NAMES } from './catalog.ts'
import type { QueueContract } from './define-queue.ts'

/**
 * Owns putting work into queues. Guarantees: payloads are checked before they leave; every call answers within the deadline;
 * the same key twice is one job while it waits. Must not decide what is true: that is in PostgreSQL, a job is a wake-up.
 */

const KEPT_COMPLETED_JOBS = 1_000
const KEPT_FAILED_JOBS = 5_000
const MAX_QUEUE_EVENTS = 1_000

export type ProducerOptions = { readonly connection: Redis; readonly keyPrefix: string; readonly timeoutMs: number }

export type Producer = {
  /**
   * Enqueues one job and answers its id, or the id of the job that already waits under the same key.
   * @throws PAYLOAD_INVALID naming every fault; ENQUEUE_TIMEOUT when Redis did not answer in time.
   */
  enqueue<Payload extends object>(
    contract: QueueContract<string, Payload>,
    payload: NoInfer<Payload>,
    options?: { delayMs?: number },
  ): Promise<string>
  /**
   * BullMQ's queue, for dashboards and counts.
   * @throws QUEUE_UNKNOWN
   */
  queue(name: string): Queue
  close(): Promise<void>
}

/** Makes the producer of a runtime; queues open on first use. `hostQueues` are the names that extra workers serve. */
export function createProducer(options: ProducerOptions, hostQueues: readonly string[] = []): Producer {
  const queues = new Map<string, Queue>()

  const open = (name: string): Queue => {
    const existing = queues.get(name)
    if (existing) return existing
    const queue = new Queue(name, {
      connection: options.connection,
      prefix: options.keyPrefix,
      streams: { events: { maxLen: MAX_QUEUE_EVENTS } },
    })
    // A failure of the shared connection is reported once, by its owner.
    queue.on('error', () => {})
    queues.set(name, queue)
    return queue
  }

  return {
    async enqueue(contract, payload, { delayMs = 0 } = {}) {
      const checked = parsePayload(contract, payload)
      const queue = open(contract.name)
      const adding = queue.add(contract.name, checked, jobOptions(contract, checked, delayMs))
      try {
        const job = await withinDeadline(adding, options.timeoutMs, () => timeoutOf(contract.name, options.timeoutMs))
        return job.id as string
      } catch (error) {
        // A BullMQ queue whose first command failed repeats that failure for ever: the next call opens a new one.
        if (queues.get(contract.name) === queue) queues.delete(contract.name)
        queue.close().catch(() => {})
        if (error instanceof AfterturnError) throw error
        throw new AfterturnError(
          'ENQUEUE_TIMEOUT',
          `Redis did not take a job of ${contract.name}: ${(error as Error).message}`,
          { cause: error, recorded: 'unknown' },
        )
      }
    },
    queue(name) {
      if (!isQueueName(name) && !hostQueues.includes(name)) {
        throw new AfterturnError(
          'QUEUE_UNKNOWN',
          `Expected one of ${[...QUEUE_NAMES, ...hostQueues].join(', ')}, got ${JSON.stringify(name)}.`,
        )
      }
      return open(name)
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      queues.clear()
    },
  }
}

/**
 * Checks a payload against its contract.
 * @throws PAYLOAD_INVALID naming every fault.
 */
export function parsePayload<Payload extends object>(
  contract: QueueContract<string, Payload>,
  payload: unknown,
): Payload {
  const result = contract.payload.safeParse(payload)
  if (result.success) return result.data
  const faults = result.error.issues.map((issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`)
  throw new AfterturnError(
    'PAYLOAD_INVALID',
    `The payload of ${contract.name} has ${faults.length} fault(s): ${faults.join('; ')}.`,
    { recorded: 'no' },
  )
}

function jobOptions<Payload extends object>(
  contract: QueueContract<string, Payload>,
  payload: Payload,
  delayMs: number,
): JobsOptions {
  return {
    delay: delayMs,
    attempts: 1 + contract.retry.retries,
    backoff: { type: 'contract' },
    removeOnComplete: { count: KEPT_COMPLETED_JOBS },
    removeOnFail: { count: KEPT_FAILED_JOBS },
    ...(contract.deduplicationKey && {
      deduplication: {
        id: contract.deduplicationKey(payload),
        ...(contract.isRepeatedWhenActive && { keepLastIfActive: true }),
      },
    }),
  }
}

function timeoutOf(queue: string, timeoutMs: number): AfterturnError {
  return new AfterturnError(
    'ENQUEUE_TIMEOUT',
    `Redis did not take a job of ${queue} within ${timeoutMs} ms; it may have landed.`,
    { recorded: 'unknown' },
  )
}
