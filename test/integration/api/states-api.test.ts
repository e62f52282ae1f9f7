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
    state: { step: 2, seal: { base64: 'AQ==' } },
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
