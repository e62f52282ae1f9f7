import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { closeServer, createBoundedServer } from '../../../../shared/processes/bounded-server.ts'

/** Clients that do not end what they began. */

const BOUNDS = { headersTimeoutMs: 100, requestTimeoutMs: 200, checkIntervalMs: 20 }
const held = Promise.withResolvers<void>()
const server = createBoundedServer(async (request, response) => {
  await request.toArray().catch(() => {})
  if (request.url === '/held') await held.promise
  response.end('whole')
}, BOUNDS)
let port = 0
beforeEach(async () => {
  if (server.listening) return
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as { port: number }).port
})
afterEach(() => server.closeAllConnections())

async function answerTo(bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.write(bytes)
  let answer = ''
  for await (const chunk of socket.setEncoding('utf8')) answer += chunk
  return answer
}

it.each([
  ['half a head', 'POST / HTTP/1.1\r\nHost: a\r\nContent-'],
  ['half a body', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf'],
])('who sends %s is cut off', async (_, bytes) => {
  expect(await answerTo(bytes)).toMatch(/^HTTP\/1.1 408 /)
})

it('a head that is too large is refused', async () => {
  expect(await answerTo(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /)
})

it('what is in flight ends before the server does, in bounded time', async () => {
  const answering = answerTo('GET /held HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  await once(server, 'request')
  const closed = closeServer(server, 30_000)
  held.resolve()
  expect(await answering).toContain('whole')
  await closed
})
