import { PGlite } from '@electric-sql/pglite'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { openDatabase } from '../../shared/store/database.ts'
import { servePglite } from '../../shared/store/pglite-server.ts'

it('a connection that breaks inside a transaction is an error of the query, and does not end the process', async () => {
  const db = await PGlite.create()
  const server = await servePglite(db)
  const told: Error[] = []
  const database = openDatabase({ url: `pglite://${server.socketDir}`, onConnectionError: (error) => told.push(error) })
  const broken = database.transaction().execute(async (transaction) => {
    await sql`select 1`.execute(transaction)
    await server.stop()
    await sql`select 2`.execute(transaction)
  })
  await expect(broken).rejects.toThrow()
  expect(told.length).toBeGreaterThan(0)
  await database.destroy()
  await db.close()
})
