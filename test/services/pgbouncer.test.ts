import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, describe, expect, inject, it } from 'vitest'
import { type Database, openDatabase } from '../../shared/store/database.ts'
import { asStoreError } from '../../shared/store/store-errors.ts'

/** PgBouncer in transaction mode; the contracts of the store run by way of it in a project of their own. */

const IGNORED = 'statement_timeout, lock_timeout, idle_in_transaction_session_timeout'
const LIMITS = { statement_timeout: '30s', lock_timeout: '10s', idle_in_transaction_session_timeout: '10s', jit: 'off' }

const databases: Database[] = []
afterEach(async () => {
  for (const database of databases.splice(0)) await database.destroy()
})

function open(url = inject('pgbouncerUrl')): Database {
  const database = openDatabase({ url, poolSize: 2 })
  databases.push(database)
  return database
}

async function onConsole(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inject('pgbouncerUrl').replace(/[^/]*$/, 'pgbouncer') })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

const limitsOf = async (database: Database) =>
  (
    await sql<object>`select current_setting('statement_timeout') as statement_timeout, current_setting('lock_timeout') as lock_timeout,
      current_setting('idle_in_transaction_session_timeout') as idle_in_transaction_session_timeout, current_setting('jit') as jit`.execute(
      database,
    )
  ).rows[0]

describe.skipIf(inject('servicesSkipReason')).each([
  ['refuses the limits', ''],
  ['ignores the limits', IGNORED],
])('a pooler that %s', (_, ignored) => {
  it('leaves them in force in each transaction and each statement', async () => {
    await onConsole(`SET ignore_startup_parameters = '${ignored}'`)
    const database = open()
    expect(await limitsOf(database)).toEqual(LIMITS)
    expect(await database.transaction().execute(limitsOf)).toEqual(LIMITS)
    await expect(sql`select 1 / 0`.execute(database)).rejects.toThrow('division by zero')
    expect(await limitsOf(database)).toEqual(LIMITS)
  })
})

it.skipIf(inject('servicesSkipReason'))('without a pooler they are in force too', async () => {
  expect(await limitsOf(open(inject('postgresUrl')))).toEqual(LIMITS)
})

describe.skipIf(inject('servicesSkipReason'))('a pooler', () => {
  it('that loses a session in the middle of a transaction is an outage; the next one works', async () => {
    const database = open()
    const lost = database
      .transaction()
      .execute(async (transaction) => {
        const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction)
        const direct = new pg.Client({ connectionString: inject('postgresUrl') })
        await direct.connect()
        await direct.query('select pg_terminate_backend($1)', [rows[0]?.pid]).finally(() => direct.end())
        await sql`select 1`.execute(transaction)
      })
      .catch(asStoreError)
    expect(await lost).toMatchObject({ code: 'STORE_UNAVAILABLE', retryable: true })
    expect(await limitsOf(database)).toEqual(LIMITS)
  })

  it('that refuses a login for good is not called retryable', async () => {
    const url = new URL(inject('pgbouncerUrl'))
    url.password = 'wrong'
    const database = openDatabase({ url: url.href, poolSize: 1 })
    databases.push(database)
    expect(await limitsOf(database).catch(asStoreError)).toMatchObject({ code: 'STORE_FAILED', retryable: false })
  })
})
