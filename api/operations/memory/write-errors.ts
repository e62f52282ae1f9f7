import type { ErrorCode } from '../../../shared/errors.ts'

/** What writing into memory may throw beside what it names: the org's lock, its fence, and the models. */
export const WRITE_ERRORS = [
  'LOCK_TIMEOUT',
  'LOCK_LOST',
  'LOCK_UNAVAILABLE',
  'FENCE_LOST',
  'REDIS_UNAVAILABLE',
  'MODEL_UNAVAILABLE',
  'MODEL_RATE_LIMITED',
  'MODEL_REFUSED',
  'MODEL_OUTPUT_INVALID',
  'KILL_SWITCH_ON',
] as const satisfies readonly ErrorCode[]
