import { Socket } from 'node:net'
import pg from 'pg'
import { expect, it, vi } from 'vitest'
import { servePglite } from '../../../shared/store/pglite/pglite-server.ts'
import { openPglite } from '../../helpers/services/pglite.ts'

it('a statement with parameters is answered in one write', async () => {
  const db = await openPglite()
  const server = await servePglite(db)
  const client = new pg.Client({ host: server.socketDir, user: 'postgres', database: 'postgres' })
  await client.connect()
  const own = (client as unknown as { connection: { stream: Socket } }).connection.stream
  const write = vi.spyOn(Socket.prototype, 'write')
  try {
    const { rows } = await client.query('select n from generate_series(1, $1::int) as n', [3])
    expect(rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    expect(write.mock.contexts.filter((socket) => socket !== own)).toHaveLength(1)
  } finally {
    write.mockRestore()
    await client.end()
    await server.stop()
    await db.close()
  }
})
