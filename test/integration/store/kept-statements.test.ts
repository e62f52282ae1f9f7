import type { Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type PgliteServer, servePglite } from '../../../shared/store/pglite/pglite-server.ts'
import { ONE_PLAN_MARK } from '../../../shared/store/planned-once.ts'
import { openPglite } from '../../helpers/services/pglite.ts'

const ASKED = `${ONE_PLAN_MARK} select x from t where x >= $1 order by x`
const OFTEN = 6

let db: PGlite
let server: PgliteServer
let clients: pg.Client[]
beforeAll(async () => {
  db = await openPglite()
})
beforeEach(async () => {
  server = await servePglite(db)
  clients = [await open(), await open()]
  await db.exec('drop table if exists t; create table t (x int, text text); insert into t values (1), (2)')
})
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()))
  await server.stop()
  await db.exec('deallocate all')
})
afterAll(() => db.close())

async function open(): Promise<pg.Client> {
  const client = new pg.Client({ host: server.socketDir, user: 'postgres', database: 'postgres' })
  await client.connect()
  return client
}
const [one, other] = [() => clients[0] as pg.Client, () => clients[1] as pg.Client]
const askOften = async (text: string, values: unknown[], times = OFTEN) => {
  for (let time = 0; time < times; time += 1) await one().query(text, values)
}
type Plan = { readonly name: string; readonly statement: string; readonly plans: number }
const plans = async () =>
  (await db.query<Plan>('select name, statement, generic_plans + custom_plans as plans from pg_prepared_statements'))
    .rows

describe('a statement with one plan for all parameters', () => {
  it('is parsed once for all clients', async () => {
    await askOften(ASKED, [1])
    await other().query(ASKED, [2])
    const kept = await plans()
    expect(kept.map(({ statement }) => statement)).toEqual([ASKED])
    expect(kept[0]?.plans).toBeGreaterThanOrEqual(OFTEN - 1)
  })

  it('is answered byte by byte as at first', async () => {
    const answers: Buffer[] = []
    const { stream } = (one() as unknown as { connection: { stream: Socket } }).connection
    stream.on('data', (data) => answers.push(data))
    for (let time = 0; time < OFTEN; time += 1) {
      answers.push(Buffer.from('|'))
      await one().query(ASKED, [2])
    }
    const [, first, ...others] = Buffer.concat(answers).toString('latin1').split('|')
    expect(others).toEqual(others.map(() => first))
  })

  it('has the columns that its table has now', async () => {
    const all = `${ONE_PLAN_MARK} select * from t where x = $1`
    await askOften(all, [1])
    await other().query('alter table t add column added int default 7')
    expect((await one().query(all, [1])).rows).toEqual([{ x: 1, text: null, added: 7 }])
  })

  it('is planned anew once much has been written', async () => {
    await askOften(ASKED, [1])
    const [before] = await plans()
    await other().query('insert into t values (3, $1)', ['x'.repeat(200_000)])
    await one().query(ASKED, [1])
    expect(await plans()).toMatchObject([{ name: before?.name }])
    await other().query('insert into t values (4, $1)', ['x'.repeat(200_000)])
    expect((await one().query(ASKED, [2])).rows).toEqual([{ x: 2 }, { x: 3 }, { x: 4 }])
    const after = await plans()
    expect(after.map(({ statement }) => statement)).toEqual([ASKED])
    expect(after[0]?.name).not.toBe(before?.name)
  })

  it('is planned anew inside a transaction, whose client gets its own answers', async () => {
    await askOften(ASKED, [1])
    await one().query('begin')
    await one().query('insert into t values (3, $1)', ['x'.repeat(300_000)])
    expect((await one().query(ASKED, [2])).rows).toEqual([{ x: 2 }, { x: 3 }])
    expect((await one().query('select $1::int as n', [4])).rows).toEqual([{ n: 4 }])
    expect((await one().query(ASKED, [3])).rows).toEqual([{ x: 3 }])
    await one().query('rollback')
    expect((await other().query(ASKED, [2])).rows).toEqual([{ x: 2 }])
  })

  it('fails with the error of its parameters, and goes on', async () => {
    await askOften(ASKED, [1])
    await expect(one().query(ASKED, ['no number'])).rejects.toMatchObject({ code: '22P02' })
    expect((await one().query(ASKED, [2])).rows).toEqual([{ x: 2 }])
  })

  it('in a transaction that has failed is refused, and runs after it', async () => {
    await one().query('begin')
    await expect(one().query('select 1 / $1::int', [0])).rejects.toMatchObject({ code: '22012' })
    for (let time = 0; time < OFTEN; time += 1)
      await expect(one().query(ASKED, [1])).rejects.toMatchObject({ code: '25P02' })
    await one().query('rollback')
    await askOften(ASKED, [1])
    expect((await one().query(ASKED, [2])).rows).toEqual([{ x: 2 }])
  })

  it('is parsed again when a client has let go of all', async () => {
    await askOften(ASKED, [1])
    await other().query('deallocate all')
    expect((await one().query(ASKED, [2])).rows).toEqual([{ x: 2 }])
  })
})

it('no other statement is kept: without the mark, without parameters, with a name of its own, or one that changes tables', async () => {
  const named = { name: 'mine', text: `${ONE_PLAN_MARK} select $1::int as n` }
  for (let time = 0; time < OFTEN; time += 1) {
    await one().query('select x from t where x >= $1', [1])
    await one().query(`${ONE_PLAN_MARK} select x from t`)
    await one().query('drop table if exists gone')
  }
  await one().query({ ...named, values: [1] })
  expect((await one().query({ ...named, values: [2] })).rows).toEqual([{ n: 2 }])
  expect((await plans()).map(({ statement }) => statement)).toEqual([named.text])
})

it('of many statements the last are kept', async () => {
  const texts = Array.from({ length: 400 }, (_, nth) => `${ONE_PLAN_MARK} select x + ${nth} as n from t where x = $1`)
  for (const text of texts) await one().query(text, [1])
  const kept = (await plans()).map(({ statement }) => statement)
  expect(kept.length).toBeLessThanOrEqual(150)
  expect(kept).toContain(texts.at(-1))
  expect(kept).not.toContain(texts[0])
})
