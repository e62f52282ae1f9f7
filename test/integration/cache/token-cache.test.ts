import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { createSecretRing } from '../../../shared/access/secret-ring.ts'
import type { LoadedCacheOptions } from '../../../shared/cache/engine/loaded-cache.ts'
import {
  createTokenCache,
  fatalMsOf,
  MAX_TOKEN_LIFE_MS,
  type TokenRequest,
} from '../../../shared/cache/faces/token-cache.ts'
import { useCache } from '../../helpers/cache-under-test.ts'
import { createTestCache, createTestClock } from '../../helpers/loaded-cache.ts'

const cache = useCache()
const LIFE = { freshMs: 0, revalidateMs: 0, staleIfErrorMs: 0 }
const sealing = { ring: createSecretRing('k'.repeat(32)), label: 'machine tokens' }
const create = (options: Partial<LoadedCacheOptions> = {}) =>
  createTokenCache(
    createTestCache(cache.redis, {
      cache: 'tokens',
      life: LIFE,
      maxLifeMs: MAX_TOKEN_LIFE_MS,
      fatalMsOf,
      sealing,
      memoryTtlMs: 0,
      ...options,
    }),
    'test',
  )
const request: TokenRequest = { orgId: 'acme', issuer: 'https://idp', clientId: 'worker', scopes: ['a', 'b'] }

function createIssuer(expiresInSeconds: number | undefined = 3_600) {
  let requests = 0
  return {
    requests: () => requests,
    fetchToken: async () => ({ accessToken: `canary-token-${++requests}`, expiresInSeconds }),
  }
}

it('fetches a token once for the fleet, whatever the order of its scopes, and seals it', async () => {
  const { fetchToken, requests } = createIssuer()
  const fleet = [create(), create()]
  const asked = fleet.flatMap((tokens) =>
    [request, { ...request, scopes: ['b', 'a', 'b'] }].map((one) => tokens.get({ ...one, fetchToken })),
  )
  expect(new Set((await Promise.all(asked)).map(({ accessToken }) => accessToken)).size).toBe(1)
  expect(requests()).toBe(1)
  const keys = await cache.redis.keys('*')
  const dump = (await Promise.all(keys.map((key) => cache.redis.getBuffer(key)))).join() + keys.join()
  expect(dump + inspect(fleet, { depth: 9, showHidden: true })).not.toMatch(/canary|worker|acme/)
})

it('shares no token with another client, audience, subject, key or org', async () => {
  const { fetchToken } = createIssuer()
  const tokens = create()
  const others = [
    {},
    { clientId: 'x' },
    { audience: 'x' },
    { subject: 'x' },
    { confirmation: 'x' },
    { orgId: 'x' },
    { issuer: 'x' },
    { scopes: ['a'] },
  ]
  const all = await Promise.all(others.map((other) => tokens.get({ ...request, ...other, fetchToken })))
  expect(new Set(all.map(({ accessToken }) => accessToken)).size).toBe(others.length)
})

it('replaces a token that was rejected once, and no newer one', async () => {
  const { fetchToken, requests } = createIssuer()
  const fleet = [create(), create()]
  const old = await create().get({ ...request, fetchToken })
  for (const tokens of fleet) tokens.rejected(old)
  const all = await Promise.all(fleet.flatMap((tokens) => [1, 2, 3].map(() => tokens.get({ ...request, fetchToken }))))
  expect(new Set(all.map(({ accessToken }) => accessToken))).toEqual(new Set(['canary-token-2']))
  for (const tokens of fleet) tokens.rejected(old)
  await fleet[0]?.get({ ...request, fetchToken })
  expect(requests()).toBe(2)
})

it('renews in time, serves the valid token meanwhile and after a failure, and none in its last 30 s', async () => {
  const clock = createTestClock()
  const loaded = createTestCache(undefined, {
    cache: 'tokens',
    life: LIFE,
    maxLifeMs: MAX_TOKEN_LIFE_MS,
    memoryTtlMs: 1e9,
    clock,
  })
  const tokens = createTokenCache(loaded, 'test')
  const { fetchToken, requests } = createIssuer(600)
  await tokens.get({ ...request, fetchToken })
  clock.advance(500_000)
  const fails = () => Promise.reject(new Error('503'))
  expect(await tokens.get({ ...request, fetchToken: fails })).toMatchObject({ accessToken: 'canary-token-1' })
  await loaded.settled()
  clock.advance(65_000)
  expect(await tokens.get({ ...request, fetchToken })).toMatchObject({ accessToken: 'canary-token-1' })
  await loaded.settled()
  expect(requests()).toBe(2)
  expect(await tokens.get({ ...request, fetchToken })).toMatchObject({ accessToken: 'canary-token-2' })
  clock.advance(575_000)
  await expect(tokens.get({ ...request, fetchToken: fails })).rejects.toThrow('503')
})

it.each([undefined, 0, -5, Number.NaN])('keeps no token that expires in %s s', async (expiresInSeconds) => {
  const tokens = create()
  const fetchToken = async () => ({ accessToken: 'a', expiresInSeconds })
  expect(await tokens.get({ ...request, fetchToken })).toMatchObject({ accessToken: 'a' })
  expect(await cache.redis.dbsize()).toBe(0)
})

it('bounds an absurd life', async () => {
  const { fetchToken } = createIssuer(10 * 365 * 86_400)
  const { expiresAt } = await create().get({ ...request, fetchToken })
  expect((expiresAt as Date).getTime()).toBeLessThanOrEqual(Date.now() + MAX_TOKEN_LIFE_MS)
})

it('does not repeat what the issuer refuses for good, for 5 s', async () => {
  const clock = createTestClock()
  const tokens = create({ clock })
  let requests = 0
  const fetchToken = () => {
    requests += 1
    return Promise.reject(Object.assign(new Error('refused'), { error: 'invalid_client' }))
  }
  for (let call = 0; call < 5; call++) await expect(tokens.get({ ...request, fetchToken })).rejects.toThrow('refused')
  expect(requests).toBe(1)
  clock.advance(5_001)
  await expect(tokens.get({ ...request, fetchToken })).rejects.toThrow('refused')
  expect(requests).toBe(2)
})

it('forgets the tokens of a client, an issuer or an org', async () => {
  const { fetchToken, requests } = createIssuer()
  const tokens = create()
  const { orgId, issuer, clientId } = request
  for (const what of [{ orgId, issuer, clientId }, { orgId, issuer }, { orgId }]) {
    await tokens.get({ ...request, fetchToken })
    expect(await tokens.forget(what)).toEqual({ deleted: 1, reached: true })
  }
  await tokens.get({ ...request, fetchToken })
  expect(requests()).toBe(4)
})
