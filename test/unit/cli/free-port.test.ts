import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { findFreePort } from '../../../cli/services/free-port.ts'

it('a port that is taken, or meant for another, is passed over', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  const found = await findFreePort('127.0.0.1', port)
  expect(found).toBeGreaterThan(port)
  expect(await findFreePort('127.0.0.1', port, [found])).toBeGreaterThan(found)
  server.close()
  await once(server, 'close')
})
