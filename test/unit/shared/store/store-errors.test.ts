import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { AfterturnError } from '../../../../shared/errors.ts'
import { asStoreError } from '../../../../shared/store/store-errors.ts'

function answer(sqlState: string): Error {
  return Object.assign(new pg.DatabaseError('what the server says', 0, 'error'), { code: sqlState })
}

function socketError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
}

describe('a refusal of a pooler', () => {
  it.each([
    ['unsupported startup parameter: statement_timeout', 'STORE_FAILED'],
    ['bind message has 164 parameter formats but 0 parameters', 'STORE_FAILED'],
    ['pgbouncer cannot connect to server', 'STORE_UNAVAILABLE'],
    ['query_wait_timeout', 'STORE_UNAVAILABLE'],
  ])('%s is %s', (message, code) => {
    const refusal = Object.assign(new pg.DatabaseError(message, 0, 'error'), { code: '08P01' })
    expect(asStoreError(refusal)).toMatchObject({ code, retryable: code === 'STORE_UNAVAILABLE' })
  })
})

describe('an answer of PostgreSQL', () => {
  it.each([
    ['40001', 'STORE_BUSY', 'no', true],
    ['40P01', 'STORE_BUSY', 'no', true],
    ['55P03', 'STORE_BUSY', 'no', true],
    ['57014', 'STORE_BUSY', 'no', true],
    ['25P03', 'STORE_BUSY', 'no', true],
    ['40003', 'STORE_UNAVAILABLE', 'unknown', true],
    ['57P01', 'STORE_UNAVAILABLE', 'unknown', true],
    ['57P02', 'STORE_UNAVAILABLE', 'unknown', true],
    ['08006', 'STORE_UNAVAILABLE', 'unknown', true],
    ['53100', 'STORE_UNAVAILABLE', 'unknown', true],
    ['58030', 'STORE_UNAVAILABLE', 'unknown', true],
    ['57P03', 'STORE_UNAVAILABLE', 'no', true],
    ['53300', 'STORE_UNAVAILABLE', 'no', true],
    ['08001', 'STORE_UNAVAILABLE', 'no', true],
    ['25006', 'STORE_UNAVAILABLE', 'no', true],
    ['42P01', 'STORE_OUTDATED', 'no', false],
    ['28P01', 'STORE_FAILED', 'no', false],
    ['3D000', 'STORE_FAILED', 'no', false],
    ['42501', 'STORE_FAILED', 'no', false],
    ['22021', 'INPUT_INVALID', 'no', false],
    ['23505', 'STORE_FAILED', 'no', false],
    ['54000', 'STORE_FAILED', 'no', false],
    ['XX000', 'STORE_FAILED', 'unknown', false],
    ['', 'STORE_FAILED', 'no', false],
  ])('%s is %s, recorded %s, retryable %s', (sqlState, code, recorded, retryable) => {
    const cause = answer(sqlState)
    expect(asStoreError(cause)).toMatchObject({
      code,
      recorded,
      retryable,
      cause,
      message: expect.stringContaining('what the server says'),
    })
  })

  it('about the login, the database or the rights says which', () => {
    const remedy = (sqlState: string) => (asStoreError(answer(sqlState)) as AfterturnError).remedy
    expect(remedy('28P01')).toContain('password in DATABASE_URL')
    expect(remedy('3D000')).toContain('Create the database')
    expect(remedy('42501')).toContain('rights')
    expect(remedy('42P01')).toContain('run the migrations')
    expect(remedy('25006')).toContain('primary')
  })
})

describe('a failure of the driver or its socket', () => {
  it.each([
    [socketError('ECONNREFUSED', 'connect'), 'no'],
    [socketError('ENOENT', 'connect'), 'no'],
    [socketError('ENETUNREACH', 'connect'), 'no'],
    [socketError('ENOTFOUND', 'getaddrinfo'), 'no'],
    [socketError('EAI_AGAIN', 'getaddrinfo'), 'no'],
    [socketError('ECONNRESET', 'read'), 'unknown'],
    [socketError('EPIPE', 'write'), 'unknown'],
    [socketError('ETIMEDOUT', 'read'), 'unknown'],
    [new Error('timeout exceeded when trying to connect'), 'no'],
    [new Error('Connection terminated due to connection timeout'), 'no'],
    [new Error('Connection terminated unexpectedly'), 'unknown'],
    [new Error('Query read timeout'), 'unknown'],
    [new Error('Client has encountered a connection error and is not queryable'), 'unknown'],
  ])('%s: recorded %s', (cause, recorded) => {
    expect(asStoreError(cause)).toMatchObject({ code: 'STORE_UNAVAILABLE', recorded, retryable: true, cause })
  })

  it('of every address of a name is one, and names each', () => {
    const both = new AggregateError([socketError('ECONNREFUSED', 'connect'), socketError('ENETUNREACH', 'connect')])
    expect(asStoreError(both)).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      recorded: 'no',
      message: expect.stringMatching(/ECONNREFUSED.*ENETUNREACH/),
    })
  })

  it('that a repetition does not mend is none to repeat', () => {
    for (const message of [
      'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
      'The server does not support SSL connections',
      'self-signed certificate in certificate chain',
    ])
      expect(asStoreError(new Error(message))).toMatchObject({ code: 'STORE_FAILED', recorded: 'no', retryable: false })
    expect(asStoreError(new Error('driver has already been destroyed'))).toMatchObject({ code: 'RUNTIME_CLOSED' })
  })
})

it('what is no failure of the store comes back as it came', () => {
  const mixed = new AggregateError([new TypeError('a bug')])
  for (const other of [new AfterturnError('TURN_CONFLICT', 'x'), new TypeError('a bug'), mixed, 'text', null])
    expect(asStoreError(other)).toBe(other)
})
