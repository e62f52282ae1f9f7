import { sql } from 'kysely'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { type Database, openDatabase } from '../../shared/store/database.ts'
import { asStoreError } from '../../shared/store/store-errors.ts'

/** Statements that come again and again: PostgreSQL plans them once a session, and through a pooler they work as they are. */

const USES = 6

const databases: Database[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.destroy()
})

function open(url: string, poolSize = 1): Database {
  const database = openDatabase({ url, poolSize })
  databases.push(database)
  return database
}

const ask = async (database: Database, n: number) =>
  (await sql<{ n: number }>`select ${n}::int + 1 as n`.execute(database)).rows[0]?.n
const countPrepared = async (database: Database) =>
  (await sql`select 1 from pg_prepared_statements where name like 'afterturn%'`.execute(database)).rows.length

describe.skipIf(inject('servicesSkipReason'))('statements that come again', () => {
  it('are prepared, and those that come once are not', async () => {
    const database = open(inject('postgresUrl'))
    expect(await countPrepared(database)).toBe(0)
    for (let use = 1; use <= USES; use++) expect(await ask(database, use)).toBe(use + 1)
    expect(await countPrepared(database)).toBe(1)
  })

  it('work on when the session has lost them, but for the transaction that noticed, which may be repeated', async () => {
    const database = open(inject('postgresUrl'))
    for (let use = 1; use <= USES; use++) await ask(database, use)
    await sql`deallocate all`.execute(database)
    expect(await ask(database, 1)).toBe(2)
    const other = open(inject('postgresUrl'))
    for (let use = 1; use <= USES; use++) await ask(other, use)
    await sql`deallocate all`.execute(other)
    const inTransaction = () => other.transaction().execute((transaction) => ask(transaction, 1))
    const error = await inTransaction().catch(asStoreError)
    expect(error).toMatchObject({ code: 'STORE_BUSY', recorded: 'no' })
    expect(await inTransaction()).toBe(2)
  })

  it('work when what they select has changed', async () => {
    const database = open(inject('postgresUrl'))
    await sql`create temporary table t as select 1 as x`.execute(database)
    const all = async () => (await sql`select * from t where x < ${2}`.execute(database)).rows
    for (let use = 1; use <= USES; use++) expect(await all()).toEqual([{ x: 1 }])
    await sql`alter table t add column y int`.execute(database)
    for (let use = 1; use <= USES; use++) expect(await all()).toEqual([{ x: 1, y: null }])
  })

  it('are not prepared through a pooler', async () => {
    const database = open(inject('pgbouncerUrl'), 4)
    const answers = Array.from({ length: 40 }, (_, n) => ask(database, n))
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
    expect(await countPrepared(database)).toBe(0)
  })
})
