import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Cacheable } from 'cacheable'
import type { Redis } from 'ioredis'
import { connectCache, ready } from '../test/helpers/cache-connection.ts'
import { createTestCache } from '../test/helpers/loaded-cache.ts'
import { type Benchmark, round } from './benchmark.ts'
import { withCacheRedis } from './measures/bench-redis.ts'
import { countStale } from './measures/invalidation-race.ts'

/**
 * What the cache of content costs and guarantees: loads of a stampede over processes, loads and waits through expiries under traffic, the time of a hit, and stale answers in random races of
 * loads and invalidations, with `cacheable` in the same harness.
 */

const PROCESSES = 8
const CALLERS = 50
const LOAD_MS = 100
const DEFAULT_SCHEDULES = 2_000
const READS = 5_000
const CALLS_PER_SECOND = 1_000
const TRAFFIC_MS = 6_000
const LIFE = { freshMs: 1_000, revalidateMs: 1_000, staleIfErrorMs: 0 }
const place = { key: 'bench:content:o:k', markKeys: ['bench:erased:o', 'bench:mark:o:t'] }
const VALUE = { text: 'x'.repeat(2_000) }

const benchmark: Benchmark = {
  usage: [],
  run: ([schedules = String(DEFAULT_SCHEDULES)]) =>
    withCacheRedis(async ({ url }) => {
      const redis = connectCache(url)
      await ready(redis)
      const originCalls = await stampede(url)
      console.log(`${PROCESSES} processes x ${CALLERS} callers, cold: ${originCalls} load(s)`)
      const traffic = await runTraffic(redis)
      console.log(
        `${CALLS_PER_SECOND} calls/s for ${TRAFFIC_MS / 1_000} s, fresh for ${LIFE.freshMs / 1_000} s: ${traffic.loads} loads, ${traffic.slow} calls over 5 ms, longest ${traffic.longestMs.toFixed(1)} ms, p99 ${traffic.p99Ms.toFixed(2)} ms`,
      )
      const hits = await timeHits(redis)
      console.log(
        `hit: ${hits.memoryUs.toFixed(1)} us from memory, ${hits.redisUs.toFixed(0)} us from Redis (bare GET ${hits.rawUs.toFixed(0)} us, ratio ${hits.ratio.toFixed(2)})`,
      )
      const staleAfterInvalidate = await raceOurs(redis, Number(schedules))
      const staleOfCacheable = await raceCacheable(Number(schedules))
      console.log(
        `${schedules} schedules of loads and invalidations: ${staleAfterInvalidate} stale answers; cacheable, in one process: ${staleOfCacheable}`,
      )
      redis.disconnect()
      return {
        originCalls,
        loadsPerLife: round(traffic.loads / (TRAFFIC_MS / LIFE.freshMs)),
        slowCalls: traffic.slow,
        hitMemoryUs: round(hits.memoryUs),
        hitLatencyRatio: round(hits.ratio),
        schedules: Number(schedules),
        staleAfterInvalidate,
        staleOfCacheable,
      }
    }),
}
export default benchmark

async function stampede(url: string): Promise<number> {
  const program = fileURLToPath(new URL('./measures/content-process.ts', import.meta.url))
  let loads = 0
  const children = await Promise.all(
    Array.from({ length: PROCESSES }, async () => {
      const child = fork(program, [url, String(CALLERS)], { execArgv: [] })
      await once(child, 'message')
      return child
    }),
  )
  await Promise.all(
    children.map(
      (child) =>
        new Promise<void>((resolve) => {
          child.on('message', async (message) => {
            if (message === 'done') return resolve()
            loads += 1
            await setTimeout(LOAD_MS)
            child.send('loaded')
          })
          child.send('get')
        }),
    ),
  )
  for (const child of children) child.kill('SIGKILL')
  return loads
}

async function runTraffic(redis: Redis) {
  const caches = [createTestCache(redis, { life: LIFE }), createTestCache(redis, { life: LIFE })]
  let loads = 0
  const load = async () => {
    loads += 1
    await setTimeout(LOAD_MS)
    return { value: VALUE }
  }
  const times: number[] = []
  const call = async (number: number) => {
    const startedMs = performance.now()
    await caches[number % 2]?.get(place, load)
    times.push(performance.now() - startedMs)
  }
  await call(0)
  loads = 0
  times.length = 0
  const startedMs = performance.now()
  for (let sent = 0; performance.now() - startedMs < TRAFFIC_MS; ) {
    const due = ((performance.now() - startedMs) * CALLS_PER_SECOND) / 1_000
    const batch = []
    while (sent < due) batch.push(call(sent++))
    await Promise.all(batch)
    await setTimeout(1)
  }
  await Promise.all(caches.map((cache) => cache.settled()))
  times.sort((a, b) => a - b)
  return {
    loads,
    slow: times.filter((ms) => ms > 5).length,
    longestMs: times.at(-1) ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
  }
}

async function timeHits(redis: Redis) {
  await redis.flushall()
  const load = async () => ({ value: VALUE })
  const [inMemory, inRedis] = [createTestCache(redis), createTestCache(redis, { memoryBytes: 0 })]
  const median = async (read: () => Promise<unknown>) => {
    const times = []
    for (let count = 0; count < READS; count++) {
      const startedMs = performance.now()
      await read()
      times.push((performance.now() - startedMs) * 1_000)
    }
    return times.sort((a, b) => a - b)[READS / 2] as number
  }
  await Promise.all([inMemory.get(place, load), inRedis.get(place, load)])
  const memoryUs = await median(() => inMemory.get(place, load))
  await median(() => redis.getBuffer(place.key))
  const rawUs = await median(() => redis.getBuffer(place.key))
  const redisUs = await median(() => inRedis.get(place, load))
  return { memoryUs, redisUs, rawUs, ratio: redisUs / rawUs }
}

function raceOurs(redis: Redis, schedules: number): Promise<number> {
  const caches = [0, 1, 2].map(() => createTestCache(redis, { memoryTtlMs: 0 }))
  return countStale(
    {
      processes: caches.length,
      get: async (process, load) => (await caches[process]?.get(place, async () => ({ value: await load() })))?.value,
      invalidate: async (process) => caches[process]?.invalidate('bench:mark:o:t', 'bench:content:o:*'),
      clear: () => redis.flushall(),
    },
    schedules,
    1,
  )
}

function raceCacheable(schedules: number): Promise<number> {
  const cache = new Cacheable()
  return countStale(
    {
      processes: 1,
      get: (_, load) => cache.getOrSet('key', load, { ttl: 60_000, throwErrors: true }),
      invalidate: () => cache.delete('key'),
      clear: () => cache.clear(),
    },
    schedules,
    1,
  )
}
