import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { beforeEach, describe, expect, it } from 'vitest'
import { type TestApi, useApi } from '../../helpers/api.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** The HTTP API: what it answers, whom it answers, and what it refuses. */

const runtimes = useRuntimes(useStore())
const startApi = useApi(runtimes)
let acme = ''
beforeEach(() => {
  acme = `acme-${crypto.randomUUID()}`
})

const turnPath = (orgId: string, turnId = 't1', workstreamId = 'support-42') =>
  `/v1/orgs/${orgId}/workstreams/${encodeURIComponent(workstreamId)}/turns/${encodeURIComponent(turnId)}`
const LISBON = { userId: 'maya', messages: [{ role: 'user', content: 'I moved to Lisbon in March.' }] }

describe('turns', () => {
  it('are recorded once, and say what became of them', async () => {
    const api = await startApi()
    const key = await api.keyOf(acme)
    const first = await api.call(key, 'PUT', turnPath(acme), LISBON)
    expect(first).toMatchObject({ status: 201, body: { recorded: 'yes', deduplicated: false } })
    expect(new Date(first.body.digestDueAt).getTime()).toBeGreaterThan(0)
    expect(await api.call(key, 'PUT', turnPath(acme), LISBON)).toMatchObject({
      status: 200,
      body: { deduplicated: true },
    })
    const other = { ...LISBON, messages: [{ role: 'user', content: 'I moved to Porto.' }] }
    expect(await api.call(key, 'PUT', turnPath(acme), other)).toMatchObject({
      status: 409,
      body: { code: 'TURN_CONFLICT', retryable: false, recorded: 'no' },
    })
    expect(await api.call(key, 'GET', turnPath(acme))).toMatchObject({
      status: 200,
      body: { state: 'pending', failedTries: [], settledAt: null },
    })
    expect(await api.call(key, 'GET', turnPath(acme, 'none'))).toMatchObject({
      status: 404,
      body: { code: 'TURN_UNKNOWN' },
    })
  })

  it('are a backfill when they say so', async () => {
    const api = await startApi()
    const key = await api.keyOf(acme)
    const record = (workstreamId: string, priority?: string) =>
      api.call(key, 'PUT', turnPath(acme, 't1', workstreamId), { ...LISBON, ...(priority && { priority }) })
    expect(await record('old', 'backfill')).toMatchObject({ status: 201 })
    expect(await record('now')).toMatchObject({ status: 201 })
    expect(await record('soon', 'urgent')).toMatchObject({ status: 422, body: { code: 'INPUT_INVALID' } })
    const rows = await api.runtime.database
      .selectFrom('workstreams')
      .select(['workstream_id', 'is_backfill'])
      .where('org_id', '=', acme)
      .orderBy('workstream_id')
      .execute()
    expect(rows).toEqual([
      { workstream_id: 'now', is_backfill: false },
      { workstream_id: 'old', is_backfill: true },
    ])
  })

  it('are found by their words at once, by whoever may see them', async () => {
    const api = await startApi()
    const key = await api.keyOf(acme)
    await api.call(key, 'PUT', turnPath(acme, 'a/b:c 😀', 'with/slash'), LISBON)
    const search = (body: object) => api.call(key, 'POST', `/v1/orgs/${acme}/memory/search`, body)
    const found = await search({ query: 'Where does Maya live, Lisbon?', userId: 'maya' })
    expect(found).toMatchObject({ status: 200, body: { turns: [{ turnId: 'a/b:c 😀', workstreamId: 'with/slash' }] } })
    expect(await search({ query: 'Lisbon' })).toMatchObject({ status: 200, body: { turns: [] } })
    const block = await api.call(key, 'POST', `/v1/orgs/${acme}/memory/block`, { query: 'Lisbon', userId: 'maya' })
    expect(block.body.text).toContain('Lisbon')
    const context = await api.call(key, 'POST', `/v1/orgs/${acme}/workstreams/with%2Fslash/context`, {
      budgetTokens: 1_000,
    })
    expect(context.body.messages).toEqual([{ role: 'user', content: 'I moved to Lisbon in March.' }])
  })
})

