import type { Socket } from 'node:net'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { withinDeadline } from '../deadline.ts'
import { hasLostLimits, type Limits, refusesLimits, withSettings } from './pooled-limits.ts'
import { createPreparedStatements, type PreparedStatements } from './prepared-statements.ts'
import type { Schema } from './schema.ts'

/**
 * Owns connections to the store: PostgreSQL, or a PGlite that its owner process serves. Both speak PostgreSQL's protocol, so one driver does.
 * Guarantees: a store that freezes, or is behind a network that drops every packet, ends a query in bounded time; so does `destroy`.
 */
export type Database = Kysely<Schema>

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 30_000
const LIMITS: Limits = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 10_000,
}
/** Where PostgreSQL takes a statement for a costly one, it would compile it first: 300 ms for statements that take one. */
const SESSION = { jit: 'off' }
/** For a server that does not end its statements itself: PGlite, and one that is frozen. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000
/** How long `destroy` waits for what is under way before it cuts the connections. */
const CLOSE_TIMEOUT_MS = 5_000
/** PGlite is one session: more connections only queue there. */
const PGLITE_POOL_SIZE = 4

const QUERY_TIMEOUT_MESSAGE = 'Query read timeout'
const INT8_OID = 20

export type DatabaseOptions = {
  /** `postgresql://…`, or `pglite://DIRECTORY` with the directory of the owner's socket. */
  readonly url: string
  readonly poolSize?: number
  /** Told of connections that broke while idle; the pool replaces them. */
  readonly onConnectionError?: (error: Error) => void
  /** The time one query may take before its connection is given up. @default 35,000 */
  readonly queryTimeoutMs?: number
  /** The time `destroy` may take. @default 5,000 */
  readonly closeTimeoutMs?: number
}

/** Whether an address names a PGlite that a `store` process serves. */
export function isPgliteUrl(url: string): boolean {
  return url.startsWith('pglite://')
}

/** Opens a pool; it connects on first use. */
export function openDatabase({
  url,
  poolSize = 8,
  onConnectionError = () => {},
  queryTimeoutMs = QUERY_TIMEOUT_MS,
  closeTimeoutMs = CLOSE_TIMEOUT_MS,
}: DatabaseOptions): Database {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === INT8_OID ? Number : pg.types.getTypeParser(oid, format as 'text'),
  }
  const pool = new pg.Pool({
    ...(isPgliteUrl(url) ? pgliteOptions(url, poolSize) : postgresOptions(url, poolSize)),
    types: types as pg.CustomTypesConfig,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: queryTimeoutMs,
    keepAlive: true,
    application_name: 'afterturn',
  })
  // A PGlite has one session for all clients: its owner keeps their statements.
  const statements = isPgliteUrl(url) ? undefined : createPreparedStatements()
  const limits = statements && limitsOf(pool, statements)
  const clients = new Set<pg.PoolClient>()
  pool.on('error', onConnectionError)
  pool.on('connect', (client) => {
    clients.add(client)
    client.once('end', () => clients.delete(client))
    discardAfterTimeout(client)
    statements?.watch(client)
    limits?.watch(client)
    // While a connection is lent out the pool does not listen, and an error that nobody hears ends the process.
    client.on('error', onConnectionError)
  })
  const end = async () => {
    const ended = Promise.all([pool.end(), ...[...clients].map(untilEnded)])
    await withinDeadline(ended, closeTimeoutMs, () => new Error('the store does not let go')).catch(() => {
      for (const client of clients) socketOf(client).destroy()
    })
    await ended
  }
  const database = new Kysely<Schema>({
    dialect: new PostgresDialect({
      pool: { options: pool.options, connect: limits?.connect ?? (() => pool.connect()), end },
    }),
  })
  pools.set(database, pool)
  return database
}

const pools = new WeakMap<Database, pg.Pool>()

/** The connections of a database that was opened here: how many there may be, are, are free, and how many callers wait for one. */
export type PoolStats = { readonly max: number; readonly size: number; readonly idle: number; readonly waiting: number }

export function readPoolStats(database: Database): PoolStats {
  const pool = pools.get(database)
  return {
    max: pool?.options.max ?? 0,
    size: pool?.totalCount ?? 0,
    idle: pool?.idleCount ?? 0,
    waiting: pool?.waitingCount ?? 0,
  }
}

/** After a timeout the driver leaves the unanswered query on its connection, and later ones would wait behind it. */
function discardAfterTimeout(client: pg.PoolClient): void {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
  const watched = (...args: unknown[]) => {
    const answer = query(...args)
    answer.catch((error: Error) => {
      // Ends at once, and marks the connection so that the pool does not lend it again.
      if (error.message === QUERY_TIMEOUT_MESSAGE) void (client as unknown as pg.Client).end()
    })
    return answer
  }
  client.query = watched as typeof client.query
}

function untilEnded(client: pg.PoolClient): Promise<void> {
  return new Promise((resolve) => client.once('end', () => resolve()))
}

/** The driver has no other way to give up a connection that does not end. */
function socketOf(client: pg.PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream
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
    ...LIMITS,
  }
}

/**
 * The limits of a session are asked for at its start, and the rest, which not every proxy passes on there, by its first statement; behind a pooler, which shows
 * by the first connection, each transaction sets them.
 */
function limitsOf(pool: pg.Pool, statements: PreparedStatements) {
  let isPooled: boolean | undefined
  const asking = new WeakMap<pg.PoolClient, (...args: unknown[]) => Promise<unknown>>()
  const prepare = async (client: pg.PoolClient) => {
    const query = asking.get(client)
    if (!query) return
    if (isPooled) client.query = withSettings(query, { ...LIMITS, ...SESSION }) as typeof client.query
    else for (const [name, value] of Object.entries(SESSION)) await query(`set ${name} = ${value}`)
    asking.delete(client)
  }
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect().catch((error: Error) => {
      if (!refusesLimits(error)) throw error
      isPooled = true
      for (const name of Object.keys(LIMITS)) delete pool.options[name as keyof Limits]
      return pool.connect()
    })
    try {
      isPooled ??= await hasLostLimits(client as unknown as Parameters<typeof hasLostLimits>[0], LIMITS)
      if (isPooled) statements.stop()
      await prepare(client)
    } catch (error) {
      client.release(error as Error)
      throw error
    }
    return client
  }
  return {
    connect,
    watch: (client: pg.PoolClient) => void asking.set(client, client.query.bind(client) as never),
  }
}
