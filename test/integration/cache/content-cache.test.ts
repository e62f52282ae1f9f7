import { expect, it } from 'vitest'
import { erasureMarkKey } from '../../../shared/cache/engine/cache-keys.ts'
import type { LoadedCacheOptions } from '../../../shared/cache/engine/loaded-cache.ts'
import { eraseCached } from '../../../shared/cache/erase-cached.ts'
import { type ContentFiles, createContentCache } from '../../../shared/cache/faces/content-cache.ts'
import { KEY_CATALOGUE } from '../../../shared/redis/key-catalogue.ts'
import { useCache } from '../../helpers/cache-under-test.ts'
import { createTestCache } from '../../helpers/loaded-cache.ts'

const cache = useCache()
const at = { orgId: 'acme', slug: 'calendar', version: '1.0.0' }
const FILES: ContentFiles = { 'manifest.json': '{"name":"calendar"}', 'skills/a.md': 'a', 'skills/b.md': 'b' }

function createContents(files: ContentFiles | null = FILES, options: Partial<LoadedCacheOptions> = {}) {
  let loads = 0
  const contents = createContentCache(createTestCache(cache.redis, options), 'test', {
    load: async () => {
      loads += 1
      return files ?? undefined
    },
  })
  return { ...contents, loads: () => loads }
}

it('serves all files, the manifest and single files from one load, also to another process', async () => {
  const plugins = createContents()
  expect((await plugins.manifest(at)).value).toEqual({ name: 'calendar' })
  expect((await plugins.file({ ...at, path: 'skills/a.md' })).value).toBe('a')
  expect((await plugins.content(at)).value).toEqual(FILES)
  const other = createContents()
  expect((await other.file({ ...at, path: 'skills/b.md' })).value).toBe('b')
  expect((await other.manifest(at)).value).toEqual({ name: 'calendar' })
  expect([plugins.loads(), other.loads()]).toEqual([1, 0])
  const keys = await cache.redis.keys('*')
  expect(keys.map((key) => key.split(':')[1]).sort()).toEqual([
    'plugin_content',
    'plugin_files',
    'plugin_files',
    'plugin_manifest',
  ])
  expect(keys.join()).not.toMatch(/acme|calendar|skills/)
})

it.each([
  { slug: '*', path: '*' },
  { slug: 'a:b', path: ':' },
  { slug: '[a]?', path: '' },
  { slug: '..', path: '__proto__' },
  { slug: 'é\n"', path: 'x'.repeat(4_096) },
])('takes the characters of $slug for what they are', async ({ slug, path }) => {
  const plugins = createContents({ [path]: 'right' })
  expect((await plugins.file({ ...at, slug, path })).value).toBe(path === '__proto__' ? undefined : 'right')
  const others = [createContents({ a: 'other' }), createContents({ b: 'other' })]
  await others[0]?.content({ ...at, slug: 'a' })
  await others[1]?.content({ ...at, slug: 'ab' })
  expect(await plugins.invalidate({ orgId: 'acme', slug })).toMatchObject({ reached: true })
  expect((await cache.redis.keys('*plugin*')).length).toBe(2)
})

it('keeps ("a", "b:c") and ("a:b", "c") apart, and one org from another', async () => {
  const keys = [
    { orgId: 'o', slug: 'a', version: 'b:c' },
    { orgId: 'o', slug: 'a:b', version: 'c' },
    { orgId: 'o:a', slug: 'b', version: 'c' },
  ]
  for (const key of keys) await createContents({ f: JSON.stringify(key) }).content(key)
  for (const key of keys) expect((await createContents({}).file({ ...key, path: 'f' })).value).toBe(JSON.stringify(key))
})

it('ends one version, or all versions of a slug', async () => {
  const plugins = createContents()
  const next = { ...at, version: '2.0.0' }
  for (const key of [at, next])
    await Promise.all([plugins.manifest(key), plugins.file({ ...key, path: 'skills/a.md' })])
  expect(await plugins.invalidate({ orgId: 'acme', slug: 'calendar', version: '1.0.0' })).toEqual({
    deleted: 3,
    reached: true,
  })
  await Promise.all([plugins.manifest(at), plugins.manifest(next)])
  expect(plugins.loads()).toBe(3)
  expect(await plugins.invalidate({ orgId: 'acme', slug: 'calendar' })).toEqual({ deleted: 5, reached: true })
  await Promise.all([plugins.manifest(at), plugins.manifest(next)])
  expect(plugins.loads()).toBe(5)
})

it('refuses bad keys and bad content, and returns content that is too large', async () => {
  const bad = (key: Partial<typeof at>) => createContents().content({ ...at, ...key })
  for (const key of [{ slug: '' }, { version: 'x'.repeat(600) }, { orgId: '\0' }])
    await expect(bad(key)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  await expect(createContents({ a: 1 } as never).content(at)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  await expect(createContents({ 'manifest.json': '{' }).manifest({ ...at, slug: 'x' })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
  })
  const large = createContents({ large: 'x'.repeat(2_000_000) })
  expect((await large.file({ ...at, slug: 'large', path: 'large' })).value).toHaveLength(2_000_000)
  expect(large.stats()).toMatchObject({ tooLarge: 2 })
  expect(await cache.redis.dbsize()).toBeLessThanOrEqual(1)
  const none = createContents(null)
  expect((await none.manifest({ ...at, slug: 'none' })).value).toBeUndefined()
})

it('loads from the source without Redis', async () => {
  const plugins = createContents(FILES, { redis: undefined })
  expect((await plugins.manifest(at)).value).toEqual({ name: 'calendar' })
  expect(await plugins.invalidate({ orgId: 'acme', slug: 'calendar' })).toEqual({ deleted: 0, reached: true })
  expect((await plugins.manifest(at)).value).toEqual({ name: 'calendar' })
  expect(plugins.loads()).toBe(2)
})

it.for([['acme'], ['acme', 'umbrella']])(
  'erasing %j finds every kind of entry that the catalogue has, in one walk',
  async (orgIds) => {
    const hashOf = (orgId: string) => erasureMarkKey('test', { orgId }).split(':')[2] as string
    const patterns = KEY_CATALOGUE.filter(({ role, pattern }) => role === 'cache' && pattern !== 'PREFIX:erased:HASH')
    expect(patterns.length).toBeGreaterThan(10)
    const keysOf = (orgId: string) =>
      patterns.map(({ pattern }) =>
        pattern.replace('PREFIX', 'test').replace('HASH', hashOf(orgId)).replaceAll('HASH', 'x'),
      )
    const kept = [...keysOf('other'), `test:emb:${hashOf('other')}:${hashOf('acme')}`, `test:${hashOf('acme')}`]
    for (const key of [...orgIds.flatMap(keysOf), ...kept]) await cache.redis.set(key, '1')
    const walks = async () => /cmdstat_scan:calls=(\d+)/.exec(await cache.redis.info('commandstats'))?.[1] ?? '0'
    const walksBefore = Number(await walks())
    expect(await eraseCached(cache.redis, 'test', orgIds)).toBe(orgIds.length * patterns.length)
    expect(Number(await walks())).toBe(walksBefore + 1)
    const marks = orgIds.map((orgId) => erasureMarkKey('test', { orgId }))
    expect((await cache.redis.keys('*')).sort()).toEqual([...kept, ...marks].sort())
  },
)
