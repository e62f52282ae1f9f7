import fc from 'fast-check'
import type { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { createSecretRing } from '../../../shared/access/secret-ring.ts'
import type { Load } from '../../../shared/cache/engine/loaded-cache.ts'
import { connectCache, ready } from '../../helpers/cache-connection.ts'
import { useCache } from '../../helpers/cache-under-test.ts'
import { createTestCache, createTestClock } from '../../helpers/loaded-cache.ts'
import { startBareRedis } from '../../helpers/services/redis-server.ts'

const cache = useCache()
const MARK = 'test:mark:o:t'
const place = { key: 'test:content:o:k', markKeys: ['test:erased:o', MARK] }
const PATTERN = 'test:content:o:*'

/** A source whose answers are numbered, and which answers when it is let. */
function createSource() {
  let loads = 0
  const waiting: (() => void)[] = []
  return {
    loads: () => loads,
    load: (async () => ({ value: ++loads })) as Load<number>,
    /** Reads at once and answers later: what it answers may be old by then. */
    slow: (async () => {
      const value = ++loads
      await new Promise<void>((resolve) => waiting.push(resolve))
      return { value }
    }) as Load<number>,
    answer: () => waiting.splice(0).forEach((resolve) => void resolve()),
    fail: (async () => {
      loads += 1
      throw new Error('the source is away')
    }) as Load<number>,
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await cache.redis.ping()
}

describe('a loaded cache', () => {
  it('loads once for all callers and processes, and returns a frozen value', async () => {
    const [one, two] = [createTestCache(cache.redis), createTestCache(cache.redis)]
    let loads = 0
    const load = async () => ({ value: { list: [++loads] } })
    const all = await Promise.all([one, two].flatMap((each) => Array.from({ length: 50 }, () => each.get(place, load))))
    expect(loads).toBe(1)
    expect(all.map(({ value }) => value)).toEqual(Array(100).fill({ list: [1] }))
    expect(() => all[0]?.value?.list.push(2)).toThrow(TypeError)
    expect(await one.get(place, load)).toMatchObject({ isStale: false, value: { list: [1] } })
    expect(loads).toBe(1)
  })

  it('serves an old value while one process loads a newer one, then that', async () => {
    const source = createSource()
    const clock = createTestClock()
    const process = createTestCache(undefined, { clock })
    await process.get(place, source.load)
    clock.advance(65_000)
    const all = await Promise.all(Array.from({ length: 20 }, () => process.get(place, source.slow)))
    expect(all.map(({ value, isStale }) => [value, isStale])).toEqual(Array(20).fill([1, true]))
    source.answer()
    await process.settled()
    expect(await process.get(place, source.load)).toMatchObject({ value: 2, isStale: false })
    expect(process.stats()).toMatchObject({ stale: 20 })
  })

  it('counts the age of what it finds in Redis by the clock of Redis, whatever this machine’s says', async () => {
    const source = createSource()
    const life = { freshMs: 300, revalidateMs: 60_000, staleIfErrorMs: 0 }
    await createTestCache(cache.redis, { life }).get(place, source.load)
    const clock = createTestClock()
    clock.jump(-3_600_000)
    const other = createTestCache(cache.redis, { life, clock })
    await until(async () => (await cache.redis.pttl(place.key)) < 59_900)
    expect(await other.get(place, source.slow)).toMatchObject({ value: 1, isStale: true })
    await until(() => source.loads() === 2)
    source.answer()
    await other.settled()
    expect(source.loads()).toBe(2)
  })

  it('serves an old value if loading fails, for a bounded time, and asks the source less often', async () => {
    const source = createSource()
    const clock = createTestClock()
    const process = createTestCache(undefined, { clock, memoryTtlMs: 1_000_000 })
    await process.get(place, source.load)
    clock.advance(80_000)
    for (let call = 0; call < 10; call++)
      expect(await process.get(place, source.fail)).toMatchObject({ value: 1, isStale: true })
    expect(source.loads()).toBe(2)
    clock.advance(60_000)
    await expect(process.get(place, source.fail)).rejects.toThrow('away')
  })

  it('keeps no failure, and "there is none" only briefly', async () => {
    const source = createSource()
    const clock = createTestClock()
    const process = createTestCache(undefined, { clock })
    await expect(process.get(place, source.fail)).rejects.toThrow('away')
    let loads = 0
    const none = async () => ({ value: ++loads > 1 ? 'there' : undefined })
    expect(await process.get(place, none)).toMatchObject({ value: undefined })
    expect(await process.get(place, none)).toMatchObject({ value: undefined })
    clock.advance(6_000)
    expect(await process.get(place, none)).toMatchObject({ value: 'there' })
  })

  it('returns what is too large and does not keep it, and keeps nothing with a life of nothing', async () => {
    const small = createTestCache(cache.redis, { maxBytes: 1_000 })
    const load = async () => ({ value: 'x'.repeat(2_000) })
    expect((await small.get(place, load)).value).toHaveLength(2_000)
    expect(small.stats()).toMatchObject({ tooLarge: 1, misses: 1 })
    for (const ms of [0, -1, Number.NaN]) {
      const life = { freshMs: ms, revalidateMs: 0, staleIfErrorMs: 0 }
      await small.get(place, async () => ({ value: 1, life }))
    }
    expect(await cache.redis.dbsize()).toBe(0)
    expect(small.stats()).toMatchObject({ misses: 4 })
  })

  it('refuses what is no JSON, and bounds a load that hangs', async () => {
    const process = createTestCache(cache.redis, { loadTimeoutMs: 50 })
    await expect(process.get(place, async () => ({ value: 1n }))).rejects.toMatchObject({ code: 'INPUT_INVALID' })
    const hang = () => new Promise<never>(() => {})
    await expect(process.get(place, hang)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(await process.get(place, async () => ({ value: 1 }))).toMatchObject({ value: 1 })
  })

  it('makes anew what is damaged, lies under another key, or was sealed by a key that is gone', async () => {
    const sealing = (keys: string) => ({ ring: createSecretRing(keys), label: 'test' })
    const [old, young] = ['o'.repeat(32), 'n'.repeat(32)]
    const create = (keys: string) => createTestCache(cache.redis, { memoryBytes: 0, sealing: sealing(keys) })
    const load = async () => ({ value: 'canary-4711' })
    await create(old).get(place, load)
    const frame = (await cache.redis.getBuffer(place.key)) as Buffer
    expect(frame.includes('canary')).toBe(false)
    const rotated = create(`${young},${old}`)
    await rotated.get(place, load)
    expect(rotated.stats()).toMatchObject({ redisHits: 1 })
    const elsewhere = { ...place, key: 'test:content:o:other' }
    await cache.redis.set(elsewhere.key, frame, 'PX', 60_000)
    const strange = create(young)
    expect(await strange.get(place, load)).toMatchObject({ value: 'canary-4711' })
    expect(await rotated.get(elsewhere, load)).toMatchObject({ value: 'canary-4711' })
    expect(strange.stats()).toMatchObject({ misses: 1, badFrames: 1 })
    expect(rotated.stats()).toMatchObject({ misses: 1, badFrames: 1 })
  })
})

describe('an invalidation', () => {
  it('is final: what was read before it is served to nobody after it, and not kept', async () => {
    const source = createSource()
    const [reader, other] = [createTestCache(cache.redis), createTestCache(cache.redis, { memoryBytes: 0 })]
    const early = reader.get(place, source.slow)
    await until(() => source.loads() === 1)
    expect(await other.invalidate(MARK, PATTERN)).toEqual({ deleted: 1, reached: true })
    const late = [reader.get(place, source.load), other.get(place, source.load)]
    source.answer()
    expect(await early).toMatchObject({ value: 1 })
    expect((await Promise.all(late)).map(({ value }) => value)).toEqual([2, 2])
    expect(await other.get(place, source.load)).toMatchObject({ value: 2 })
    expect(reader.stats()).toMatchObject({ refusedWrites: 1 })
  })

  it('ends what is there although its key cannot be removed', async () => {
    const source = createSource()
    const process = createTestCache(cache.redis)
    await process.get(place, source.load)
    expect(await process.invalidate(MARK, 'nothing')).toEqual({ deleted: 0, reached: true })
    expect(await process.get(place, source.load)).toMatchObject({ value: 2 })
  })

  it('counts at once in its process while Redis is away, and is repeated until Redis hears of it', async () => {
    const bare = await startBareRedis()
    const client = connectCache(bare.url)
    await ready(client)
    const process = createTestCache(client)
    const source = createSource()
    await process.get(place, source.load)
    const ended = new Promise((resolve) => client.once('end', resolve))
    client.disconnect()
    expect(await process.invalidate(MARK, PATTERN)).toEqual({ deleted: 0, reached: false })
    await ended
    const back = ready(client)
    client.connect().catch(() => {})
    await back
    // Redis has the old entry and does not know yet.
    expect(await process.get(place, source.load)).toMatchObject({ value: 2 })
    while (!(await client.exists(MARK))) await client.ping()
    const other = createTestCache(client)
    expect(await other.get(place, source.load)).toMatchObject({ value: 3 })
    await process.close()
    client.disconnect()
    await bare.stop()
  })

  it('holds in any order of loads, invalidations, evictions and failures', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(2), fc.constantFrom('get', 'slow', 'invalidate', 'evict', 'fail', 'answer')), {
          maxLength: 30,
        }),
        async (steps) => {
          await cache.redis.flushall()
          await checkSchedule(cache.redis, steps)
        },
      ),
      { numRuns: Number(process.env.SCHEDULES ?? 60) },
    )
  })
})

