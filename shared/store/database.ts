import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { AfterturnError } from '../errors.ts'
import type { Schema } from './schema.ts'

/** Owns connections to the store: PostgreSQL, or a PGlite that its owner process serves. Both speak PostgreSQL's protocol, so one driver does. */
export type Database = Kysely<Schema>

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 30_000
const LOCK_TIMEOUT_MS = 10_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
/** PGlite is one session: more connections only queue there. */
const PGLITE_POOL_SIZE = 4

const INT8_OID = 20

export type DatabaseOptions = {
  /** `postgresql://…`, or `pglite://DIRECTORY` with the directory of the owner's socket. */
  readonly url: string
  readonly poolSize?: number
  /** Told of connections that broke while idle; the pool replaces them. */
  readonly onConnectionError?: (error: Error) => void
}

/** Whether an address names a PGlite that a `store` process serves. */
export function isPgliteUrl(url: string): boolean {
  return url.startsWith('pglite://')
}

/** Opens a pool; it connects on first use. */
export function openDatabase({ url, poolSize = 8, onConnectionError = () => {} }: DatabaseOptions): Database {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === INT8_OID ? Number : pg.types.getTypeParser(oid, format as 'text'),
  }
  const pool = new pg.Pool({
    ...(isPgliteUrl(url) ? pgliteOptions(url, poolSize) : postgresOptions(url, poolSize)),
    types: types as pg.CustomTypesConfig,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'afterturn',
  })
  pool.on('error', onConnectionError)
  // While a connection is lent out the pool does not listen, and an error that nobody hears ends the process.
  pool.on('connect', (client) => client.on('error', onConnectionError))
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
}

function pgliteOptions(url: string, poolSize: number): pg.PoolConfig {
  return {
    host: decodeURIComponent(url.slice('pglite://'.length)),
    user: 'postgres',
    database: 'postgres',
    max: Math.min(poolSize, PGLITE_POOL_SIZE),
  }
}

function postgresOptions(url: string, poolSize: number): pg.PoolConfig {
  return {
    connectionString: url,
    max: poolSize,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  }
}

const CONNECTION_FAILURES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '08003',
  '53300',
])

/** A store failure as the catalogue knows it; anything else is returned as it came. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof AfterturnError || !(error instanceof Error)) return error
  const code = (error as { code?: string }).code
  const isLost =
    CONNECTION_FAILURES.has(code ?? '') ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered/.test(error.message)
  if (!isLost) return error
  const hasConnected =
    !['ECONNREFUSED', 'ENOENT', 'ENOTFOUND', 'EHOSTUNREACH', '53300'].includes(code ?? '') &&
    !error.message.startsWith('timeout exceeded')
  return new AfterturnError('STORE_UNAVAILABLE', `The store did not answer: ${error.message}`, {
    cause: error,
    recorded: hasConnected ? 'unknown' : 'no',
  })
}