describe('memories', () => {
  it('are added, listed by pages, told, reworded and forgotten', async () => {
    const api = await startApi()
    const key = await api.keyOf(acme)
    const memory = `/v1/orgs/${acme}/memory`
    const ids = []
    for (const fact of ['Maya lives in Lisbon.', 'The office has a red door.', 'Deploys run on Fridays.']) {
      const added = await api.call(key, 'POST', memory, { fact })
      expect(added).toMatchObject({ status: 200, body: { outcome: 'added' } })
      ids.push(added.body.memoryId)
    }
    const first = await api.call(key, 'GET', `${memory}?limit=2`)
    expect(first.body.memories).toHaveLength(2)
    const second = await api.call(key, 'GET', `${memory}?limit=2&cursor=${first.body.next}`)
    expect(second.body).toMatchObject({ memories: [{}], next: null })
    const shown = [...first.body.memories, ...second.body.memories].map(({ id }: { id: number }) => id)
    expect(shown.sort()).toEqual([...ids].sort())
    expect(await api.call(key, 'GET', `${memory}?cursor=bm9uZQ`)).toMatchObject({
      status: 422,
      body: { faults: [{ path: 'cursor' }] },
    })
    const updated = await api.call(key, 'PATCH', `${memory}/${ids[0]}`, { fact: 'Maya lives in Porto.' })
    const history = await api.call(key, 'GET', `${memory}/${updated.body.memoryId}/history`)
    expect(history.body).toMatchObject({ memory: { fact: 'Maya lives in Porto.' }, replaced: [{ id: ids[0] }] })
    expect(await api.call(key, 'DELETE', `${memory}/${updated.body.memoryId}`)).toMatchObject({ status: 204, body: '' })
    expect(await api.call(key, 'DELETE', `${memory}/${updated.body.memoryId}`)).toMatchObject({
      status: 404,
      body: { code: 'MEMORY_UNKNOWN' },
    })
  })
})

