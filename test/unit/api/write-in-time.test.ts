import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { Response } from 'express'
import { expect, it, onTestFinished } from 'vitest'
import { writeInTime } from '../../../api/http/write-in-time.ts'
import { listen } from '../../../shared/processes/listen.ts'

it('cuts off a client that takes nothing, and serves one that reads', async () => {
  const ends = [Promise.withResolvers<boolean>(), Promise.withResolvers<boolean>()]
  const part = 'x'.repeat(1_024 * 1_024)
  const server = createServer(async (request, response) => {
    let isTaken = true
    for (let n = 0; n < 64 && isTaken; n += 1) isTaken = await writeInTime(response as Response, part, 1_000)
    response.end()
    ends[request.url === '/reads' ? 0 : 1]?.resolve(isTaken)
  })
  onTestFinished(() => void server.close().closeAllConnections())
  const url = await listen(server, { host: '127.0.0.1', port: 0 }, 'api')
  const silent = connect(Number(new URL(url).port), '127.0.0.1').pause()
  silent.on('error', () => {})
  onTestFinished(() => void silent.destroy())
  silent.write('GET /silent HTTP/1.1\r\nHost: api\r\n\r\n')
  const read = await fetch(`${url}/reads`).then((response) => response.arrayBuffer())
  expect(read.byteLength).toBe(64 * part.length)
  expect(await Promise.all(ends.map(({ promise }) => promise))).toEqual([true, false])
})
