import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { AfterturnError } from '../errors.ts'
import type { Database } from './database.ts'

/** Owns the schema's version: numbered SQL files, applied once and in order. Workers only check it; the store's owner or `npm start -- migrate` applies. */

const FOLDER = new URL('./migrations/', import.meta.url)
/** Any constant: it names the one advisory lock that the product takes on PostgreSQL. */
const ADVISORY_LOCK = 7_183_526

type Migration = { readonly name: string; readonly text: string; readonly checksum: string }

/**
 * Applies what is missing, each file in a transaction of its own.
 * @throws STORE_OUTDATED when an applied file has changed since, or the database is newer than this program.
 */
export async function migrate(database: Database, options: { hasAdvisoryLocks: boolean }): Promise<string[]> {
  return database.connection().execute(async (connection) => {
    if (options.hasAdvisoryLocks) await sql`select pg_advisory_lock(${ADVISORY_LOCK})`.execute(connection)
    try {
      await sql`create table if not exists schema_migrations (
        name text primary key, checksum text not null, applied_at timestamptz not null default now())`.execute(
        connection,
      )
      const missing = await missingMigrations(connection)
      for (const migration of missing) {
        await connection.transaction().execute(async (transaction) => {
          for (const statement of statementsOf(migration.text)) await sql.raw(statement).execute(transaction)
          await sql`insert into schema_migrations (name, checksum) values (${migration.name}, ${migration.checksum})`.execute(
            transaction,
          )
        })
      }
      return missing.map((migration) => migration.name)
    } finally {
      if (options.hasAdvisoryLocks) await sql`select pg_advisory_unlock(${ADVISORY_LOCK})`.execute(connection)
    }
  })
}

/**
 * Refuses a database whose schema is not this program's.
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
  const { rows } = await sql<{ name: string; checksum: string }>`select name, checksum from schema_migrations`.execute(
    database,
  )
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  const known = await readMigrations()
  for (const { name, checksum } of known) {
    if ((applied.get(name) ?? checksum) !== checksum) {
      throw new AfterturnError(
        'STORE_OUTDATED',
        `Migration ${name} was applied with other content; a migration never changes once it is released.`,
        { whatToDo: 'Run the version that migrated the database, or restore the file as it was released.' },
      )
    }
    applied.delete(name)
  }
  const newer = [...applied.keys()].filter((name) => known.every((migration) => migration.name !== name))
  if (newer.length > 0) {
    throw new AfterturnError('STORE_OUTDATED', `The database is newer than this program: it has ${newer.join(', ')}.`, {
      whatToDo: 'Update this program to the version that migrated the database, or use another database.',
    })
  }
  const names = new Set(rows.map((row) => row.name))
  return known.filter((migration) => !names.has(migration.name))
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, FOLDER), 'utf8')
      return { name, text, checksum: createHash('sha256').update(text).digest('hex') }
    }),
  )
}

/** One statement at a time, as the extended protocol wants; migrations hold no semicolon inside a statement. */
function statementsOf(text: string): string[] {
  return text
    .replace(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
