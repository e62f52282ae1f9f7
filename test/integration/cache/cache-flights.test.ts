import { afterEach, describe, expect, it } from 'vitest'
import { AfterturnError } from '../../../shared/errors.ts'
import { connectCache, ready } from '../../helpers/cache-connection.ts'
import { useCache } from '../../helpers/cache-under-test.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { createTestEmbedder } from '../../helpers/models/test-embedder.ts'
import { type CacheProcess, startCacheProcess } from '../../helpers/processes/cache-processes.ts'
import { startBareRedis } from '../../helpers/services/redis-server.ts'
import { until } from '../../helpers/until.ts'

/** P7: what several want at once is bought once, in one process and over all. */

const FLIGHT_TTL_MS = 1_000
const processes: CacheProcess[] = []
const server = await useModelServer()
const cache = useCache()
afterEach(async () => void (await Promise.all(processes.splice(0).map((one) => one.kill()))))

const createEmbedder = () => createTestEmbedder({ redis: cache.redis, modelUrl: server.url })

describe('the callers of one process', () => {
  it('buy a text once, and each gets a vector of its own', async () => {
    const embedder = createEmbedder()
    server.behave({ delayMs: 50 })
    const all = await Promise.all(Array.from({ length: 50 }, () => embedder.embedMany('acme', ['a'], {})))
    expect(server.requestCount()).toBe(1)
    expect(all.filter(({ misses }) => misses === 1)).toHaveLength(1)
    expect(all.filter(({ waits, usage }) => waits === 1 && usage.calls === 0)).toHaveLength(49)
    expect(embedder.stats()).toMatchObject({ misses: 1, waits: 49 })
    all[0]?.vectors[0]?.fill(9)
    expect(all[1]?.vectors[0]).not.toEqual(all[0]?.vectors[0])
    expect(all[1]?.vectors).toEqual((await embedder.provider.embed(['a'], {})).vectors)
  })

  it('survive that the one who buys is told to stop', async () => {
    const embedder = createEmbedder()
    server.behave({ hang: 'before-headers' })
    const stop = new AbortController()
    const first = embedder.embedMany('acme', ['a'], { signal: stop.signal })
    const stopped = expect(first).rejects.toMatchObject({ code: 'LOCK_LOST' })
    await server.received(1)
    const others = Promise.all(Array.from({ length: 20 }, () => embedder.embedMany('acme', ['a'], {})))
    await cache.redis.ping()
    server.behave({ hang: 'never' })
    stop.abort(new AfterturnError('LOCK_LOST', 'lost'))
    await stopped
    expect((await others).map(({ misses }) => misses).filter((misses) => misses === 1)).toHaveLength(1)
    expect(server.requestCount()).toBe(2)
  })

  it('share a failure that a repetition may mend, and nothing is kept of it', async () => {
    const embedder = createEmbedder()
    server.behave({ delayMs: 50 })
    server.fault({ status: 429 })
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => embedder.embedMany('acme', ['a'], {})))
    expect(all.map(({ status }) => status)).toEqual(Array(20).fill('rejected'))
    expect(server.requestCount()).toBe(1)
    expect(await cache.redis.dbsize()).toBe(0)
    expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ misses: 1 })
  })

  it('do not share what is wrong with another text of the one who buys', async () => {
    const embedder = createEmbedder()
    const [spoilt, whole] = await Promise.allSettled([
      embedder.embedMany('acme', ['a', ' '], {}),
      embedder.embedMany('acme', ['a'], {}),
    ])
    expect(spoilt).toMatchObject({ status: 'rejected', reason: { code: 'INPUT_INVALID' } })
    expect(whole).toMatchObject({ status: 'fulfilled', value: { vectors: { length: 1 } } })
  })

  it('do not wait for another’s purchase when their own text is there', async () => {
    const embedder = createEmbedder()
    await embedder.embedMany('acme', ['a'], {})
    server.behave({ hang: 'before-headers' })
    const stop = new AbortController()
    const slow = embedder.embedMany('acme', ['a', 'b'], { signal: stop.signal }).catch(() => undefined)
    await server.received(2)
    expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ hits: 1 })
    stop.abort()
    await slow
  })
})

