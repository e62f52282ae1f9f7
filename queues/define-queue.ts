import { z } from 'zod'
import { describeValue } from '../shared/describe-value.ts'
import { AfterturnError } from '../shared/errors.ts'
import { idSchema } from '../shared/parse-input.ts'
import { DEFAULT_ORG_CONCURRENCY, DEFAULT_RETRY_BACKOFF_MS } from '../shared/settings/job-settings.ts'
import { checkSlotPolicy, type SlotPolicy } from './slot-policy.ts'

/** A queue is a typed contract between producer and worker. A contract knows neither Redis nor its handler. */

export type RetryPolicy = {
  /** Attempts after the first. */
  readonly retries: number
  /**
   * The wait before the first retry; it doubles with each, up to the cap, less up to `jitter` of it. Where a contract of the product has the
   * default of 10 s, the setting `retryBackoffMs` stands for it.
   */
  readonly backoffBaseMs: number
  readonly backoffCapMs: number
  /** Random share of each wait, 0 to 1, so that jobs that failed together do not retry together. */
  readonly jitter: number
}

/** The policy for memory work: 3 retries with exponential back-off. */
export const DEFAULT_RETRY: RetryPolicy = {
  retries: 3,
  backoffBaseMs: DEFAULT_RETRY_BACKOFF_MS,
  backoffCapMs: 600_000,
  jitter: 0.25,
}

/** Enough for a digest of a few hundred turns with a slow model. */
const DEFAULT_TIMEOUT_MS = 900_000
const DEFAULT_CONCURRENCY = 8

export type QueueContract<Name extends string = string, Payload extends object = object> = {
  /** kebab-case; also the name of its handler, its process and its test. */
  readonly name: Name
  readonly description: string
  /** What a job carries: ids, never content. */
  readonly payload: z.ZodType<Payload>
  /** The newest `v` of a payload that this program reads. A job with a newer one waits for a program that reads it. @default 1 */
  readonly payloadVersion: number
  /** How many jobs one process runs at once. @default 8 */
  readonly concurrency: number
  readonly retry: RetryPolicy
  /**
   * Time limit of one run, at most 2,147,483,647 ms. When it ends, the run's signal fires with JOB_TIMEOUT and the attempt counts.
   * @default 15 minutes
   */
  readonly timeoutMs: number
  /** While a job waits, enqueues with the same key add no further one; undefined: every enqueue adds a job. */
  readonly deduplicationKey: ((payload: Payload) => string) | undefined
  /** Whether an enqueue during a run causes one more run after it. */
  readonly isRepeatedWhenActive: boolean
  /**
   * What becomes a dead letter after the last attempt: the job, or the turns it was processing, which the handler dead-letters itself.
   * @default 'jobs'
   */
  readonly deadLetters: 'jobs' | 'turns'
  /** How many jobs of one key, such as an org, run at once across all processes; undefined: limited by the workers only. */
  readonly slots: SlotPolicy<Payload> | undefined
}

/** A contract with any payload type: the payload is checked before the key functions see it. */
export type AnyQueueContract = Omit<QueueContract, 'deduplicationKey' | 'slots'> & {
  readonly deduplicationKey: ((payload: never) => string) | undefined
  readonly slots: SlotPolicy<never> | undefined
}

export type PayloadOf<Contract> = Contract extends QueueContract<string, infer Payload> ? Payload : never

/** Describes the names that `isQueueNameForm` accepts. */
export const QUEUE_NAME_FORM = 'a-z first, then a-z, 0-9 and -, at most 61'

/** Whether a queue may have this name. Colons are excluded because BullMQ's keys use them. */
export function isQueueNameForm(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z][a-z0-9-]{0,60}$/.test(name)
}

/** The longest delay of a Node timer, about 24 days; with a longer one it fires immediately. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** Describes the values that `isTimeoutMs` accepts. */
export const TIMEOUT_FORM = `a time above 0 ms, at most ${MAX_TIMEOUT_MS}`

/** Whether a value is a valid time limit of a run, in ms. */
export function isTimeoutMs(given: unknown): given is number {
  return typeof given === 'number' && given > 0 && given <= MAX_TIMEOUT_MS
}

/**
 * Defines a queue. Fields left out take their defaults.
 * @throws CONFIG_INVALID for an invalid name, time limit or slot limit.
 */
export function defineQueue<const Name extends string, Payload extends object>(
  definition: Pick<QueueContract<Name, Payload>, 'name' | 'description' | 'payload'> &
    Partial<QueueContract<Name, Payload>>,
): QueueContract<Name, Payload> {
  if (!isQueueNameForm(definition.name)) {
    throw new AfterturnError(
      'CONFIG_INVALID',
      `The name of a queue: expected ${QUEUE_NAME_FORM}, got ${describeValue(definition.name)}.`,
      { remedy: 'Give `defineQueue` another name.' },
    )
  }
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = definition
  if (!isTimeoutMs(timeoutMs)) {
    throw new AfterturnError(
      'CONFIG_INVALID',
      `The timeoutMs of the queue ${definition.name}: expected ${TIMEOUT_FORM}, got ${describeValue(timeoutMs)}.`,
      { remedy: 'Give `defineQueue` another `timeoutMs`.' },
    )
  }
  if (definition.slots) checkSlotPolicy(definition.slots)
  return {
    concurrency: DEFAULT_CONCURRENCY,
    retry: DEFAULT_RETRY,
    timeoutMs: DEFAULT_TIMEOUT_MS,
    payloadVersion: 1,
    deduplicationKey: undefined,
    isRepeatedWhenActive: false,
    deadLetters: 'jobs',
    slots: undefined,
    ...definition,
  }
}

/** The ids that every payload of the product starts with; `v` grows when a payload changes its meaning. */
export const orgPayload = { v: z.literal(1), orgId: idSchema }
export const workstreamPayload = { ...orgPayload, workstreamId: idSchema }

/** An org's jobs share its slots, so that its backlog does not delay other orgs. */
export const orgSlots: SlotPolicy<{ orgId: string }> = { key: ({ orgId }) => orgId, limit: DEFAULT_ORG_CONCURRENCY }

/** Computes the wait before retry number `attemptsMade`, in ms. `random` is in [0, 1). */
export function backoffMs(retry: RetryPolicy, attemptsMade: number, random: number): number {
  const full = Math.min(retry.backoffCapMs, retry.backoffBaseMs * 2 ** (attemptsMade - 1))
  return Math.round(full * (1 - retry.jitter * random))
}
