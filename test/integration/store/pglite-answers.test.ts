import { Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { type PgliteServer, servePglite } from '../../../shared/store/pglite/pglite-server.ts'
import { openPglite } from '../../helpers/services/pglite.ts'

const IDLE_TIMEOUT_MS = 100

let db: PGlite
let server: PgliteServer
let client: pg.Client
beforeAll(async () => {
  db = await openPglite()
})
beforeEach(async () => {
  server = await servePglite(db, { idleInTransactionTimeoutMs: IDLE_TIMEOUT_MS })
  client = new pg.Client({ host: server.socketDir, user: 'postgres', database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
})
afterEach(async () => {
  await client.end()
  await server.stop()
})
afterAll(() => db.close())

it('a statement with parameters is answered in one write', async () => {
  const own = (client as unknown as { connection: { stream: Socket } }).connection.stream
  const write = vi.spyOn(Socket.prototype, 'write')
  try {
    const { rows } = await client.query('select n from generate_series(1, $1::int) as n', [3])
    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(write.mock.contexts.filter((socket) => socket !== own)).toHaveLength(1)
  } finally {
    write.mockRestore()
  }
})

it('what a client sends in a transaction while the server is busy with other work is answered', async () => {
  await client.query('begin')
  // The server lives in this process, and sees now that the client is silent.
  await new Promise((resolve) => setImmediate(resolve))
  const busyUntilMs = performance.now() + 3 * IDLE_TIMEOUT_MS
  while (performance.now() < busyUntilMs);
  expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }])
  await client.query('rollback')
})
