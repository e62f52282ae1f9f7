import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { type TestApi, useApi } from '../../helpers/api.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** Live delivery: server-sent events, WebSocket and long poll over one cursor. */

const startApi = useApi(useRuntimes(useStore()))
const stream = ['import', '17']
const ORIGIN = 'https://app.example'
const newOrg = () => crypto.randomUUID()
const publish = (runtime: Runtime, orgId: string, eventId: string, more: object = {}) =>
  runtime.events.publish({ orgId, stream, eventId, type: 'step', data: { eventId }, ...more })

/** Reads events until a number of them, or the end. */
async function readEvents(
  api: TestApi,
  orgId: string,
  count: number,
  headers: Record<string, string>,
  query = '',
  path = '/import/17',
) {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const response = await fetch(`${api.url}/v1/orgs/${orgId}/events${path}${query}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: stop.signal,
  })
  const events: { id?: string; event?: string; data: unknown }[] = []
  let rest = ''
  if (response.status === 200 && response.body)
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s).slice(0, 2)))
        if (fields.data !== undefined) events.push({ ...fields, data: JSON.parse(fields.data) })
      }
      if (events.length >= count) break
    }
  stop.abort()
  return { status: response.status, headers: response.headers, events }
}

type Socket = {
  readonly socket: WebSocket
  readonly messages: Record<string, unknown>[]
  readonly closed: Promise<number>
}

async function openSocket(api: TestApi, orgId: string, ticket: string): Promise<Socket> {
  const socket = new WebSocket(`${api.url.replace('http', 'ws')}/v1/orgs/${orgId}/live`, [
    'afterturn.v1',
    `afterturn.ticket.${ticket}`,
  ])
  onTestFinished(() => socket.close())
  const messages: Record<string, unknown>[] = []
  socket.addEventListener('message', ({ data }) => messages.push(JSON.parse(String(data))))
  const closed = new Promise<number>((resolve) => socket.addEventListener('close', ({ code }) => resolve(code)))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', () => reject(new Error('refused')))
  })
  return { socket, messages, closed }
}

const ticketOf = async (api: TestApi, key: string, orgId: string, more: object = {}): Promise<string> => {
  const answer = await api.call(key, 'POST', `/v1/orgs/${orgId}/live/tickets`, { streams: [stream], ...more })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body.ticket
}
const opsOf = (messages: Socket['messages']) => messages.map(({ op, eventId, reason }) => eventId ?? reason ?? op)

it('a client that changes between the transports misses nothing and sees nothing twice', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const bearer = { authorization: `Bearer ${key}` }
  await publish(api.runtime, orgId, 'a')
  const first = await readEvents(api, orgId, 1, bearer)
  expect(first.events).toMatchObject([{ event: 'step', data: { seq: 1, eventId: 'a', data: { eventId: 'a' } } }])
  expect(first.headers.get('x-accel-buffering')).toBe('no')
  await publish(api.runtime, orgId, 'b')
  const polled = await api.call(key, 'GET', `/v1/orgs/${orgId}/events/import/17?after=${first.events[0]?.id}`)
  expect(polled.body).toMatchObject({ events: [{ eventId: 'b' }], state: 'open' })

  const { socket, messages } = await openSocket(api, orgId, await ticketOf(api, key, orgId))
  socket.send(JSON.stringify({ op: 'follow', id: 's', stream, after: polled.body.cursor }))
  await publish(api.runtime, orgId, 'c')
  await until(
    async () => messages,
    (got) => got.length === 1,
  )
  await publish(api.runtime, orgId, 'd', { ends: true })
  await until(
    async () => messages,
    (got) => got.length === 3,
  )
  expect(opsOf(messages)).toEqual(['c', 'd', 'end'])

  const again = { ...bearer, 'last-event-id': String(messages[0]?.cursor) }
  expect((await readEvents(api, orgId, 9, again)).events.map(({ data }) => data)).toMatchObject([{ eventId: 'd' }])
  // Who has seen the end is told to stay away.
  const atEnd = { ...bearer, 'last-event-id': String(messages[1]?.cursor) }
  expect((await readEvents(api, orgId, 9, atEnd)).status).toBe(204)
})

it('a cursor that cannot be continued is told once, over every transport', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  await publish(api.runtime, orgId, 'a', { ends: true })
  const { events } = await readEvents(api, orgId, 9, { authorization: `Bearer ${key}`, 'last-event-id': 'forged' })
  expect(events.map(({ event }) => event)).toEqual(['reset', 'step'])
  const { socket, messages } = await openSocket(api, orgId, await ticketOf(api, key, orgId))
  socket.send(JSON.stringify({ op: 'follow', id: 's', stream, after: 'forged' }))
  await until(
    async () => messages,
    (got) => got.length === 3,
  )
  expect(opsOf(messages)).toEqual(['unknown_cursor', 'a', 'end'])
  const polled = await api.call(key, 'GET', `/v1/orgs/${orgId}/events/import/17?after=forged`)
  expect(polled.body).toMatchObject({ reset: 'unknown_cursor', events: [{ eventId: 'a' }] })
})

it('a ticket opens what it names, once, for its viewer; a foreign page opens nothing', async () => {
  const api = await startApi({ apiAllowedOrigins: ORIGIN })
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  await publish(api.runtime, orgId, 'org')
  await publish(api.runtime, orgId, 'maya', { userId: 'maya' })
  await publish(api.runtime, orgId, 'leo', { userId: 'leo', ends: true })
  const open = async (ticket: string, headers = {}) => readEvents(api, orgId, 9, headers, `?ticket=${ticket}`)
  const ticket = await ticketOf(api, key, orgId, { viewer: { userId: 'maya' } })
  expect((await open(ticket, { origin: 'https://evil.example', cookie: 'session=1' })).status).toBe(403)
  const seen = await open(ticket, { origin: ORIGIN })
  expect(seen.events.map(({ data }) => (data as { eventId: string }).eventId)).toEqual(['org', 'maya'])
  expect((await open(ticket)).status).toBe(401)
  expect((await open(`${ticket.slice(0, -2)}AA`)).status).toBe(401)
  const other = await ticketOf(api, key, orgId, { streams: [['other']] })
  expect((await open(other)).status).toBe(403)
  const foreign = await ticketOf(api, await api.keyOf('another'), 'another')
  expect((await open(foreign)).status).toBe(401)
  // A key of one user sees what is the user's, and asks for no more.
  const own = await api.keyOf(orgId, undefined, 'leo')
  const ownEvents = await readEvents(api, orgId, 9, { authorization: `Bearer ${own}` })
  expect(ownEvents.events.map(({ data }) => (data as { eventId: string }).eventId)).toEqual(['org', 'leo'])
  expect((await readEvents(api, orgId, 9, { authorization: `Bearer ${own}` }, '?userId=maya')).status).toBe(403)
  expect((await readEvents(api, orgId, 9, {})).status).toBe(401)
  expect((await readEvents(api, newOrg(), 9, { authorization: `Bearer ${key}` })).status).toBe(404)
})

it.each([
  ['a revoked key', ({ keys }: Runtime, orgId: string, keyId: string) => keys.revoke({ orgId, keyId })],
  ['the key of an erased org', ({ memory }: Runtime, orgId: string) => memory.erase({ orgId, by: 'test' })],
])('%s is refused, and its open connections are closed, at once', async (_, end) => {
  const api = await startApi()
  const orgId = newOrg()
  const { key, keyId } = await api.runtime.keys.create({ orgId, scopes: ['events:read'] })
  const { socket, closed } = await openSocket(api, orgId, await ticketOf(api, key, orgId))
  socket.send(JSON.stringify({ op: 'follow', id: 's', stream }))
  expect(await api.runtime.metrics.text()).toMatch(/^afterturn_live_connections 1$/m)
  const reading = readEvents(api, orgId, 9, { authorization: `Bearer ${key}` })
  await publish(api.runtime, orgId, 'a')
  const began = performance.now()
  await end(api.runtime, orgId, keyId)
  expect(await closed).toBe(4401)
  await reading
  expect((await api.call(key, 'GET', `/v1/orgs/${orgId}/events`)).status).toBe(401)
  expect(performance.now() - began).toBeLessThan(5_000)
})

it('what a socket may send is small and counted, enough for all of its streams, and nonsense stalls nobody', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const open = async () => openSocket(api, orgId, await ticketOf(api, key, orgId))
  const [large, binary, chatty, odd] = await Promise.all([open(), open(), open(), open()])
  large.socket.send('x'.repeat(65 * 1_024))
  binary.socket.send(new Uint8Array(4))
  for (let n = 0; n < 60; n += 1) chatty.socket.send('{}')
  expect(await Promise.all([large.closed, binary.closed, chatty.closed])).toEqual([1009, 1003, 1008])
  await publish(api.runtime, orgId, 'a')
  odd.socket.send('not json')
  odd.socket.send(JSON.stringify({ op: 'follow', id: 'x', stream: ['other'] }))
  for (let n = 0; n < 48; n += 1) odd.socket.send(JSON.stringify({ op: 'follow', id: `s${n}`, stream }))
  await until(
    async () => odd.messages,
    (got) => got.length === 50,
  )
  const told = odd.messages.map(({ op, code }) => code ?? op)
  expect(told.sort()).toEqual(['FORBIDDEN', 'INPUT_INVALID', ...Array(48).fill('event')])
})

/** How a handshake is answered. */
function shake(api: TestApi, path: string, headers: Record<string, string>) {
  const answered = Promise.withResolvers<{ readonly status: number; readonly retryAfter: string | undefined }>()
  const asked = request(`${api.url}${path}`, {
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      'sec-websocket-protocol': 'afterturn.v1',
      ...headers,
    },
  })
  asked.on('response', ({ statusCode, headers }) =>
    answered.resolve({ status: statusCode ?? 0, retryAfter: headers['retry-after'] }),
  )
  asked.on('upgrade', (_response, socket) => {
    socket.destroy()
    answered.resolve({ status: 101, retryAfter: undefined })
  })
  asked.end()
  return answered.promise
}

it('handshakes count as requests of the key, also those with tickets', async () => {
  const api = await startApi({ maxApiRequestsPerMinute: 30 })
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const ticket = await ticketOf(api, key, orgId)
  const live = `/v1/orgs/${orgId}/live`
  const authorization = `Bearer ${key}`
  const answers = [await shake(api, live, { authorization }), await shake(api, live, { authorization })]
  expect(answers.map(({ status }) => status)).toEqual([101, 101])
  expect(await shake(api, live, { authorization })).toEqual({
    status: 429,
    retryAfter: expect.stringMatching(/^[1-9]/),
  })
  const protocol = `afterturn.v1, afterturn.ticket.${ticket}`
  expect((await shake(api, live, { 'sec-websocket-protocol': protocol })).status).toBe(429)
})

it('an upgrade without a credential, of a foreign page, or elsewhere is refused before it is one', async () => {
  const api = await startApi({ apiAllowedOrigins: ORIGIN })
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const upgrade = async (path: string, headers: Record<string, string>) => (await shake(api, path, headers)).status
  const live = `/v1/orgs/${orgId}/live`
  const authorization = `Bearer ${key}`
  expect(await upgrade(live, { authorization })).toBe(101)
  expect(await upgrade(live, { authorization, origin: ORIGIN })).toBe(101)
  expect(await upgrade(live, { authorization, origin: 'https://evil.example' })).toBe(403)
  expect(await upgrade(live, { cookie: 'session=1' })).toBe(401)
  expect(await upgrade('/v1/elsewhere', { authorization })).toBe(404)
  // As a URL this would have another host, and the path of rules that stand before it.
  expect(await upgrade(`//elsewhere${live}`, { authorization })).toBe(404)
  expect(await upgrade(`${live}?a=b`, { authorization })).toBe(101)
})

