import { describeValue } from '../shared/describe-value.ts'
import { AfterturnError } from '../shared/errors.ts'

/** Which jobs of a queue share slots, and how many there are. The key is read from the `Subject`: a payload, or a job of a host's queue. */
export type SlotPolicy<Subject> = {
  /** Returns the key whose slot the job takes, usually its org; undefined: the job needs none. */
  readonly key: (subject: Subject) => string | undefined
  /** How many jobs of one key run at once across all processes, at least 1: a number, or a function that is called before each start. */
  readonly limit: number | ((key: string) => number | Promise<number>)
  /**
   * True for a job that lets the others of its key go first. While both kinds wait, each fifth slot still goes to one that yields.
   * @default no job yields
   */
  readonly yields?: (subject: Subject) => boolean
}

/**
 * Refuses an invalid limit, as far as that can be known before a job runs.
 * @throws CONFIG_INVALID
 */
export function checkSlotPolicy(policy: SlotPolicy<never>): void {
  if (typeof policy.limit === 'number') checkLimit(policy.limit)
}

/**
 * Returns the key whose slot a job takes; undefined if it needs none.
 * @throws CONFIG_INVALID if the policy's function throws or returns something that is not a key
 */
export function slotKeyOf<Subject>(policy: SlotPolicy<Subject>, subject: Subject): string | undefined {
  let key: unknown
  try {
    key = policy.key(subject)
  } catch (error) {
    throw invalid('key', `Expected a key of slots, and its function threw ${describeValue(String(error))}.`)
  }
  if (key === undefined || (typeof key === 'string' && key !== '')) return key
  throw invalid('key', `Expected a key of slots, a text, or undefined for none; got ${describeValue(key)}.`)
}

/**
 * Returns how many slots a key has now.
 * @throws CONFIG_INVALID
 */
export async function slotLimitOf(policy: SlotPolicy<never>, key: string): Promise<number> {
  const limit = typeof policy.limit === 'number' ? policy.limit : await policy.limit(key)
  checkLimit(limit, key)
  return limit
}

/** Whether a value is a slot policy, as far as that can be known before a job runs. */
export function isSlotPolicy(given: unknown): given is SlotPolicy<never> {
  const { key, limit, yields } = (given ?? {}) as Partial<Record<keyof SlotPolicy<never>, unknown>>
  const areFunctions = [key, yields ?? key].every((one) => typeof one === 'function')
  return areFunctions && (typeof limit === 'function' || isLimit(limit))
}

function isLimit(limit: unknown): boolean {
  return Number.isSafeInteger(limit) && (limit as number) >= 1
}

function checkLimit(limit: number, key?: string): void {
  if (isLimit(limit)) return
  const whose = key === undefined ? '' : ` for ${JSON.stringify(key)}`
  throw invalid('limit', `Expected a limit of slots${whose} of 1 or more, got ${limit}.`)
}

function invalid(field: keyof SlotPolicy<never>, message: string): AfterturnError {
  return new AfterturnError('CONFIG_INVALID', message, {
    remedy: `Correct the \`${field}\` of the slots; until then their jobs fail and are retried.`,
  })
}