describe('access', () => {
  it('needs a key, of the org, with the scope', async () => {
    const api = await startApi()
    const reader = await api.keyOf(acme, ['memory:read'])
    const everyOrg = await api.keyOf('*', ['memory:read'])
    const status = async (key: string, path = `/v1/orgs/${acme}/memory`) => {
      const { status, body } = await api.call(key, 'GET', path)
      return [status, body.code]
    }
    expect(await status('')).toEqual([401, 'UNAUTHENTICATED'])
    expect(await status('aft_x')).toEqual([401, 'UNAUTHENTICATED'])
    expect(await status(`${reader.slice(0, -1)}_`)).toEqual([401, 'UNAUTHENTICATED'])
    expect(await status(reader)).toEqual([200, undefined])
    expect(await status(reader, '/v1/orgs/other/memory')).toEqual([404, 'ORG_UNKNOWN'])
    expect(await status(everyOrg, '/v1/orgs/other/memory')).toEqual([200, undefined])
    expect(await status(reader, `/v1/orgs/${acme}/keys`)).toEqual([403, 'FORBIDDEN'])
    expect(await api.call(reader, 'PUT', turnPath(acme), LISBON)).toMatchObject({ status: 403 })
    expect(await api.call(reader, 'GET', '/v1/nothing')).toMatchObject({ status: 404, body: { code: 'ROUTE_UNKNOWN' } })
  })

  it('sees the execution of a user where it names that user, or is a key of that user', async () => {
    const api = await startApi()
    const [all, maya, ben] = [
      await api.keyOf(acme),
      await api.keyOf(acme, undefined, 'maya'),
      await api.keyOf(acme, undefined, 'ben'),
    ]
    const execution = { orgId: acme, workflowId: '42', executionId: '1337', userId: 'maya' }
    await api.runtime.executions.started(execution)
    expect(await api.runtime.executions.status(execution)).toMatchObject({ status: 'running' })
    const status = async (key: string, query = '') =>
      (await api.call(key, 'GET', `/v1/orgs/${acme}/workflows/42/executions/1337${query}`)).status
    expect(await Promise.all([status(all), status(all, '?userId=maya'), status(maya), status(ben)])).toEqual([
      404, 200, 200, 404,
    ])
    expect(await status(ben, '?userId=maya')).toBe(403)
  })

  it('is told which methods a path has, and of a stream the head alone where it asks for that', async () => {
    const api = await startApi()
    const key = await api.keyOf(acme)
    const refused = await api.call(key, 'POST', `/v1/orgs/${acme}/states/plan`, {})
    expect(refused).toMatchObject({ status: 405, body: { code: 'METHOD_UNSUPPORTED', recorded: 'no' } })
    expect(refused.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'PUT'])
    // What clients of MCP take for "no stream of the server's own"; anything else is a failure to them.
    expect((await api.call(key, 'GET', '/mcp')).status).toBe(405)
    const accept = 'text/event-stream'
    for (const path of ['export', 'events/import/17', 'progress/import-17'])
      expect((await api.call(key, 'HEAD', `/v1/orgs/${acme}/${path}`, undefined, { accept })).status, path).toBe(200)
  })

  it('is answered where it offers another protocol, as the HTTP client of Java does', async () => {
    const api = await startApi()
    const key = await api.keyOf(acme)
    const headers = { authorization: `Bearer ${key}`, connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' }
    const status = await new Promise((resolve, reject) => {
      const asked = request(`${api.url}/v1/orgs/${acme}/memory`, { headers }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
      asked.on('error', reject).end()
    })
    expect(status).toBe(200)
  })

  it('may be in a page of an allowed origin, with what streams and MCP need', async () => {
    const api = await startApi({ apiAllowedOrigins: 'https://app.example' })
    const preflight = (origin: string) =>
      api.call('', 'OPTIONS', '/mcp', undefined, { origin, 'access-control-request-method': 'POST' })
    const allowed = await preflight('https://app.example')
    const names = allowed.headers.get('access-control-allow-headers')?.split(', ')
    for (const name of [
      'authorization',
      'content-type',
      'last-event-id',
      'mcp-protocol-version',
      'mcp-method',
      'mcp-name',
    ])
      expect(names, name).toContain(name)
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })

  it('of one user ends at that user', async () => {
    const api = await startApi()
    const [all, ben] = [await api.keyOf(acme), await api.keyOf(acme, undefined, 'ben')]
    await api.call(all, 'PUT', turnPath(acme), LISBON)
    const { body } = await api.call(all, 'POST', `/v1/orgs/${acme}/memory`, { fact: 'Maya likes tea.', userId: 'maya' })
    const forbidden = async (method: string, path: string, given?: object) =>
      expect((await api.call(ben, method, path, given)).body.code, `${method} ${path}`).toBe('FORBIDDEN')
    await forbidden('POST', `/v1/orgs/${acme}/memory/search`, { query: 'Lisbon', userId: 'maya' })
    await forbidden('POST', `/v1/orgs/${acme}/memory/search`, { query: 'Lisbon', workstreamId: 'support-42' })
    await forbidden('POST', `/v1/orgs/${acme}/memory`, { fact: 'Ben is the boss.', scope: 'org' })
    await forbidden('GET', turnPath(acme))
    await forbidden('PUT', turnPath(acme, 't2'), { messages: LISBON.messages })
    await forbidden('POST', `/v1/orgs/${acme}/workstreams/support-42/context`, { budgetTokens: 500 })
    expect((await api.call(ben, 'DELETE', `/v1/orgs/${acme}/memory/${body.memoryId}`)).body.code).toBe('MEMORY_UNKNOWN')
    const found = await api.call(ben, 'POST', `/v1/orgs/${acme}/memory/search`, { query: 'Lisbon tea' })
    expect(found.body).toMatchObject({ memories: [], turns: [] })
    // What it records is its user's, whether or not it says so.
    await api.call(ben, 'PUT', turnPath(acme, 'b1', 'ben-1'), { messages: LISBON.messages })
    const own = await api.call(ben, 'POST', `/v1/orgs/${acme}/memory/search`, { query: 'Lisbon' })
    expect(own.body.turns).toMatchObject([{ turnId: 'b1' }])
  })

  it('gives no key more than its maker has, and ends at once', async () => {
    const [api, second] = [await startApi(), await startApi()]
    const maker = await api.keyOf(acme, ['keys:manage', 'memory:read'])
    const keys = `/v1/orgs/${acme}/keys`
    expect(await api.call(maker, 'POST', keys, { scopes: ['memory:erase'] })).toMatchObject({ status: 403 })
    const made = await api.call(maker, 'POST', keys, { scopes: ['memory:read'], name: 'reader' })
    expect(made.status).toBe(201)
    const listed = await api.call(maker, 'GET', keys)
    expect(listed.body.keys).toMatchObject([{ name: 'reader', revokedAt: null }, {}])
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key.split('_')[2])
    const read = (from: TestApi) => from.call(made.body.key, 'GET', `/v1/orgs/${acme}/memory`)
    for (const from of [api, second, api, second]) expect((await read(from)).status).toBe(200)
    expect(await api.call(maker, 'DELETE', `${keys}/${made.body.keyId}`)).toMatchObject({ status: 204 })
    for (const from of [api, second]) expect((await read(from)).body).toMatchObject({ code: 'UNAUTHENTICATED' })
    const rows = await api.runtime.database.selectFrom('api_keys').selectAll().execute()
    const secret = made.body.key.split('_')[2]
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(rows.map((row) => row.secret_hash.toString('hex'))).toContain(
      createHash('sha256').update(secret).digest('hex'),
    )
  })

  it('makes no key that outlives its maker', async () => {
    const api = await startApi()
    const keys = `/v1/orgs/${acme}/keys`
    const until = (hours: number) => new Date(Date.now() + hours * 3_600_000)
    const scopes = ['keys:manage'] as const
    const maker = await api.runtime.keys.create({ orgId: acme, scopes, expiresAt: until(1) })
    const make = (expiresAt?: Date) => api.call(maker.key, 'POST', keys, { scopes, name: 'made', expiresAt })
    expect((await make(until(2))).body).toMatchObject({
      code: 'FORBIDDEN',
      detail: expect.stringMatching(/^expiresAt: /),
    })
    const [same, early] = [await make(), await make(until(0.5))]
    expect([same.status, early.status]).toEqual([201, 201])
    const listed = await api.runtime.keys.list({ orgId: acme })
    const endOf = (keyId: string) => listed.find((key) => key.keyId === keyId)?.expiresAt?.getTime() ?? 0
    expect(endOf(same.body.keyId)).toBe(endOf(maker.keyId))
    expect(endOf(early.body.keyId)).toBeLessThan(endOf(maker.keyId))
  })

  it('has a rate', async () => {
    const api = await startApi({ maxApiRequestsPerMinute: 30 })
    const [key, other] = [await api.keyOf(acme), await api.keyOf(acme)]
    const read = (with_: string) => api.call(with_, 'GET', `/v1/orgs/${acme}/memory`)
    for (const left of [2, 1, 0]) expect((await read(key)).headers.get('ratelimit')).toBe(`"key";r=${left}`)
    const late = await read(key)
    expect(late).toMatchObject({ status: 429, body: { code: 'RATE_LIMITED', retryable: true, recorded: 'no' } })
    expect(Number(late.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await read(other)).status).toBe(200)
    const measured = await api.runtime.metrics.text()
    for (const status of [200, 429])
      expect(measured).toMatch(
        new RegExp(`^afterturn_api_requests_total\\{operation="memory.list",status="${status}"\\} \\d`, 'm'),
      )
  })
})

