import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../shared/store/database.ts'
import { checkSchema, migrate, oldestProgramOf, readMigrations } from '../../shared/store/migrations.ts'
import { BARE_ENVIRONMENT } from '../helpers/bare-environment.ts'
import { useStore } from '../helpers/services/store.ts'

const START = fileURLToPath(new URL('../../cli/afterturn.ts', import.meta.url))
const store = useStore()

let database: Database
let applied: { name: string; checksum: string }[]

beforeAll(async () => {
  database = openDatabase({ url: store.url, poolSize: 2 })
  applied = await rows()
})
afterEach(async () => {
  await sql`delete from schema_migrations`.execute(database)
  for (const { name, checksum } of applied)
    await sql`insert into schema_migrations (name, checksum) values (${name}, ${checksum})`.execute(database)
})
afterAll(() => database.destroy())

const rows = async () =>
  (
    await sql<{ name: string; checksum: string }>`select name, checksum from schema_migrations order by name`.execute(
      database,
    )
  ).rows
const outdated = (message: string) => ({ code: 'STORE_OUTDATED', message: expect.stringContaining(message) })

describe('migrations', () => {
  it('are applied once', async () => {
    await checkSchema(database)
    expect(await migrate(store.url)).toEqual([])
    expect(await rows()).toEqual(applied)
  })

  it('whose file has changed since are refused', async () => {
    const { name } = applied[0] as { name: string }
    await sql`update schema_migrations set checksum = 'other' where name = ${name}`.execute(database)
    await expect(checkSchema(database)).rejects.toMatchObject(outdated(name))
    await expect(migrate(store.url)).rejects.toMatchObject(outdated(name))
  })

  it('that this program does not know mean a newer database, which is left alone', async () => {
    await sql`insert into schema_migrations (name, checksum) values ('9999_later.sql', 'x')`.execute(database)
    await expect(checkSchema(database)).rejects.toMatchObject({
      ...outdated('newer than this program: it has 9999_later.sql'),
      remedy: expect.stringContaining('Update this program'),
    })
    await expect(migrate(store.url)).rejects.toMatchObject(outdated('9999_later.sql'))
  })

  it('that name this program, or an older one, as the oldest beside them leave it running', async () => {
    const own = Number(applied.at(-1)?.name.slice(0, 4))
    const add = (name: string, oldest: number | null) =>
      sql`insert into schema_migrations (name, checksum, oldest_program) values (${name}, 'x', ${oldest})`.execute(
        database,
      )
    await add('9998_expand.sql', own)
    await checkSchema(database)
    expect(await migrate(store.url)).toEqual([])
    await add('9999_contract.sql', 9999)
    await expect(checkSchema(database)).rejects.toMatchObject(outdated('it has 9999_contract.sql.'))
    // Another branch's, not a later program's.
    await sql`delete from schema_migrations where name = '9999_contract.sql'`.execute(database)
    await add('0000_fork.sql', 0)
    await expect(checkSchema(database)).rejects.toMatchObject(outdated('it has 0000_fork.sql.'))
  })

  it('of a table from before that column are read as they were', async () => {
    await sql`alter table schema_migrations drop column oldest_program`.execute(database)
    await checkSchema(database)
    expect(await migrate(store.url)).toEqual([])
    await checkSchema(database)
  })

  it('that programs run beside take nothing away', async () => {
    const expanding = (await readMigrations()).filter((one) => oldestProgramOf(one) < Number(one.name.slice(0, 4)))
    const takes = expanding.filter(({ text }) => /\bdrop (table|column)\b|\brename\b|\bset not null\b/i.test(text))
    expect(takes.map(({ name }) => name)).toEqual([])
    expect(oldestProgramOf({ name: '0099_x.sql', text: '-- Why.\n-- oldest program: 0098\nselect 1' })).toBe(98)
    expect(oldestProgramOf({ name: '0099_x.sql', text: 'select 1' })).toBe(99)
  })

  it('that are missing are named by a worker, and not applied by it', async () => {
    const { name } = applied.at(-1) as { name: string }
    await sql`delete from schema_migrations where name = ${name}`.execute(database)
    await expect(checkSchema(database)).rejects.toMatchObject(outdated(`lacks ${name}`))
    expect(await rows()).toEqual(applied.slice(0, -1))
  })

  it('that fail leave nothing of themselves, and no lock', async () => {
    const { name } = applied.at(-1) as { name: string }
    await sql`delete from schema_migrations where name = ${name}`.execute(database)
    // Its tables are there: it cannot be applied again.
    await expect(migrate(store.url)).rejects.toThrow('already exists')
    await expect(migrate(store.url)).rejects.toThrow('already exists')
    expect(await rows()).toEqual(applied.slice(0, -1))
  })

  it('of an empty database are applied whole, and once when several runners start together', async () => {
    await sql`drop schema public cascade`.execute(database)
    await sql`create schema public`.execute(database)
    await expect(checkSchema(database)).rejects.toMatchObject(outdated('lacks'))
    // PGlite has one owner, and so one runner.
    const done = await Promise.all(Array.from({ length: store.isPglite ? 1 : 4 }, () => migrate(store.url)))
    expect(done.flat().sort()).toEqual(applied.map(({ name }) => name))
    await checkSchema(database)
    expect(await rows()).toEqual(applied)
  })

  it('are applied by `npm start -- migrate` on PostgreSQL, and on a PGlite by its owner only', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [START, 'migrate'], {
      env: { ...BARE_ENVIRONMENT, DATABASE_URL: store.url },
      encoding: 'utf8',
    })
    const refusal = /CONFIG_INVALID: .*a PGlite is migrated by its `store` process/
    if (store.isPglite) expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(refusal) })
    else expect({ status, stdout }).toEqual({ status: 0, stdout: 'The schema is up to date.\n' })
  })

  it('need no `store` process on PostgreSQL: it says so, and ends', () => {
    const { status, stderr } = spawnSync(process.execPath, [START, 'store', '/nonexistent'], {
      env: { ...BARE_ENVIRONMENT, DATABASE_URL: 'postgresql://127.0.0.1:1/none' },
      encoding: 'utf8',
    })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/CONFIG_INVALID: .*no process would use this `store`/),
    })
  })

  it.skipIf(store.isPglite)('have as much time as they take, and wait for a table for a minute', async () => {
    await sql`create table limits (statement text, lock text)`.execute(database)
    await sql`create function note_limits() returns event_trigger language plpgsql as
      'begin insert into limits values (current_setting(''statement_timeout''), current_setting(''lock_timeout'')); end'`.execute(
      database,
    )
    await sql`create event trigger note_limits on ddl_command_start execute function note_limits()`.execute(database)
    await migrate(store.url)
    await sql`drop event trigger note_limits`.execute(database)
    const { rows } = await sql`select distinct statement, lock from limits`.execute(database)
    await sql`drop table limits`.execute(database)
    await sql`drop function note_limits`.execute(database)
    expect(rows).toEqual([{ statement: '0', lock: '1min' }])
  })
})
