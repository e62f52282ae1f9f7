import { expect, it } from 'vitest'
import { createPrefetched, type PrefetchedOptions } from '../../../shared/cache/faces/prefetcher.ts'
import { useCache } from '../../helpers/cache-under-test.ts'
import { createTestCache, createTestClock } from '../../helpers/loaded-cache.ts'

const cache = useCache()
const LIFE = { freshMs: 0, revalidateMs: 0, staleIfErrorMs: 0 }

function create(options: Partial<PrefetchedOptions<string>> = {}) {
  const clock = createTestClock()
  const loaded = createTestCache(undefined, { cache: 'metadata', life: LIFE, maxLifeMs: 1e9, memoryTtlMs: 1e9, clock })
  const loads: string[] = []
  const load = async ({ key, viewer }: { key: string; viewer?: string }) => {
    loads.push(`${key}${viewer ?? ''}`)
    return `${key} ${loads.length}`
  }
  return { clock, loads, entities: createPrefetched(loaded, 'test', { name: 'entities', load, ...options }, clock) }
}

it('refreshes before anybody waits, and only what is in use', async () => {
  const { clock, loads, entities } = create()
  for (const key of ['used', 'idle']) await entities.get({ orgId: 'acme', key })
  for (let minute = 0; minute < 10; minute++) {
    clock.advance(55_000)
    await entities.refreshDue()
    expect(await entities.get({ orgId: 'acme', key: 'used' })).toMatchObject({ isStale: false })
  }
  expect(loads.filter((key) => key === 'used')).toHaveLength(11)
  expect(loads.filter((key) => key === 'idle').length).toBeLessThanOrEqual(6)
})

it('spends its budget on what is used most', async () => {
  const { clock, loads, entities } = create({ maxRefreshesPerMinute: 2 })
  for (const key of ['a', 'b', 'c']) await entities.get({ orgId: 'acme', key })
  for (const key of ['b', 'c', 'c']) await entities.get({ orgId: 'acme', key })
  clock.advance(59_000)
  expect(await entities.refreshDue()).toBe(2)
  expect(loads.slice(3)).toEqual(['c', 'b'])
})

it('loads ahead, keeps viewers and orgs apart, and loads again what has changed', async () => {
  const { loads, entities } = create()
  const broken = create({ load: () => Promise.reject(new Error('away')) }).entities
  expect(await broken.warm({ orgId: 'acme', keys: ['a'] })).toBe(0)
  expect(await entities.warm({ orgId: 'acme', keys: ['a', 'b'] })).toBe(2)
  await entities.get({ orgId: 'acme', key: 'a' })
  await entities.get({ orgId: 'acme', key: 'a', viewer: ' of ann' })
  await entities.get({ orgId: 'other', key: 'a' })
  expect(loads).toEqual(['a', 'b', 'a of ann', 'a'])
  await entities.changed({ orgId: 'acme', key: 'a' })
  for (const key of ['a', 'b']) await entities.get({ orgId: 'acme', key })
  expect(loads.slice(4)).toEqual(['a'])
  await entities.changed({ orgId: 'acme' })
  for (const key of ['a', 'b']) await entities.get({ orgId: 'acme', key })
  expect(loads.slice(5)).toEqual(['a', 'b'])
  expect(await cache.redis.dbsize()).toBe(0)
})
