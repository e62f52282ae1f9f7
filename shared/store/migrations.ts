import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { AfterturnError } from '../errors.ts'
import { type Database, isPgliteUrl, openDatabase } from './database.ts'
import { asStoreError } from './store-errors.ts'

/** Owns the schema's version: numbered SQL files, applied once and in order. Workers only check it; the store's owner or `npm start -- migrate` applies. */

const FOLDER = new URL('./migrations/', import.meta.url)
/** Any constant: it names the one advisory lock that the product takes on PostgreSQL. */
const ADVISORY_LOCK = 7_183_526
/** Everyone who needs the table waits behind a migration that waits for it. Longer than any statement of the fleet may take. */
const LOCK_TIMEOUT_MS = 60_000
const LOCK_NOT_AVAILABLE = '55P03'
/** No text of PostgreSQL has this character. */
const STATEMENT_END = '\0'

type Migration = { readonly name: string; readonly text: string; readonly checksum: string }
type Applied = { readonly name: string; readonly checksum: string; readonly oldestProgram: number | null }

/**
 * The header of an expand migration: the number of the oldest program that runs beside it. A program's number is that of its newest migration.
 * Without this line a migration is a contract, and only programs that have it run.
 */
const OLDEST_PROGRAM = /^-- oldest program: (\d{4})$/m

/**
 * Applies what is missing, each file in a transaction of its own, and answers with their names. Several at once wait for each other.
 * @throws STORE_OUTDATED when an applied file has changed since, or the database is too new for this program.
 * @throws STORE_UNAVAILABLE when it does not answer, or others keep a table that a migration needs; what is not applied yet can be repeated.
 */
export async function migrate(url: string): Promise<string[]> {
  // A connection of its own, without the limits of a query: to build an index may take hours, and so may the wait for who builds it.
  const database = openDatabase({ url, poolSize: 1, queryTimeoutMs: 0 })
  try {
    // A PGlite has one owner, which runs this, and one session, whose settings are everybody's.
    return await applyMissing(database, isPgliteUrl(url) ? async () => {} : takeTurn)
  } catch (error) {
    if ((error as { code?: string }).code !== LOCK_NOT_AVAILABLE) throw asStoreError(error)
    throw new AfterturnError(
      'STORE_UNAVAILABLE',
      `A migration has waited ${LOCK_TIMEOUT_MS / 1_000} s for a table that others use.`,
      { cause: error, remedy: 'Run it again when they have ended; it goes on where it was.' },
    )
  } finally {
    await database.destroy()
  }
}

type TakeTurn = (transaction: Database) => Promise<void>

/** The lock is the transaction's, and so are the settings: a pooler may give the next one another session. */
async function takeTurn(transaction: Database): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(transaction)
  await sql`set local lock_timeout = 0`.execute(transaction)
  await sql`select pg_advisory_xact_lock(${ADVISORY_LOCK})`.execute(transaction)
  await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(transaction)
}

async function applyMissing(database: Database, takeTurn: TakeTurn): Promise<string[]> {
  await database.transaction().execute(async (transaction) => {
    await takeTurn(transaction)
    await sql`create table if not exists schema_migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`.execute(
      transaction,
    )
    await sql`alter table schema_migrations add column if not exists oldest_program int`.execute(transaction)
  })
  const missing = await missingMigrations(database)
  const applied: Migration[] = []
  for (const migration of missing) {
    await database.transaction().execute(async (transaction) => {
      await takeTurn(transaction)
      // Another may have had its turn before.
      const { rows } = await sql`select from schema_migrations where name = ${migration.name}`.execute(transaction)
      if (rows.length > 0) return
      applied.push(migration)
      for (const statement of statementsOf(migration.text)) await sql.raw(statement).execute(transaction)
      await sql`insert into schema_migrations (name, checksum, oldest_program)
        values (${migration.name}, ${migration.checksum}, ${oldestProgramOf(migration)})`.execute(transaction)
    })
  }
  return applied.map((migration) => migration.name)
}

/** The number of a migration, with which its name begins; undefined for another name. */
function numberOf(name: string): number | undefined {
  const [, digits] = /^(\d{4})_/.exec(name) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** The number of the oldest program that runs on a database with this migration. */
export function oldestProgramOf({ name, text }: Pick<Migration, 'name' | 'text'>): number {
  return Number(OLDEST_PROGRAM.exec(text)?.[1] ?? numberOf(name))
}

/**
 * Refuses a database whose schema this program does not fit. A newer one is accepted if each of its unknown migrations names this program or an older one
 * as the oldest that runs beside it.
 * @throws STORE_OUTDATED
 */
export async function checkSchema(database: Database): Promise<void> {
  const { rows } = await sql<{ found: boolean }>`select to_regclass('schema_migrations') is not null as found`.execute(
    database,
  )
  const missing = rows[0]?.found ? await missingMigrations(database) : await readMigrations()
  if (missing.length > 0) {
    throw new AfterturnError(
      'STORE_OUTDATED',
      `The database lacks ${missing.map((migration) => migration.name).join(', ')}.`,
    )
  }
}

async function missingMigrations(database: Database): Promise<Migration[]> {
  // As JSON: a program of before the column has made the table without it.
  const { rows } = await sql<Applied>`
    select name, checksum, (to_jsonb(m) ->> 'oldest_program')::int as "oldestProgram" from schema_migrations m`.execute(
    database,
  )
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const known = await readMigrations()
  for (const { name, checksum } of known) {
    if ((applied.get(name) ?? checksum) !== checksum) {
      throw new AfterturnError(
        'STORE_OUTDATED',
        `Migration ${name} was applied with other content; a migration never changes once it is released.`,
        { remedy: 'Run the version that migrated the database, or restore the file as it was released.' },
      )
    }
    applied.delete(name)
  }
  const programNumber = numberOf(known.at(-1)?.name ?? '') ?? 0
  const runsBeside = ({ name, oldestProgram }: Applied) =>
    (numberOf(name) ?? 0) > programNumber && oldestProgram !== null && oldestProgram <= programNumber
  const unfit = rows.filter((row) => applied.has(row.name) && !runsBeside(row)).map(({ name }) => name)
  if (unfit.length > 0) {
    throw new AfterturnError('STORE_OUTDATED', `The database is newer than this program: it has ${unfit.join(', ')}.`, {
      remedy: 'Update this program to the version that migrated the database, or use another database.',
    })
  }
  const names = new Set(rows.map((row) => row.name))
  return known.filter((migration) => !names.has(migration.name))
}

/** The migrations of this program, in order. */
export async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, FOLDER), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** One statement at a time, as the extended protocol wants; the only semicolons inside a statement are in the body of a function, between `$$`. */
function statementsOf(text: string): string[] {
  const parts = text.replace(/--.*$/gm, '').split('$$')
  // Every second part is the body of a function, whose semicolons end nothing.
  const marked = parts.map((part, at) => (at % 2 === 0 ? part.replaceAll(';', STATEMENT_END) : part))
  return marked
    .join('$$')
    .split(STATEMENT_END)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