describe('a bad request', () => {
  it.each([
    ['not json', '{"query":', {}, 400, 'REQUEST_MALFORMED'],
    ['a list', '[]', {}, 400, 'REQUEST_MALFORMED'],
    ['too deep', `{"query":${'['.repeat(1_000)}${']'.repeat(1_000)}}`, {}, 400, 'REQUEST_MALFORMED'],
    ['too large', `{"query":"${'a'.repeat(2 * 1_024 * 1_024)}"}`, {}, 413, 'REQUEST_TOO_LARGE'],
    ['of another type', 'query=a', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'REQUEST_UNSUPPORTED'],
    ['compressed', 'abc', { 'content-encoding': 'gzip' }, 415, 'REQUEST_UNSUPPORTED'],
    ['with NUL', '{"query":"a\\u0000"}', {}, 422, 'INPUT_INVALID'],
    ['with an unknown field', '{"query":"a","usrId":"b"}', {}, 422, 'INPUT_INVALID'],
    ['with a prototype', '{"query":"a","__proto__":{"userId":"b"}}', {}, 422, 'INPUT_INVALID'],
    ['of another org', '{"query":"a","orgId":"other"}', {}, 422, 'INPUT_INVALID'],
    ['with a wrong type', '{"query":7}', {}, 422, 'INPUT_INVALID'],
  ])('%s is refused with its reason', async (_, body, headers, status, code) => {
    const api = await startApi()
    const key = await api.keyOf(acme)
    const answer = await api.call(key, 'POST', `/v1/orgs/${acme}/memory/search`, body, {
      ...headers,
      'x-request-id': 'mine-1',
    })
    expect(answer).toMatchObject({ status, body: { code, status, requestId: 'mine-1', recorded: 'no' } })
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.headers.get('x-request-id')).toBe('mine-1')
  })

  it('names each field that is wrong', async () => {
    const api = await startApi()
    const answer = await api.call(await api.keyOf(acme), 'PUT', turnPath(acme), {
      messages: [{ role: 'user', content: 'a' }, { role: 'robot' }],
      at: 'yesterday',
    })
    expect(answer.body.faults.map(({ path }: { path: string }) => path)).toEqual(['messages.1.role', 'at'])
  })
})

it('says whether it is up, to anybody', async () => {
  const api = await startApi()
  expect(await api.call('', 'GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } })
  expect(await api.call('', 'GET', '/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } })
})
