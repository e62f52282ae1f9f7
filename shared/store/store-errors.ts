import pg from 'pg'
import { AfterturnError, type ErrorCode, type Recorded } from '../errors.ts'
import { commandText } from '../processes/command-text.ts'

/**
 * Owns what a failure of the store means: which code of the catalogue, whether something may have been written all the same, and what to do.
 * Guarantees: every answer of PostgreSQL and every failure of a connection has a code. Must not touch what is no failure of the store: that is a bug to be seen.
 */

type Meaning = { readonly code: ErrorCode; readonly recorded: Recorded; readonly remedy?: string }

/** By SQLSTATE, the first that fits. A statement that fails takes its transaction with it; a server that ends may have committed before. */
const SQLSTATES: readonly (readonly [RegExp, Meaning])[] = [
  // Serialization, deadlock, lock and statement timeouts, transactions that idle or last too long, prepared statements behind a pooler.
  [/^(40001|40P01|55P03|57014|25P03|25P04|26000|42P05)$/, { code: 'STORE_BUSY', recorded: 'no' }],
  // Refused before there was a session: too many of them, starting up, a proxy without a server.
  [/^(53300|57P03|08001|08004)$/, { code: 'STORE_UNAVAILABLE', recorded: 'no' }],
  [
    /^25006$/,
    {
      code: 'STORE_UNAVAILABLE',
      recorded: 'no',
      remedy: 'Repeat the call after a failover; else let DATABASE_URL name the primary, not a read-only replica.',
    },
  ],
  [
    /^53100$/,
    { code: 'STORE_UNAVAILABLE', recorded: 'unknown', remedy: 'Free disk space of the store, then repeat the call.' },
  ],
  [/^(08|53|57P|58|40003)/, { code: 'STORE_UNAVAILABLE', recorded: 'unknown' }],
  // A text that no field's own check has refused: NUL, or an escape of JSON that stands for no character.
  [/^(22021|22P05)$/, { code: 'INPUT_INVALID', recorded: 'no' }],
  [/^28/, { code: 'STORE_FAILED', recorded: 'no', remedy: 'Check the user and the password in DATABASE_URL.' }],
  [
    /^3D000$/,
    { code: 'STORE_FAILED', recorded: 'no', remedy: 'Create the database that DATABASE_URL names, or name another.' },
  ],
  [
    /^(42P01|42703)$/,
    {
      code: 'STORE_OUTDATED',
      recorded: 'no',
      remedy: 'Check that DATABASE_URL names the right database, then run the migrations: `npm start -- migrate`.',
    },
  ],
  [
    /^42501$/,
    { code: 'STORE_FAILED', recorded: 'no', remedy: 'Grant the user in DATABASE_URL the rights that it lacks.' },
  ],
  [/^XX/, { code: 'STORE_FAILED', recorded: 'unknown' }],
  [/^/, { code: 'STORE_FAILED', recorded: 'no' }],
]

const NO_SOCKET: Meaning = {
  code: 'STORE_UNAVAILABLE',
  recorded: 'no',
  remedy: `Start the store, as \`${commandText('dev')}\` does: its socket is not there.`,
}

/** A pooler gives every refusal of its own this code: an outage behind it, and what it will never take. */
const OF_POOLER = '08P01'
const POOLER_MESSAGES: readonly (readonly [RegExp, Meaning])[] = [
  [
    /unsupported startup parameter/,
    {
      code: 'STORE_FAILED',
      recorded: 'no',
      remedy:
        'Let the pooler take it (PgBouncer: ignore_startup_parameters), or let DATABASE_URL name PostgreSQL itself.',
    },
  ],
  // Of its own settings, not of an outage behind it.
  [
    /no such database|no such user|not allowed|authentication failed|auth_query|TLS required|SSL required/i,
    {
      code: 'STORE_FAILED',
      recorded: 'no',
      remedy: 'Check DATABASE_URL, and that the pooler knows its database and user.',
    },
  ],
  [/server|timeout|connection|shutdown|shutting down|login/i, { code: 'STORE_UNAVAILABLE', recorded: 'unknown' }],
  [/^/, { code: 'STORE_FAILED', recorded: 'no' }],
]

/** By what the driver and the sockets below it say, where the server said nothing; the first that fits. */
const DRIVER_MESSAGES: readonly (readonly [RegExp, Meaning])[] = [
  [
    /^SASL|client password must be/,
    { code: 'STORE_FAILED', recorded: 'no', remedy: 'Check the user and the password in DATABASE_URL.' },
  ],
  [
    /does not support SSL|establishing an SSL|certificate|altname/i,
    { code: 'STORE_FAILED', recorded: 'no', remedy: 'Check `sslmode` in DATABASE_URL and the server’s certificate.' },
  ],
  [/already been destroyed|after calling end on the pool/, { code: 'RUNTIME_CLOSED', recorded: 'no' }],
  [
    /^(timeout exceeded when trying to connect|timeout expired|Connection terminated due to connection timeout)/,
    { code: 'STORE_UNAVAILABLE', recorded: 'no' },
  ],
  [
    /^(Connection terminated|Query read timeout|Client (has encountered|was closed)|Received unexpected)/,
    { code: 'STORE_UNAVAILABLE', recorded: 'unknown' },
  ],
]

/** A store failure as the catalogue knows it; anything else is returned as it came. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof AfterturnError || !(error instanceof Error)) return error
  const meaning = error instanceof pg.DatabaseError ? meaningOfServer(error) : meaningOfDriver(error)
  if (!meaning) return error
  const { code, ...details } = meaning
  const says = code === 'STORE_UNAVAILABLE' ? 'The store did not answer' : 'The store refused'
  return new AfterturnError(code, `${says}: ${messageOf(error)}`, { cause: error, ...details })
}

function meaningOf(meanings: readonly (readonly [RegExp, Meaning])[], text: string): Meaning | undefined {
  return meanings.find(([pattern]) => pattern.test(text))?.[1]
}

function meaningOfServer({ code = '', message }: pg.DatabaseError): Meaning | undefined {
  return code === OF_POOLER ? meaningOf(POOLER_MESSAGES, message) : meaningOf(SQLSTATES, code)
}

function meaningOfDriver(error: Error & { code?: unknown; syscall?: unknown }): Meaning | undefined {
  const known = meaningOf(DRIVER_MESSAGES, error.message)
  if (known) return known
  // Several addresses were tried: each has its own failure, and none led to a session.
  if (error instanceof AggregateError && error.errors.every((one: { syscall?: unknown }) => one.syscall === 'connect'))
    return { code: 'STORE_UNAVAILABLE', recorded: 'no' }
  if (typeof error.syscall !== 'string') return undefined
  if (error.code === 'ENOENT') return NO_SOCKET
  const isBeforeSession = error.syscall === 'connect' || error.syscall.startsWith('getaddrinfo')
  return { code: 'STORE_UNAVAILABLE', recorded: isBeforeSession ? 'no' : 'unknown' }
}

function messageOf(error: Error): string {
  const parts = error instanceof AggregateError ? error.errors.map((part: Error) => part.message) : [error.message]
  return parts.join('; ')
}
