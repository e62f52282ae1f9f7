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
 * Puts work into queues. Guarantees: payloads are checked before they are sent; every call settles within the deadline; a second enqueue with
 * the same key adds no job while the first waits. Must not decide what is true: the truth is in PostgreSQL, and a job is only a wake-up.
 */

const KEPT_COMPLETED_JOBS = 1_000
const KEPT_FAILED_JOBS = 5_000
const RESULT_TTL_SECONDS = 86_400
const COMMON_OPTIONS: JobsOptions = {
  backoff: { type: 'contract' },
  removeOnComplete: { count: KEPT_COMPLETED_JOBS },
  removeOnFail: { count: KEPT_FAILED_JOBS },
}
/** A turn is recorded with or without its wake-up. */
const OPTIONAL_TIMEOUT_MS = 1_000
const MAX_QUEUE_EVENTS = 1_000
const MAX_DELAY_MS = 365 * 86_400_000

type ProducerOptions = {
  readonly connection: Redis
  readonly keyPrefix: string
  readonly timeoutMs: number
  /** Returns why queues must not run on this Redis, if a reason is known. @default none is known */
  unsuitable?(): AfterturnError | undefined
  /** How long a completed job of a host's queue is kept, with what its handler returned. @default 86,400 */
  readonly resultTtlSeconds?: number
  /** Creates spans, and passes the trace on with the job. */
  readonly telemetry?: Telemetry | undefined
}

type EnqueueOptions = {
  /** How long the job waits before it can start, from 0 to one year. @default 0 */
  readonly delayMs?: number
  /** The rest of the caller's own deadline. @default the producer's */
  readonly timeoutMs?: number
  /** Whether the caller can do without the job: the call then waits a second at most, and fails at once while Redis is known to be away. @default false */
  readonly isOptional?: boolean
}

export type Producer = {
  /**
   * Enqueues one job and returns its id, or the id of the job that already waits under the same key.
   * @throws PAYLOAD_INVALID naming every fault; INPUT_INVALID for the delay; ENQUEUE_TIMEOUT if Redis did not reply in time; RUNTIME_CLOSED
   */
  enqueue<Payload extends object>(
    contract: QueueContract<string, Payload>,
    payload: NoInfer<Payload>,
    options?: EnqueueOptions,
  ): Promise<string>
  /**
   * Enqueues many jobs of one queue in one transaction and returns their ids, in order. All payloads are checked before any is sent.
   * @throws PAYLOAD_INVALID naming each payload and every fault; INPUT_INVALID, ENQUEUE_TIMEOUT, RUNTIME_CLOSED
   */
  enqueueMany<Payload extends object>(
    contract: QueueContract<string, Payload>,
    payloads: readonly NoInfer<Payload>[],
    options?: EnqueueOptions,
  ): Promise<string[]>
  /**
   * Calls `question` with BullMQ's queue, within the deadline.
   * @throws QUEUE_UNKNOWN, REDIS_UNAVAILABLE, and any AfterturnError of `question`
   */
  ask<Answer>(name: string, question: (queue: Queue) => Promise<Answer>): Promise<Answer>
  /** Reads the names of all host queues that any process of this fleet ever opened on this Redis. @throws REDIS_UNAVAILABLE */
  hostQueues(): Promise<string[]>
  /**
   * Returns BullMQ's queue, for dashboards and counts.
   * @throws QUEUE_UNKNOWN
   */
  queue(name: string): Queue
  /** Refuses further calls, and closes once those in flight have settled. */
  close(): Promise<void>
}

/** Creates the producer of a runtime; queues open on first use. `hostQueues` are the names that extra workers serve. */
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
    // BullMQ would take a first attempt that fails for the end.
    if (options.connection.status === 'wait') options.connection.connect().catch(() => {})
    const queue = new Queue(name, {
      connection: options.connection,
      prefix: options.keyPrefix,
      streams: { events: { maxLen: MAX_QUEUE_EVENTS } },
      ...(options.telemetry && { telemetry: options.telemetry }),
    })
    // The owner of the shared connection reports its failures, once.
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
      const { timeoutMs = options.timeoutMs } = deadline
      const patienceMs = isOptional ? Math.min(timeoutMs, OPTIONAL_TIMEOUT_MS) : timeoutMs
      const [job] = await ask(queue, { code: 'ENQUEUE_TIMEOUT', timeoutMs: patienceMs }, () =>
        Promise.all([
          queue.add(contract.name, checked, jobOptions(contract, checked, delayMs, options)),
          noteName(queue),
        ]),
      )
      return job.id as string
    },
    async enqueueMany(contract, payloads, { delayMs = 0, timeoutMs } = {}) {
      const checked = parsePayloads(contract, payloads)
      checkDelay(delayMs)
      if (checked.length === 0) return []
      const queue = open(contract.name)
      const bulk = checked.map((data) => ({
        name: contract.name,
        data,
        opts: jobOptions(contract, data, delayMs, options),
      }))
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
 * Records the name of a host's queue where every process finds it. This happens with each enqueue, since a Redis that lost its data lost the
 * names too. The product's own queues need no record.
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
  { resultTtlSeconds: age = RESULT_TTL_SECONDS }: Pick<ProducerOptions, 'resultTtlSeconds'>,
): JobsOptions {
  return {
    delay: Math.ceil(delayMs),
    attempts: 1 + contract.retry.retries,
    ...COMMON_OPTIONS,
    ...(!isQueueName(contract.name) && { removeOnComplete: { age, count: KEPT_COMPLETED_JOBS } }),
    ...(contract.deduplicationKey && {
      deduplication: {
        id: contract.deduplicationKey(payload),
        ...(contract.isRepeatedWhenActive && { keepLastIfActive: true }),
      },
    }),
  }
}
