import { type JobsOptions, Queue, type Telemetry } from 'bullmq'
import type { Redis } from 'ioredis'
import { createCallGate } from '../shared/call-gate.ts'
import { describeValue } from '../shared/describe-value.ts'
import { AfterturnError } from '../shared/errors.ts'
import { hostQueuesKey } from '../shared/redis/keys.ts'
import { watchReachability } from '../shared/redis/reachability.ts'
import { type AskOptions, askQueue } from './ask-queue.ts'
import { isQueueName, QUEUE_NAMES } from './catalog.ts'
import { isQueueNameForm, type QueueContract } from './define-queue.ts'
import { parsePayload, parsePayloads } from './parse-payload.ts'

/**
 * Owns putting work into queues. Guarantees: payloads are checked before they leave; every call answers within the deadline;
 * the same key twice is one job while it waits. Must not decide what is true: that is in PostgreSQL, a job is a wake-up.
 */

const KEPT_COMPLETED_JOBS = 1_000
const KEPT_FAILED_JOBS = 5_000
const COMMON_OPTIONS: JobsOptions = {
  backoff: { type: 'contract' },
  removeOnComplete: { count: KEPT_COMPLETED_JOBS },
  removeOnFail: { count: KEPT_FAILED_JOBS },
}
const MAX_QUEUE_EVENTS = 1_000
const MAX_DELAY_MS = 365 * 86_400_000

type ProducerOptions = {
  readonly connection: Redis
  readonly keyPrefix: string
  readonly timeoutMs: number
  /** Why no queue must run on this Redis, if something is known. @default nothing is */
  unsuitable?(): AfterturnError | undefined
  /** Makes spans, and hands a trace on with the job. */
  readonly telemetry?: Telemetry | undefined
}

export type EnqueueOptions = {
  /** How long the job waits before it can start: from 0 to a year. @default 0 */
  readonly delayMs?: number
  /** What is left of a caller's own deadline. @default the producer's */
  readonly timeoutMs?: number
  /** Whether the job can do without: then a Redis that is known to be away is not waited for. @default false */
  readonly isOptional?: boolean
}

export type Producer = {
  /**
   * Enqueues one job and answers its id, or the id of the job that already waits under the same key.
   * @throws PAYLOAD_INVALID naming every fault; INPUT_INVALID for the delay; ENQUEUE_TIMEOUT when Redis did not answer in time; RUNTIME_CLOSED
   */
  enqueue<Payload extends object>(
    contract: QueueContract<string, Payload>,
    payload: NoInfer<Payload>,
    options?: EnqueueOptions,
  ): Promise<string>
  /**
   * Enqueues many jobs of one kind and answers their ids, in order. All payloads are checked before any leaves; what leaves is one transaction.
   * @throws PAYLOAD_INVALID naming each payload and every fault; INPUT_INVALID, ENQUEUE_TIMEOUT, RUNTIME_CLOSED
   */
  enqueueMany<Payload extends object>(
    contract: QueueContract<string, Payload>,
    payloads: readonly NoInfer<Payload>[],
    options?: EnqueueOptions,
  ): Promise<string[]>
  /**
   * Asks BullMQ's queue something that must be answered within the deadline.
   * @throws QUEUE_UNKNOWN, REDIS_UNAVAILABLE, and what the question throws
   */
  ask<Answer>(name: string, question: (queue: Queue) => Promise<Answer>): Promise<Answer>
  /** The names of all queues of hosts that this fleet ever opened on this Redis, whichever process did. @throws REDIS_UNAVAILABLE */
  hostQueues(): Promise<string[]>
  /**
   * BullMQ's queue, for dashboards and counts.
   * @throws QUEUE_UNKNOWN
   */
  queue(name: string): Queue
  /** Refuses every call from now on, and closes once those in flight have been answered. */
  close(): Promise<void>
}

