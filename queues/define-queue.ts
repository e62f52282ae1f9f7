import { z } from 'zod'
import { describeValue } from '../shared/describe-value.ts'
import { AfterturnError } from '../shared/errors.ts'
import { idSchema } from '../shared/parse-input.ts'
import { DEFAULT_ORG_CONCURRENCY, DEFAULT_RETRY_BACKOFF_MS } from '../shared/settings/job-settings.ts'
import { checkSlotPolicy, type SlotPolicy } from './slot-policy.ts'

/** Owns what a queue is: a typed contract between who enqueues and who works. A contract knows neither Redis nor its handler. */

export type RetryPolicy = {
  /** Tries after the first. */
  readonly retries: number
  /** The wait before the first retry; it doubles with each, up to the cap, less up to `jitter` of it. */
  readonly backoffBaseMs: number
  readonly backoffCapMs: number
  /** The share of each wait that is left to chance, 0 to 1, so that jobs that failed together do not return together. */
  readonly jitter: number
}

/** The seed's policy for memory work: 3 retries, exponential. */
export const DEFAULT_RETRY: RetryPolicy = {
  retries: 3,
  backoffBaseMs: DEFAULT_RETRY_BACKOFF_MS,
  backoffCapMs: 600_000,
  jitter: 0.25,
}

/** The time that one run has by default: a digest of some hundred turns, with a slow model. */
const DEFAULT_TIMEOUT_MS = 900_000
const DEFAULT_CONCURRENCY = 8

export type QueueContract<Name extends string = string, Payload extends object = object> = {
  /** kebab-case; also the name of its handler, its process and its test. */
  readonly name: Name
  readonly description: string
  /** What a job carries: ids, never content. */
  readonly payload: z.ZodType<Payload>
  /** How many jobs one process runs at once. @default 8 */
  readonly concurrency: number
  readonly retry: RetryPolicy
  /** The time that one run has, at most 2,147,483,647 ms; then its signal fires with JOB_TIMEOUT, and an attempt is spent. @default 15 minutes */
  readonly timeoutMs: number
  /** Jobs with the same key are one job while it waits; undefined means that every enqueue is a job. */
  readonly deduplicationKey: ((payload: Payload) => string) | undefined
  /** Whether an enqueue while the job runs leads to one more run after it. */
  readonly isRepeatedWhenActive: boolean
  /** What becomes a dead letter: the job that failed for good, or the turns that it was about, which its handler sees to. @default 'jobs' */
  readonly deadLetters: 'jobs' | 'turns'
  /** How many jobs of one key, such as an org, run at once over all processes; undefined means that only workers limit them. */
  readonly slots: SlotPolicy<Payload> | undefined
}

/** A contract of whatever payload: it is checked before the key is asked for. */
export type AnyQueueContract = Omit<QueueContract, 'deduplicationKey' | 'slots'> & {
  readonly deduplicationKey: ((payload: never) => string) | undefined
  readonly slots: SlotPolicy<never> | undefined
}

export type PayloadOf<Contract> = Contract extends QueueContract<string, infer Payload> ? Payload : never

/** What `isQueueNameForm` lets through, in words. */
export const QUEUE_NAME_FORM = 'a-z first, then a-z, 0-9 and -, at most 61'

/** Whether a queue may have this name: there are no colons in it, since BullMQ's keys use them. */
export function isQueueNameForm(name: unknown): name is string {
  return typeof name === 'string' && /^[a-z][a-z0-9-]{0,60}$/.test(name)
}

/** The longest time that a timer of Node measures, some 24 days; a longer one ends at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

/** What `isTimeoutMs` lets through, in words. */
export const TIMEOUT_FORM = `a time above 0 ms, at most ${MAX_TIMEOUT_MS}`

/** Whether a run may have this time. */
export function isTimeoutMs(given: unknown): given is number {
  return typeof given === 'number' && given > 0 && given <= MAX_TIMEOUT_MS
}

/**
 * Makes a contract; what is left out has the default.
 * @throws CONFIG_INVALID for a name, a time or a limit of slots that cannot be one.
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

/** An org's jobs share its slots, so that its backlog does not hold up the others. */
export const orgSlots: SlotPolicy<{ orgId: string }> = { key: ({ orgId }) => orgId, limit: DEFAULT_ORG_CONCURRENCY }

/** How long to wait before retry number `attemptsMade`, in ms. `random` is in [0, 1). */
export function backoffMs(retry: RetryPolicy, attemptsMade: number, random: number): number {
  const full = Math.min(retry.backoffCapMs, retry.backoffBaseMs * 2 ** (attemptsMade - 1))
  return Math.round(full * (1 - retry.jitter * random))
}
