import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Database, openDatabase } from '../../shared/store/database.ts'
import { checkSchema, migrate } from '../../shared/store/migrations.ts'
import { useStore } from '../helpers/store.ts'

const store = useStore()
const options = { hasAdvisoryLocks: !store.isPglite }

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
    expect(await migrate(database, options)).toEqual([])
    expect(await rows()).toEqual(applied)
  })

  it('whose file has changed since are refused', async () => {
    const { name } = applied[0] as { name: string }
    await sql`update schema_migrations set checksum = 'other' where name = ${name}`.execute(database)
    await expect(checkSchema(database)).rejects.toMatchObject(outdated(name))
    await expect(migrate(database, options)).rejects.toMatchObject(outdated(name))
  })

  it('that this program does not know mean a newer database, which is left alone', async () => {
    await sql`insert into schema_migrations (name, checksum) values ('9999_later.sql', 'x')`.execute(database)
    await expect(checkSchema(database)).rejects.toMatchObject({
      ...outdated('newer than this program: it has 9999_later.sql'),
      whatToDo: expect.stringContaining('Update this program'),
    })
    await expect(migrate(database, options)).rejects.toMatchObject(outdated('9999_later.sql'))
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
    await expect(migrate(database, options)).rejects.toThrow('already exists')
    await expect(migrate(database, options)).rejects.toThrow('already exists')
    expect(await rows()).toEqual(applied.slice(0, -1))
  })

  it('of an empty database are applied whole, and once when several runners start together', async () => {
    await sql`drop schema public cascade`.execute(database)
    await sql`create schema public`.execute(database)
    await expect(checkSchema(database)).rejects.toMatchObject(outdated('lacks'))
    // PGlite has one owner, and so one runner.
    const runners = Array.from({ length: store.isPglite ? 1 : 4 }, () => openDatabase({ url: store.url, poolSize: 1 }))
    const done = await Promise.all(runners.map((runner) => migrate(runner, options)))
    await Promise.all(runners.map((runner) => runner.destroy()))
    expect(done.flat().sort()).toEqual(applied.map(({ name }) => name))
    await checkSchema(database)
    expect(await rows()).toEqual(applied)
  })
})
