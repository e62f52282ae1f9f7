import { expect, it } from 'vitest'
import { AfterturnError, ERROR_CATALOGUE, type ErrorCode, isAfterturnError } from '../../../shared/errors.ts'

it('every code says what to do', () => {
  for (const [code, { remedy }] of Object.entries(ERROR_CATALOGUE)) expect(remedy, code).toMatch(/^[A-Z].{10,}\.$/)
})

it('an error carries what its code means and what its thrower knew', () => {
  const cause = new Error('socket')
  const error = new AfterturnError('ENQUEUE_TIMEOUT', 'late', { cause, recorded: 'unknown', retryAfterMs: 5 })
  expect(error).toMatchObject({
    name: 'AfterturnError',
    code: 'ENQUEUE_TIMEOUT',
    retryable: true,
    recorded: 'unknown',
    retryAfterMs: 5,
    cause,
    remedy: ERROR_CATALOGUE.ENQUEUE_TIMEOUT.remedy,
  })
  expect('cause' in new AfterturnError('LEASE_LOST', 'x')).toBe(false)
})

it('a remedy that its thrower knows replaces the one of its code', () => {
  const error = new AfterturnError('STORE_OUTDATED', 'x', { remedy: 'Update this program.' })
  expect(error).toMatchObject({ retryable: false, remedy: 'Update this program.' })
})

it('what a repetition cannot mend is not retryable', () => {
  const final: ErrorCode[] = ['CONFIG_INVALID', 'INPUT_INVALID', 'TURN_CONFLICT', 'PAYLOAD_INVALID', 'MODEL_REFUSED']
  for (const code of final) expect(new AfterturnError(code, '').retryable, code).toBe(false)
})

it('is told from other errors, and by its code', () => {
  const error = new AfterturnError('TURN_UNKNOWN', 'x')
  expect(isAfterturnError(error)).toBe(true)
  expect(isAfterturnError(error, 'TURN_UNKNOWN')).toBe(true)
  expect(isAfterturnError(error, 'TURN_CONFLICT')).toBe(false)
  expect(isAfterturnError(Object.assign(new Error('x'), { code: 'TURN_UNKNOWN' }))).toBe(false)
})
