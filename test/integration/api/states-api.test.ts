import { expect, it } from 'vitest'
import { createClient } from '../../../client/index.ts'
import { useApi } from '../../helpers/api.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'

/** States over HTTP, by the client that has the runtime's functions. */

const startApi = useApi(useRuntimes(useStore()))

it('states are saved, listed, rolled back and deleted, each user within their own', async () => {
  const { runtime, url, keyOf, call } = await startApi()
  const { states } = createClient({ url, apiKey: await keyOf('acme') })
  const key = { orgId: 'acme', stateId: "a/b?'c" }
  const first = await states.save({ ...key, state: { step: 1 }, tags: ['x'], metadata: { kind: 1 }, saveId: 'a' })
  expect(await states.save({ ...key, state: { step: 1 }, saveId: 'a' })).toEqual(first)
  await runtime.states.save({ ...key, state: { step: 2, seal: new Uint8Array([1]) } })
  expect(await states.load(key)).toMatchObject({
    version: 2,
    state: { step: 2, seal: new Uint8Array([1]) },
    tags: ['x'],
  })
  expect(await states.load({ ...key, version: 1 })).toMatchObject({ state: { step: 1 }, savedAt: first.savedAt })
  expect(await states.list({ orgId: 'acme', tags: ['x'], metadata: { kind: 1 } })).toMatchObject([
    { stateId: key.stateId },
  ])
  await states.label({ ...key, version: 1, label: 'start' })
  expect(await states.rollback({ ...key, toVersion: 1 })).toMatchObject({ version: 3 })
  expect(await states.versions(key)).toMatchObject([
    { version: 3, restoredFrom: 1 },
    { version: 2 },
    { label: 'start' },
  ])
  expect(await states.stats({ orgId: 'acme' })).toMatchObject({ states: 1, versions: 3 })
  expect(await states.verify({ orgId: 'acme' })).toMatchObject({ versions: 3, damaged: [] })
  const mine = createClient({ url, apiKey: await keyOf('acme', ['states:read', 'states:write'], 'maya') }).states
  await expect(mine.load(key)).rejects.toThrow(expect.objectContaining({ code: 'STATE_UNKNOWN' }))
  await mine.save({ ...key, state: 'mine' })
  expect(await runtime.states.load({ ...key, userId: 'maya' })).toMatchObject({ state: 'mine' })
  await expect(states.save({ ...key, state: 1, expectedVersion: 1 })).rejects.toThrow(
    expect.objectContaining({ code: 'STATE_CONFLICT', retryable: true }),
  )
  expect((await call(await keyOf('acme'), 'GET', '/v1/orgs/acme/states/x?version=0')).status).toBe(422)
  expect((await call(await keyOf('other'), 'GET', '/v1/orgs/acme/states/x')).status).toBe(404)
  await states.deleteVersion({ ...key, version: 2 })
  expect(await states.delete(key)).toEqual({ versions: 2 })
})

it('a state keeps its bytes over HTTP, and what only looks like them', async () => {
  const { runtime, url, keyOf, call } = await startApi()
  const orgId = crypto.randomUUID()
  const apiKey = await keyOf(orgId)
  const { states } = createClient({ url, apiKey })
  const key = { orgId, stateId: 'bytes' }
  const state = {
    bytes: new Uint8Array(70_000).map((_, at) => at % 256),
    list: [new Uint8Array(), { $base64: 'AQ==' }, { $$base64: { $base64: 1 } }, { $base64: 'AQ==', more: 1 }],
  }
  await states.save({ ...key, state })
  expect((await runtime.states.load(key)).state).toEqual(state)
  expect((await states.load(key)).state).toEqual(state)
  await states.save({ ...key, state: { seal: Buffer.from('seal') } })
  expect((await runtime.states.load(key)).state).toEqual({ seal: new Uint8Array(Buffer.from('seal')) })
  const path = `/v1/orgs/${orgId}/states/bytes`
  expect((await call(apiKey, 'GET', path)).body.state).toEqual({ seal: { $base64: 'c2VhbA==' } })
  const put = (body: string) =>
    fetch(`${url}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body,
    })
  const rounded = await put('{"state":{"id":-9007199254740993}}')
  expect([rounded.status, await rounded.text()]).toEqual([422, expect.stringContaining('send it as a text')])
  expect((await put('{"state":[12345678901234567000,0.30000000000000004,"\\"9007199254740993"]}')).status).toBe(200)
  for (const forged of ['AQ', 'A===', '%%%%', 1, null, {}])
    expect((await call(apiKey, 'PUT', path, { state: { $base64: forged } })).body.code).toBe('INPUT_INVALID')
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  await expect(states.save({ ...key, state: cycle })).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

it('a list that is paged while states come and go has each state that stays once', async () => {
  const { runtime, keyOf, call } = await startApi()
  const orgId = crypto.randomUUID()
  const key = await keyOf(orgId)
  const idOf = (n: number) => `s${n}`
  for (let n = 0; n < 8; n += 1) await runtime.states.save({ orgId, stateId: idOf(n), state: n })
  const listed: string[] = []
  let cursor: string | null | undefined
  do {
    const page = { limit: 2, ...(cursor && { cursor }) }
    const { body } = await call(key, 'POST', `/v1/orgs/${orgId}/states/search`, page)
    const ids = body.states.map(({ stateId }: { stateId: string }) => stateId)
    listed.push(...ids)
    // As a program does that works a list off; and others save states that stand before.
    for (const stateId of ids) await runtime.states.delete({ orgId, stateId })
    await runtime.states.save({ orgId, stateId: `before ${listed.length}`, state: 0 })
    cursor = body.next
  } while (cursor)
  expect(listed).toEqual(Array.from({ length: 8 }, (_, n) => idOf(n)))
  const forged = { cursor: Buffer.from('from:2').toString('base64url') }
  expect((await call(key, 'POST', `/v1/orgs/${orgId}/states/search`, forged)).body.code).toBe('INPUT_INVALID')
})