it('a handshake that is refused, and a client that leaves before it is answered, hold no connection', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const { hostname, port } = new URL(api.url)
  const send = (lines: readonly string[], leaves: boolean) =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`${lines.join('\r\n')}\r\nHost: api\r\nAuthorization: Bearer ${key}\r\n\r\n`)
        if (leaves) setImmediate(() => socket.resetAndDestroy())
      })
      socket.resume().on('error', () => {})
      socket.once('close', () => resolve())
    })
  const upgrade = [
    `GET /v1/orgs/${orgId}/live HTTP/1.1`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Protocol: afterturn.v1',
  ]
  const requests = [
    send([...upgrade, 'Sec-WebSocket-Key: short'], false),
    send([...upgrade, `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`], true),
    send([`GET /v1/orgs/${orgId}/events/import/17 HTTP/1.1`, 'Accept: text/event-stream'], true),
  ]
  await Promise.all(requests)
  await openSocket(api, orgId, await ticketOf(api, key, orgId))
  await until(
    async () => /^afterturn_live_connections \d+$/m.exec(await api.runtime.metrics.text())?.[0],
    (gauge) => gauge === 'afterturn_live_connections 1',
  )
})

it('who continues at the end of an open stream is answered at once', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const { cursor } = await publish(api.runtime, orgId, 'a')
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${key}`, 'last-event-id': cursor }
  // Without an event the next heartbeat comes after 15 s.
  const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(10_000)])
  const response = await fetch(`${api.url}/v1/orgs/${orgId}/events/import/17`, { headers, signal })
  expect(response.status).toBe(200)
})

it('the id of a subscription is free as soon as it is not followed any more', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const other = ['import', '18']
  const { socket, messages } = await openSocket(
    api,
    orgId,
    await ticketOf(api, key, orgId, { streams: [stream, other] }),
  )
  socket.send(JSON.stringify({ op: 'follow', id: 's', stream }))
  socket.send(JSON.stringify({ op: 'unfollow', id: 's' }))
  socket.send(JSON.stringify({ op: 'follow', id: 's', stream: other }))
  await publish(api.runtime, orgId, 'of the first')
  await publish(api.runtime, orgId, 'of the second', { stream: other, ends: true })
  // Where a stream is read before it begins, its first page says so by a cursor.
  const news = await until(
    async () => messages.filter(({ op }) => op !== 'cursor'),
    (got) => got.length >= 2,
  )
  expect(opsOf(news)).toEqual(['of the second', 'end'])
})

it('a whole org is followed over every transport by one cursor, by who may act for all of it', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const bearer = { authorization: `Bearer ${key}` }
  const publishOn = (part: string, eventId: string, more: object = {}) =>
    api.runtime.events.publish({ orgId, stream: ['import', part], eventId, type: 'step', ...more })
  const idsOf = (events: readonly { readonly data: unknown }[]) =>
    events.map(({ data }) => (data as { readonly eventId: string }).eventId)
  await publishOn('17', 'a')
  await publishOn('18', 'b', { ends: true })
  await publishOn('19', 'of leo', { userId: 'leo' })
  await publish(api.runtime, newOrg(), 'of another org')
  const first = await readEvents(api, orgId, 1, bearer, '', '')
  expect(first.events[0]).toMatchObject({ event: 'step', data: { eventId: 'a', stream: ['import', '17'] } })
  const page = await api.call(key, 'GET', `/v1/orgs/${orgId}/events?after=${first.events[0]?.id}&userId=maya`)
  expect(page.body).toMatchObject({ events: [{ eventId: 'b', stream: ['import', '18'] }] })

  const ticket = await ticketOf(api, key, orgId, { streams: [[]], viewer: { userId: 'maya' } })
  const { socket, messages } = await openSocket(api, orgId, ticket)
  socket.send(JSON.stringify({ op: 'follow', id: 'all', stream: [], after: page.body.cursor }))
  socket.send(JSON.stringify({ op: 'follow', id: 'one', stream }))
  await publishOn('20', 'c', { userId: 'maya' })
  await until(
    async () => messages.filter(({ op }) => op !== 'cursor'),
    (got) => got.length === 2,
  )
  const shown = messages.filter(({ op }) => op !== 'cursor')
  expect(shown.map(({ id, eventId, code }) => [id, eventId ?? code]).sort()).toEqual([
    ['all', 'c'],
    ['one', 'FORBIDDEN'],
  ])
  const forged = await readEvents(api, orgId, 3, { ...bearer, 'last-event-id': 'forged' }, '', '')
  expect([forged.events[0]?.event, ...idsOf(forged.events.slice(1))]).toEqual(['reset', 'a', 'b'])
  // Names of streams may be those of other users.
  const own = await api.keyOf(orgId, undefined, 'maya')
  expect((await readEvents(api, orgId, 1, { authorization: `Bearer ${own}` }, '', '')).status).toBe(403)
  expect((await api.call(own, 'POST', `/v1/orgs/${orgId}/live/tickets`, { streams: [[]] })).status).toBe(403)
})

it('a ticket that could not be taken, or is asked for another org, is refused when it is made', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const ask = (body: object) => api.call(key, 'POST', `/v1/orgs/${orgId}/live/tickets`, body)
  const streams = Array.from({ length: 50 }, (_, n) => [`${n}`.padEnd(300, 'x')])
  expect((await ask({ streams })).body).toMatchObject({ code: 'INPUT_INVALID' })
  expect((await ask({ streams: [stream], orgId: newOrg() })).body).toMatchObject({ code: 'INPUT_INVALID' })
  expect((await ask({ streams: [stream], orgId })).status).toBe(201)
})

it('a stream whose name only begins as that of a progress is a stream over every transport', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  const { body } = await api.call(key, 'GET', `/v1/orgs/${orgId}/events/progress/import-17/more`)
  expect(body).toEqual({ events: [], cursor: '0.0', state: 'open', hasMore: false })
})

it('progress of a task is followed like a stream, and read', async () => {
  const api = await startApi()
  const orgId = newOrg()
  const key = await api.keyOf(orgId)
  await api.runtime.progress.report({ orgId, taskId: 'import-17', done: 1, total: 1 })
  const response = await fetch(`${api.url}/v1/orgs/${orgId}/progress/import-17`, {
    headers: { accept: 'text/event-stream', authorization: `Bearer ${key}` },
  })
  expect(await response.text()).toContain('event: progress\ndata: {"done":1,"total":1,')
  const polled = await api.call(key, 'GET', `/v1/orgs/${orgId}/progress/import-17`)
  expect(polled.body).toMatchObject({ frame: { done: 1, isEnded: true } })
})