describe('several processes', () => {
  async function start(count: number, { url = cache.url, flightTtlMs = FLIGHT_TTL_MS } = {}): Promise<CacheProcess[]> {
    const options = { url, modelUrl: server.url, flightTtlMs }
    const started = await Promise.all(Array.from({ length: count }, () => startCacheProcess(options)))
    processes.push(...started)
    return started
  }
  /** Settles once somebody other than who buys has asked for its lease again. */
  const othersWait = async (client = cache.redis) => {
    const claims = async () => Number(/cmdstat_evalsha:calls=(\d+)/.exec(await client.info('commandstats'))?.[1] ?? 0)
    const before = await claims()
    await until(claims, (now) => now >= before + 4)
  }

  it('buy a text once, however long it takes', async () => {
    const all = await start(3)
    server.behave({ delayMs: 2.5 * FLIGHT_TTL_MS })
    const callers = Array.from({ length: 10 }, () => ['a'])
    const outcomes = (await Promise.all(all.map((one) => one.embed({ orgId: 'acme', batches: callers })))).flat()
    expect(server.requestCount()).toBe(1)
    expect(outcomes).toHaveLength(30)
    expect(new Set(outcomes.map((outcome) => JSON.stringify('heads' in outcome && outcome.heads))).size).toBe(1)
    expect(await cache.redis.dbsize()).toBe(1)
  })

  it('send each of many overlapping texts once', async () => {
    const all = await start(4, { flightTtlMs: 60_000 })
    server.behave({ delayMs: 50 })
    const texts = Array.from({ length: 200 }, (_, index) => `text ${index}`)
    const outcomes = await Promise.all(
      all.map((one, process) => {
        const batches = Array.from({ length: 5 }, (_, caller) => {
          const from = (process * 5 + caller) * 8
          return [...texts, ...texts].slice(from, from + 60)
        })
        return one.embed({ orgId: 'acme', batches })
      }),
    )
    expect(outcomes.flat().filter((outcome) => 'code' in outcome)).toEqual([])
    expect(server.textCount()).toBe(200)
  })

  it('survive that the one who buys is killed', async () => {
    const [leader, other] = (await start(2)) as [CacheProcess, CacheProcess]
    server.behave({ hang: 'before-headers' })
    leader.embed({ orgId: 'acme', batches: [['a']] }).catch(() => undefined)
    await server.received(1)
    const answer = other.embed({ orgId: 'acme', batches: [['a'], ['a']] })
    await othersWait()
    expect(server.requestCount()).toBe(1)
    server.behave({ hang: 'never' })
    await leader.kill()
    expect(await answer).toMatchObject([{ misses: 1 }, { waits: 1 }])
    expect(server.requestCount()).toBe(2)
  })

  it('take over from one that fails', async () => {
    const [leader, other] = (await start(2)) as [CacheProcess, CacheProcess]
    server.behave({ delayMs: 500 })
    server.fault({ status: 500 })
    const failed = leader.embed({ orgId: 'acme', batches: [['a']] })
    await server.received(1)
    const answer = other.embed({ orgId: 'acme', batches: [['a']] })
    expect(await failed).toEqual([{ code: 'MODEL_UNAVAILABLE' }])
    expect(await answer).toMatchObject([{ misses: 1 }])
    expect(server.requestCount()).toBe(2)
  })

  it('each buy alone when Redis goes while they wait', async () => {
    const own = await startBareRedis()
    const watcher = connectCache(own.url)
    await ready(watcher)
    const [leader, other] = (await start(2, { url: own.url })) as [CacheProcess, CacheProcess]
    server.behave({ delayMs: 1_000 })
    const first = leader.embed({ orgId: 'acme', batches: [['a']] })
    await server.received(1)
    const second = other.embed({ orgId: 'acme', batches: [['a']] })
    await othersWait(watcher)
    watcher.disconnect()
    await own.stop()
    const outcomes = [await first, await second].flat()
    expect(outcomes).toMatchObject([{ misses: 1 }, { misses: 1 }])
    expect(outcomes[0]).toEqual(outcomes[1])
  })
})
