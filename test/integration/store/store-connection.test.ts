import type { PGlite } from '@electric-sql/pglite'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Database, type DatabaseOptions, openDatabase } from '../../../shared/store/database.ts'
import { type PgliteServer, servePglite } from '../../../shared/store/pglite/pglite-server.ts'
import { asStoreError } from '../../../shared/store/store-errors.ts'
import { openPglite } from '../../helpers/services/pglite.ts'

let db: PGlite
let server: PgliteServer
let databases: Database[]
let thaw: () => void

beforeAll(async () => {
  db = await openPglite()
})
beforeEach(async () => {
  server = await servePglite(db)
  databases = []
  thaw = () => {}
})
afterEach(async () => {
  thaw()
  await Promise.all(databases.map((database) => database.destroy()))
  await server.stop()
})
afterAll(() => db.close())

function open(options: Partial<DatabaseOptions> = {}): Database {
  const database = openDatabase({ url: `pglite://${server.socketDir}`, poolSize: 1, ...options })
  databases.push(database)
  return database
}

/** From here on nothing is answered until `thaw`. */
async function freeze(): Promise<void> {
  const frozen = Promise.withResolvers<void>()
  thaw = frozen.resolve
  await new Promise<void>((resolve) => {
    void db.runExclusive(() => {
      resolve()
      return frozen.promise
    })
  })
}

const select = (database: Database) => sql`select 1`.execute(database)
const meaningOf = (failing: Promise<unknown>) =>
  failing.then(
    () => {
      throw new Error('expected a failure')
    },
    (error) => asStoreError(error),
  )

it('a connection that breaks inside a transaction is an error of the query, and does not end the process', async () => {
  const told: Error[] = []
  const broken = open({ onConnectionError: (error) => told.push(error) })
    .transaction()
    .execute(async (transaction) => {
      await select(transaction)
      await server.stop()
      await select(transaction)
    })
  expect(await meaningOf(broken)).toMatchObject({ code: 'STORE_UNAVAILABLE', recorded: 'unknown' })
  expect(told.length).toBeGreaterThan(0)
})

describe('a store that freezes', () => {
  it('ends a query in time, and its connection is not used again', async () => {
    const database = open({ queryTimeoutMs: 200 })
    await select(database)
    await freeze()
    expect(await meaningOf(select(database))).toMatchObject({ code: 'STORE_UNAVAILABLE', recorded: 'unknown' })
    thaw()
    await select(database)
  })

  it('ends a transaction in the time of one query: its rollback does not wait for an answer too', async () => {
    const database = open({ queryTimeoutMs: 1_000 })
    const startedMs = performance.now()
    const writing = database.transaction().execute(async (transaction) => {
      await freeze()
      await select(transaction)
    })
    expect(await meaningOf(writing)).toMatchObject({ code: 'STORE_UNAVAILABLE', recorded: 'unknown' })
    expect(performance.now() - startedMs).toBeLessThan(1_900)
  })

  it('does not keep `destroy` waiting, nor the query that is under way', async () => {
    const database = open({ closeTimeoutMs: 200 })
    const asking = Promise.withResolvers<void>()
    const writing = database.transaction().execute(async (transaction) => {
      await freeze()
      asking.resolve()
      await select(transaction)
    })
    const failing = meaningOf(writing)
    await asking.promise
    const startedMs = performance.now()
    await database.destroy()
    expect(performance.now() - startedMs).toBeLessThan(1_500)
    expect(await failing).toMatchObject({ code: 'STORE_UNAVAILABLE', recorded: 'unknown' })
  })

  it('does not keep `destroy` waiting with connections that are idle', async () => {
    const database = open({ closeTimeoutMs: 200 })
    await select(database)
    await freeze()
    const startedMs = performance.now()
    await database.destroy()
    expect(performance.now() - startedMs).toBeLessThan(1_500)
  })
})

describe('what the store answers has a code', () => {
  it.each([
    ['select 1 / 0', 'STORE_FAILED'],
    ['select * from nowhere', 'STORE_OUTDATED'],
    ['selec 1', 'STORE_FAILED'],
  ])('%s: %s', async (statement, code) => {
    expect(await meaningOf(sql.raw(statement).execute(open()))).toMatchObject({ code, recorded: 'no' })
  })

  it('nobody listens there: nothing was written', async () => {
    const nowhere = await meaningOf(select(open({ url: 'pglite:///nowhere/at/all' })))
    expect(nowhere).toMatchObject({ code: 'STORE_UNAVAILABLE', recorded: 'no' })
    expect(nowhere).toMatchObject({ remedy: expect.stringContaining('Start the store') })
    const refused = await meaningOf(select(open({ url: 'postgresql://u@localhost:1/x' })))
    expect(refused).toMatchObject({ code: 'STORE_UNAVAILABLE', recorded: 'no', message: expect.stringMatching(/:1\b/) })
  })

  it('a pool that was closed', async () => {
    const database = open()
    await select(database)
    await database.destroy()
    expect(await meaningOf(select(database))).toMatchObject({ code: 'RUNTIME_CLOSED', recorded: 'no' })
  })
})