/** Makes the producer of a runtime; queues open on first use. `hostQueues` are the names that extra workers serve. */
export function createProducer(options: ProducerOptions, hostQueues: readonly string[] = []): Producer {
  const queues = new Map<string, Queue>()
  const hostNames = new Set(hostQueues)
  const noteName = createHostQueueNote(options)
  const reachability = watchReachability(options.connection)
  const gate = createCallGate()

  const open = (name: string): Queue => {
    gate.assertOpen()
    const existing = queues.get(name)
    if (existing) return existing
    const queue = new Queue(name, {
      connection: options.connection,
      prefix: options.keyPrefix,
      streams: { events: { maxLen: MAX_QUEUE_EVENTS } },
      ...(options.telemetry && { telemetry: options.telemetry }),
    })
    // A failure of the shared connection is reported once, by its owner.
    queue.on('error', () => {})
    queues.set(name, queue)
    return queue
  }

  const known = (name: string): Queue => {
    if (isQueueName(name) || hostNames.has(name)) return open(name)
    throw new AfterturnError(
      'QUEUE_UNKNOWN',
      `Expected one of ${[...QUEUE_NAMES, ...hostNames].join(', ')}, got ${JSON.stringify(name)}.`,
    )
  }

  const ask = <Answer>(
    queue: Queue,
    asking: Pick<AskOptions, 'code'> & Partial<AskOptions>,
    send: () => Promise<Answer>,
  ): Promise<Answer> => {
    const onBroken = () => {
      if (queues.get(queue.name) === queue) queues.delete(queue.name)
      queue.close().catch(() => {})
    }
    const { hasTimedOut: onTimeout } = reachability
    const fault = options.unsuitable?.()
    if (fault) return Promise.reject(fault)
    return gate.enter(() => askQueue(queue, { timeoutMs: options.timeoutMs, onBroken, onTimeout, ...asking }, send))
  }

  return {
    async enqueue(contract, payload, { delayMs = 0, isOptional = false, ...deadline } = {}) {
      const checked = parsePayload(contract, payload)
      checkDelay(delayMs)
      if (isOptional && !reachability.isLikely())
        throw new AfterturnError('ENQUEUE_TIMEOUT', `${contract.name}: Redis is away; nothing was sent.`, {
          recorded: 'no',
        })
      const queue = open(contract.name)
      const [job] = await ask(queue, { code: 'ENQUEUE_TIMEOUT', ...deadline }, () =>
        Promise.all([queue.add(contract.name, checked, jobOptions(contract, checked, delayMs)), noteName(queue)]),
      )
      return job.id as string
    },
    async enqueueMany(contract, payloads, { delayMs = 0, timeoutMs } = {}) {
      const checked = parsePayloads(contract, payloads)
      checkDelay(delayMs)
      if (checked.length === 0) return []
      const queue = open(contract.name)
      const bulk = checked.map((data) => ({ name: contract.name, data, opts: jobOptions(contract, data, delayMs) }))
      const deadline = timeoutMs === undefined ? {} : { timeoutMs }
      const [jobs] = await ask(queue, { code: 'ENQUEUE_TIMEOUT', ...deadline }, () =>
        Promise.all([queue.addBulk(bulk), noteName(queue)]),
      )
      return jobs.map((job) => job.id as string)
    },
    ask: async (name, question) => {
      const queue = known(name)
      return ask(queue, { code: 'REDIS_UNAVAILABLE' }, () => question(queue))
    },
    async hostQueues() {
      const names = await gate.enter(() => readHostQueues(options))
      for (const name of names) hostNames.add(name)
      return [...hostNames]
    },
    queue: known,
    async close() {
      await gate.close(options.timeoutMs)
      await Promise.all([...queues.values()].map((queue) => queue.close()))
      queues.clear()
    },
  }
}

/**
 * Notes the name of a host's queue where every process finds it, with each enqueue: a Redis that lost its data has lost the note too. Names of the
 * product's queues need none.
 */
function createHostQueueNote({ connection, keyPrefix }: ProducerOptions): (queue: Queue) => Promise<unknown> {
  const key = hostQueuesKey(keyPrefix)
  return async ({ name }) => (isQueueName(name) ? undefined : connection.sadd(key, name))
}

async function readHostQueues({ connection, keyPrefix }: ProducerOptions): Promise<string[]> {
  try {
    const names = await connection.smembers(hostQueuesKey(keyPrefix))
    return names.filter((name) => isQueueNameForm(name) && !isQueueName(name))
  } catch (error) {
    throw new AfterturnError('REDIS_UNAVAILABLE', `Redis did not list the hosts' queues: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

function checkDelay(delayMs: unknown): void {
  if (typeof delayMs === 'number' && delayMs >= 0 && delayMs <= MAX_DELAY_MS) return
  throw new AfterturnError(
    'INPUT_INVALID',
    `delayMs: expected from 0 to ${MAX_DELAY_MS} ms, a year, got ${describeValue(delayMs)}.`,
    { recorded: 'no' },
  )
}

function jobOptions<Payload extends object>(
  contract: QueueContract<string, Payload>,
  payload: Payload,
  delayMs: number,
): JobsOptions {
  return {
    delay: Math.ceil(delayMs),
    attempts: 1 + contract.retry.retries,
    ...COMMON_OPTIONS,
    ...(contract.deduplicationKey && {
      deduplication: {
        id: contract.deduplicationKey(payload),
        ...(contract.isRepeatedWhenActive && { keepLastIfActive: true }),
      },
    }),
  }
}
