import { beforeEach, describe, expect, it } from 'vitest'
import { encodeEmbedding } from '../../../shared/cache/embedding-frame.ts'
import { cacheKeyPrefix, embeddingKeys } from '../../../shared/cache/engine/cache-keys.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { createMetrics } from '../../../shared/observe/metrics.ts'
import { useCache } from '../../helpers/cache-under-test.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { createTestEmbedder, DIMS, type TestEmbedderOptions } from '../../helpers/models/test-embedder.ts'

const TTL_SECONDS = 1_000

const server = await useModelServer()
const cache = useCache()
let warnings: string[]
beforeEach(() => {
  warnings = []
})

function createEmbedder(options: Partial<TestEmbedderOptions> = {}) {
  const log = { warn: (_: object, message: string) => void warnings.push(message), info: () => undefined }
  return createTestEmbedder({
    redis: cache.redis,
    modelUrl: server.url,
    ttlSeconds: TTL_SECONDS,
    log,
    ...options,
  })
}

const keyOf = (text: string, orgId = 'acme') =>
  embeddingKeys('test', { orgId }, createEmbedder().provider.embeddingModel)(text)

describe('the embedding cache', () => {
  it('buys a text once, also for another process, and answers the same vector to the bit', async () => {
    const first = await createEmbedder().embedMany('acme', ['a', 'b'], {})
    expect(first).toMatchObject({ hits: 0, misses: 2, usage: { calls: 1 } })
    const second = await createEmbedder().embedMany('acme', ['b', 'a'], {})
    expect(second).toMatchObject({ hits: 2, misses: 0, usage: { calls: 0, inputTokens: 0 } })
    expect(second.vectors).toEqual([first.vectors[1], first.vectors[0]])
    expect(server.textCount()).toBe(2)
    expect(warnings).toEqual([])
  })

  it('embeds duplicates once and buys only what is missing, in one call', async () => {
    const embedder = createEmbedder()
    await embedder.embedMany('acme', ['b'], {})
    const mixed = await embedder.embedMany('acme', ['a', 'b', 'a', 'c', 'b', 'c'], {})
    expect(mixed).toMatchObject({ hits: 1, misses: 2, usage: { calls: 1 } })
    expect(server.requests.at(-1)?.body.input).toEqual(['a', 'c'])
    const plain = await embedder.provider.embed(['a', 'b', 'a', 'c', 'b', 'c'], {})
    expect(mixed.vectors).toEqual(plain.vectors)
  })

  it('answers nothing for no texts, without asking anyone', async () => {
    expect(await createEmbedder().embedMany('acme', [], {})).toMatchObject({ vectors: [], hits: 0, misses: 0 })
    expect(server.requestCount()).toBe(0)
  })

  it('keeps orgs and models apart, and shows no text in its keys', async () => {
    await createEmbedder().embedMany('acme', ['a secret'], {})
    expect(await createEmbedder().embedMany('other', ['a secret'], {})).toMatchObject({ hits: 0 })
    expect(await createEmbedder({ embeddingModel: 'other' }).embedMany('acme', ['a secret'], {})).toMatchObject({
      hits: 0,
    })
    const keys = await cache.redis.keys('*')
    expect(keys).toHaveLength(3)
    expect(keys.join()).not.toMatch(/secret|acme/)
    expect(keys.filter((key) => key.startsWith(cacheKeyPrefix('test', 'emb', { orgId: 'acme' })))).toHaveLength(2)
  })

  it('keeps orgs apart in its own memory too, unless the host has named a scope that they share', async () => {
    const own = createEmbedder({ memoryBytes: 1e6 })
    await own.embedMany('acme', ['a'], {})
    expect(await own.embedMany('other', ['a'], {})).toMatchObject({ hits: 0 })
    const shared = createEmbedder({ memoryBytes: 1e6, sharedScope: 'everybody' })
    expect(await shared.embedMany('acme', ['a'], {})).toMatchObject({ hits: 0 })
    expect(await shared.embedMany('other', ['a'], {})).toMatchObject({ hits: 1 })
    expect(await createEmbedder({ sharedScope: 'acme' }).embedMany('acme', ['a'], {})).toMatchObject({ hits: 0 })
  })

  it('keeps a text as a query apart from the same as a document, where the model has prefixes', async () => {
    const { provider } = createEmbedder()
    const prefixes = { query: 'query: ', document: 'passage: ' }
    const embedder = createEmbedder({
      provider: { ...provider, embeddingModel: { ...provider.embeddingModel, prefixes } },
    })
    await embedder.embedMany('acme', ['a'], {})
    expect(await embedder.embedMany('acme', ['a'], { purpose: 'query' })).toMatchObject({ hits: 0, misses: 1 })
    expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ hits: 1 })
  })

  it('reads once, writes once and scatters the times to live', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`)
    await cache.redis.config('RESETSTAT')
    await createEmbedder().embedMany('acme', texts, {})
    const stats = await cache.redis.info('commandstats')
    expect(stats).toMatch(/cmdstat_mget:calls=1,/)
    expect(server.requestCount()).toBe(1)
    const ttls = await Promise.all((await cache.redis.keys('*')).map((key) => cache.redis.pttl(key)))
    expect(ttls).toHaveLength(50)
    for (const ttl of ttls) {
      expect(ttl).toBeGreaterThan(TTL_SECONDS * 1_000 * 0.9 - 10_000)
      expect(ttl).toBeLessThanOrEqual(TTL_SECONDS * 1_000)
    }
    expect(new Set(ttls).size).toBeGreaterThan(25)
  })

  it('stores nothing for a call that fails, and passes on the signal', async () => {
    server.behave({ hang: 'before-headers' })
    const stop = new AbortController()
    const call = createEmbedder().embedMany('acme', ['a'], { signal: stop.signal })
    const outcome = expect(call).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
    await server.received(1)
    stop.abort(new AfterturnError('SHUTTING_DOWN', 'stop'))
    await outcome
    expect(await cache.redis.dbsize()).toBe(0)
  })

  it.each([
    ['an empty text', ' '],
    ['half a surrogate pair', 'a\ud83d'],
  ])('refuses %s before any call, and keeps nothing of it', async (_, text) => {
    const call = createEmbedder().embedMany('acme', ['a', text], {})
    await expect(call).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('Text 2 of 2') })
    expect(server.requestCount()).toBe(0)
    expect(await cache.redis.dbsize()).toBe(0)
  })

  it('keeps one vector of a text longer than the model takes', async () => {
    const long = 'word '.repeat(10_000)
    expect(await createEmbedder().embedMany('acme', ['a', long], {})).toMatchObject({ misses: 2 })
    expect(await createEmbedder().embedMany('acme', [long], {})).toMatchObject({ hits: 1, misses: 0 })
    expect(await cache.redis.dbsize()).toBe(2)
  })

  it('holds float16 in about half the bytes when it is asked to, and reads either', async () => {
    const exact = createEmbedder()
    const half = createEmbedder({ format: 'float16' })
    const { vectors } = await half.embedMany('acme', ['a'], {})
    expect(await cache.redis.strlen(keyOf('a'))).toBe(16 + 2 * DIMS)
    const rounded = await exact.embedMany('acme', ['a'], {})
    expect(rounded.hits).toBe(1)
    for (const [index, number] of (vectors[0] as Float32Array).entries())
      expect(rounded.vectors[0]?.[index]).toBeCloseTo(number, 3)
    await exact.embedMany('acme', ['b'], {})
    expect(await half.embedMany('acme', ['b'], {})).toMatchObject({ hits: 1 })
  })
})

describe('a frame that is no vector of this model', () => {
  const good = () => encodeEmbedding({ vector: new Float32Array(DIMS).fill(0.125), tokens: 1 }, 'float32')
  const damaged: [string, () => Buffer | string][] = [
    ['cut off', () => good().subarray(0, 40)],
    ['foreign', () => '[0.1, 0.2]'],
    [
      'of other dimensions',
      () => encodeEmbedding({ vector: new Float32Array(DIMS / 2).fill(0.1), tokens: 1 }, 'float32'),
    ],
    ['with NaN', () => encodeEmbedding({ vector: new Float32Array(DIMS).fill(Number.NaN), tokens: 1 }, 'float32')],
    ['with a flipped bit', () => good().fill(1, 40, 41)],
  ]

  it.each(damaged)('%s, is a miss, deleted, counted and put right', async (_, frame) => {
    const embedder = createEmbedder()
    const [expected] = (await embedder.provider.embed(['a'], {})).vectors
    await cache.redis.set(keyOf('a'), frame())
    const { vectors, hits, misses } = await embedder.embedMany('acme', ['a'], {})
    expect({ vectors, hits, misses }).toEqual({ vectors: [expected], hits: 0, misses: 1 })
    expect(embedder.stats()).toMatchObject({ badFrames: 1, misses: 1 })
    expect(warnings).toHaveLength(1)
    expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ hits: 1 })
    expect(embedder.stats()).toMatchObject({ badFrames: 1 })
  })

  it('is deleted also when it cannot be bought again', async () => {
    await cache.redis.set(keyOf('a'), 'foreign')
    server.fault({ status: 429, headers: { 'retry-after': '1' } })
    await expect(createEmbedder().embedMany('acme', ['a'], {})).rejects.toMatchObject({
      code: 'MODEL_RATE_LIMITED',
      retryAfterMs: 1_000,
    })
    expect(await cache.redis.exists(keyOf('a'))).toBe(0)
  })

  it('is replaced if it is of another type', async () => {
    await cache.redis.rpush(keyOf('a'), 'x')
    expect(await createEmbedder().embedMany('acme', ['a'], {})).toMatchObject({ hits: 0, misses: 1 })
    expect(await createEmbedder().embedMany('acme', ['a'], {})).toMatchObject({ hits: 1 })
  })
})

describe('its own memory', () => {
  it('answers without Redis what this process has bought or read, each time as the caller’s own', async () => {
    await createEmbedder().embedMany('acme', ['a'], {})
    const embedder = createEmbedder({ memoryBytes: 1e6 })
    const [first] = (await embedder.embedMany('acme', ['a'], {})).vectors
    const before = (first as Float32Array).slice()
    first?.fill(9)
    await cache.redis.config('RESETSTAT')
    const second = await embedder.embedMany('acme', ['a'], {})
    expect(second.vectors[0]).toEqual(before)
    second.vectors[0]?.fill(9)
    expect((await embedder.embedMany('acme', ['a'], {})).vectors[0]).toEqual(before)
    expect(await cache.redis.info('commandstats')).not.toContain('mget')
    expect(embedder.stats()).toMatchObject({ redisHits: 1, memoryHits: 2, misses: 0 })
  })

  it('is bounded in bytes, and lets go of what was not used for longest', async () => {
    const room = 10
    const embedder = createEmbedder({ memoryBytes: room * (DIMS * 4 + 256), redis: undefined })
    const texts = Array.from({ length: room + 1 }, (_, index) => `text ${index}`)
    for (const text of texts) await embedder.embedMany('acme', [text], {})
    expect(await embedder.embedMany('acme', texts.slice(1), {})).toMatchObject({ hits: room })
    expect(await embedder.embedMany('acme', texts.slice(0, 1), {})).toMatchObject({ misses: 1 })
  })
})

it('its stats and metrics say what was found where, and what that saved', async () => {
  const metrics = createMetrics()
  const prices = { usdPerMillionTokens: 1_000_000 }
  const { usage } = await createEmbedder().embedMany('acme', ['twelve chars'], {})
  const embedder = createEmbedder({ memoryBytes: 1e6, metrics, ...prices })
  await embedder.embedMany('acme', ['twelve chars', 'new', 'new'], {})
  await embedder.embedMany('acme', ['twelve chars'], {})
  const frameBytes = 16 + 4 * DIMS
  const saved = 2 * usage.inputTokens
  expect(embedder.stats()).toEqual({
    memoryHits: 1,
    redisHits: 1,
    waits: 0,
    misses: 1,
    badFrames: 0,
    stale: 0,
    refusedWrites: 0,
    tooLarge: 0,
    bytesRead: frameBytes,
    bytesWritten: frameBytes,
    savedTokens: saved,
    savedUsd: saved,
  })
  const text = await metrics.text()
  for (const line of [
    'afterturn_cache_lookups_total{cache="embedding",source="memory"} 1',
    'afterturn_cache_lookups_total{cache="embedding",source="redis"} 1',
    'afterturn_cache_lookups_total{cache="embedding",source="bought"} 1',
    `afterturn_cache_bytes_total{cache="embedding",direction="read"} ${frameBytes}`,
    `afterturn_cache_saved_tokens_total{cache="embedding"} ${saved}`,
    `afterturn_cache_saved_usd_total{cache="embedding"} ${saved}`,
  ])
    expect(text).toContain(line)
})
