import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { type Database, openDatabase } from '../../../shared/store/database.ts'
import { checkSchema } from '../../../shared/store/migrations.ts'
import { ownStore } from '../../helpers/services/store.ts'

/** The stores of the tests themselves: what one file leaves, the next never meets. */

async function withStore<Result>(work: (database: Database, url: string) => Promise<Result>): Promise<Result> {
  const store = await ownStore()
  const database = openDatabase({ url: store.url, poolSize: 1 })
  try {
    return await work(database, store.url)
  } finally {
    await database.destroy()
    await store.stop()
  }
}

const leaveRows = async (database: Database) => {
  await database.insertInto('org_fences').values({ org_id: 'left', token: 7 }).execute()
  return (await sql<{ token: string }>`select nextval('org_fence_tokens') as token`.execute(database)).rows[0]?.token
}

it.each([
  ['rows', async () => {}],
  ['a table', (database: Database) => sql`create table left_behind ()`.execute(database)],
  ['a column', (database: Database) => sql`alter table turns rename column state to other`.execute(database)],
  ['nothing of the schema', (database: Database) => sql`drop schema public cascade`.execute(database)],
])('a file that leaves %s leaves them to nobody', async (_, change) => {
  const first = await withStore(async (database, url) => {
    const token = await leaveRows(database)
    await change(database)
    return { token, url }
  })
  const gone = openDatabase({ url: first.url, poolSize: 1 })
  await expect(sql`select 1`.execute(gone)).rejects.toThrow()
  await gone.destroy()
  await withStore(async (database) => {
    await checkSchema(database)
    expect(await database.selectFrom('org_fences').selectAll().execute()).toEqual([])
    expect(await leaveRows(database)).toBe(first.token)
    await database.selectFrom('turns').select('state').execute()
    await expect(sql`select 1 from left_behind`.execute(database)).rejects.toThrow('does not exist')
  })
})
