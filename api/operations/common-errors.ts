import type { ErrorCode } from '../../shared/errors.ts'

/** What every operation may answer, beside its own. */
export const COMMON_ERRORS = [
  'REQUEST_MALFORMED',
  'REQUEST_TOO_LARGE',
  'REQUEST_UNSUPPORTED',
  'REQUEST_TIMEOUT',
  'INPUT_INVALID',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'ORG_UNKNOWN',
  'RATE_LIMITED',
  'STORE_UNAVAILABLE',
  'STORE_BUSY',
  'STORE_FAILED',
  'STORE_BROKEN',
  'STORE_OUTDATED',
  'RUNTIME_CLOSED',
  'UNEXPECTED',
] as const satisfies readonly ErrorCode[]