/** The truth is the number of the newest invalidation; a load reads it when it begins. */
async function checkSchedule(redis: Redis, steps: readonly (readonly [number, string])[]): Promise<void> {
  const processes = [0, 1, 2].map(() => createTestCache(redis, { memoryTtlMs: 0 }))
  let truth = 0
  const waiting: (() => void)[] = []
  const running: Promise<void>[] = []
  const ask = (index: number, load: Load<number>) => {
    const atLeast = truth
    const asked = processes[index]?.get(place, load).then(
      ({ value }) => {
        if ((value as number) < atLeast) throw new Error(`Got ${value}, which was invalidated before ${atLeast}.`)
      },
      (error: Error) => {
        if (error.message !== 'away') throw error
      },
    )
    running.push(asked as Promise<void>)
  }
  for (const [index, step] of steps) {
    if (step === 'get') ask(index, async () => ({ value: truth }))
    if (step === 'fail') ask(index, async () => Promise.reject(new Error('away')))
    if (step === 'slow')
      ask(index, async () => {
        const value = truth
        await new Promise<void>((resolve) => waiting.push(resolve))
        return { value }
      })
    if (step === 'evict') await redis.del(place.key)
    if (step === 'answer') for (const resolve of waiting.splice(0)) resolve()
    if (step === 'invalidate') {
      const next = truth + 1
      truth = next
      await processes[index]?.invalidate(MARK, PATTERN)
    }
  }
  let isOver = false
  const settled = Promise.all(running).finally(() => {
    isOver = true
  })
  while (!isOver) {
    for (const resolve of waiting.splice(0)) resolve()
    await redis.ping()
  }
  await settled
}
