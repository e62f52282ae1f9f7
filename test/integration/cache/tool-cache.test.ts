import { expect, it } from 'vitest'
import type { LoadedCacheOptions } from '../../../shared/cache/engine/loaded-cache.ts'
import { createToolCache, type ToolListRequest, type ToolPage } from '../../../shared/cache/faces/tool-cache.ts'
import { useCache } from '../../helpers/cache-under-test.ts'
import { createTestCache, createTestClock } from '../../helpers/loaded-cache.ts'

const cache = useCache()
const NO_LIFE = { freshMs: 0, revalidateMs: 0, staleIfErrorMs: 0 }
const create = (options: Partial<LoadedCacheOptions> = {}) =>
  createToolCache(
    createTestCache(cache.redis, { cache: 'tools', life: NO_LIFE, maxLifeMs: 1e9, memoryTtlMs: 1e9, ...options }),
    'test',
  )
const SECRET = 'canary-credential-4711'
const request = (page: Partial<ToolPage>, more: Partial<ToolListRequest> = {}): ToolListRequest => ({
  orgId: 'acme',
  userId: 'ann',
  server: 'https://mcp.example/',
  credentials: { authorization: SECRET },
  fetch: async () => ({ tools: [{ name: 'search' }], ttlMs: 60_000, ...page }),
  ...more,
})
const nameOf = async (tools: Promise<{ tools: readonly { name: string }[] }>) => (await tools).tools[0]?.name

it('shares a list between the processes of one user, and with nobody else', async () => {
  const [one, other] = [create(), create()]
  await one.list(request({}))
  const forOthers = { tools: [{ name: 'other' }] }
  expect(await nameOf(other.list(request(forOthers)))).toBe('search')
  for (const more of [
    { userId: 'bob' },
    { orgId: 'other' },
    { server: 'https://mcp.example' },
    { credentials: { authorization: `${SECRET}!` } },
    { credentials: {} },
  ])
    expect(await nameOf(other.list(request(forOthers, more)))).toBe('other')
})

it('shares a public list between the users of an org who have the same credentials', async () => {
  const tools = create()
  const page = { cacheScope: 'public' as const }
  await tools.list(request(page))
  await tools.list(request(page, { userId: 'bob' }))
  const other = { ...page, tools: [{ name: 'other' }] }
  expect(await nameOf(tools.list(request(other, { userId: 'eve' })))).toBe('search')
  expect(await nameOf(tools.list(request(other, { userId: 'eve', credentials: {} })))).toBe('other')
  expect(await nameOf(tools.list(request(other, { userId: 'eve', orgId: 'other' })))).toBe('other')
})

it('gives nobody else a list that its server has stopped calling public', async () => {
  const tools = create()
  await tools.list(request({ cacheScope: 'public', ttlMs: 0 }))
  const asked = ['bob', 'eve'].map((userId) => tools.list(request({ tools: [{ name: `of ${userId}` }] }, { userId })))
  expect((await Promise.all(asked)).map(({ tools: [tool] }) => tool?.name)).toEqual(['of bob', 'of eve'])
})

it('keeps only metadata, without credentials', async () => {
  const tools = create()
  const spoilt = { name: 'a', headers: { authorization: SECRET }, inputSchema: { type: 'object' } }
  const { tools: listed } = await tools.list(request({ tools: [spoilt] }))
  expect(listed).toEqual([{ name: 'a', inputSchema: { type: 'object' } }])
  await tools.list(request({ tools: [{ name: 'b', description: `Call with ${SECRET}` }] }, { server: 'echo' }))
  const keys = await cache.redis.keys('*')
  expect(keys).toHaveLength(1)
  const dump = [...keys, ...(await Promise.all(keys.map((key) => cache.redis.get(key))))].join()
  expect(dump).not.toContain('canary')
})

it('fetches all pages, and a list without a time to live each time', async () => {
  const tools = create()
  const pages = ['1', '2', undefined]
  const paged = (ttlMs?: number) =>
    request(
      {},
      { fetch: async ({ cursor = '0' }) => ({ tools: [{ name: cursor }], nextCursor: pages[Number(cursor)], ttlMs }) },
    )
  expect((await tools.list(paged())).tools.map(({ name }) => name)).toEqual(['0', '1', '2'])
  await tools.list(paged())
  expect(tools.stats()).toMatchObject({ misses: 2 })
  const endless = request({}, { server: 'endless', fetch: async () => ({ tools: [], nextCursor: 'x' }) })
  await expect(tools.list(endless)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

it('keeps the last good list when a refresh fails, and says that it is stale', async () => {
  const clock = createTestClock()
  const tools = create({ redis: undefined, clock })
  await tools.list(request({}))
  clock.advance(600_000)
  const fails = request({}, { fetch: async () => Promise.reject(new Error('away')) })
  expect(await tools.list(fails)).toMatchObject({ tools: [{ name: 'search' }], isStale: true })
})

it('fetches again what has changed, for everybody, and for a user who connects an account', async () => {
  const tools = create()
  for (const userId of ['ann', 'bob']) await tools.list(request({}, { userId }))
  expect(await tools.forget({ orgId: 'acme', userId: 'bob' })).toEqual({ deleted: 1, reached: true })
  const next = { tools: [{ name: 'next' }] }
  expect(await nameOf(tools.list(request(next, { userId: 'ann' })))).toBe('search')
  expect(await nameOf(tools.list(request(next, { userId: 'bob' })))).toBe('next')
  expect(await tools.changed({ orgId: 'acme', server: 'https://mcp.example/' })).toEqual({ deleted: 2, reached: true })
  expect(await nameOf(tools.list(request(next, { userId: 'ann' })))).toBe('next')
})
