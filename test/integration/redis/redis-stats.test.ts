import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { environmentOf, type StartedProcess, startProcess } from '../../../cli/services/services.ts'
import { readFleetGauges } from '../../../dashboard/fleet-gauges.ts'
import { readOverview } from '../../../dashboard/overview/read-overview.ts'
import { QUEUE_NAMES } from '../../../queues/catalog.ts'
import type { Log } from '../../../shared/observe/log.ts'
import { CONNECTION_BUDGET, countConnections } from '../../../shared/redis/connection-catalogue.ts'
import { createMemoryWatch } from '../../../shared/redis/memory-watch.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { type BareRedis, fillRedis, startBareRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

/** What is told of both Redis roles, on servers of the test's own: memory, evictions, hits, and whose the clients are. */

const MEGABYTE = 1_048_576
const runtimes = useRuntimes(useStore())
let durable: BareRedis
let cache: BareRedis
let redis: Redis
beforeAll(async () => {
  durable = await startBareRedis()
  cache = await startBareRedis((port) => [`port ${port}`, 'maxmemory 4mb', 'maxmemory-policy allkeys-lru'])
  redis = new Redis(durable.url, { connectionName: 'a-stranger' })
})
afterEach(async () => {
  await redis.flushall()
  await redis.config('SET', 'maxmemory', '0')
})
afterAll(async () => {
  redis.disconnect()
  await Promise.all([durable.stop(), cache.stop()])
})

const addresses = () => ({ redisUrl: durable.url, cacheRedisUrl: cache.url })
const fill = (megabytes: number) => fillRedis(redis, megabytes)

describe('the stats of a runtime', () => {
  it('tell of both roles and of its caches, and the gauges and the overview tell the same', async () => {
    const runtime = await runtimes.start(addresses())
    const cached = runtime.redis.getCacheConnection() as Redis
    for (let number = 0; number < 40; number++) await cached.set(`big-${number}`, Buffer.alloc(MEGABYTE / 8))
    await cached.get('big-39')
    await cached.get('none')
    await runtime.embedder.embedMany('acme', ['one', 'one', 'two'], {})
    await redis.config('SET', 'maxmemory', String(20 * MEGABYTE))
    await fill(16)

    const stats = await runtime.redis.stats()
    expect(stats).toMatchObject({
      durable: {
        isAnswering: true,
        evictionPolicy: 'noeviction',
        maxMemoryBytes: 20 * MEGABYTE,
        evictedKeys: 0,
        clientsByProcess: { app: 2, other: 1 },
      },
      cache: { isAnswering: true, maxMemoryBytes: 4 * MEGABYTE, clientsByProcess: { app: 1 } },
      embeddings: { misses: 2 },
      completions: { misses: 0 },
    })
    if (!stats.durable.isAnswering || !stats.cache?.isAnswering) throw new Error('a role does not answer')
    expect(stats.durable.usedMemoryBytes).toBeGreaterThan(16 * MEGABYTE)
    expect(stats.cache.evictedKeys).toBeGreaterThan(5)
    expect(stats.cache.hitRate).toBeGreaterThan(0)
    expect(stats.cache.hitRate).toBeLessThan(1)

    readFleetGauges(runtime.metrics, runtime)
    const text = await runtime.metrics.text()
    for (const sample of [
      `afterturn_redis_max_memory_bytes{role="durable"} ${20 * MEGABYTE}`,
      `afterturn_redis_evicted_keys{role="cache"} ${stats.cache.evictedKeys}`,
      'afterturn_redis_clients{role="durable",process="app"} 2',
      'afterturn_redis_clients{role="durable",process="other"} 1',
    ])
      expect(text).toContain(sample)
    expect(text).toMatch(/afterturn_redis_lookups\{role="cache",outcome="hit"\} [1-9]/)
    expect((await readOverview(runtime)).durableMemoryRatio).toBeGreaterThan(0.8)
  })

  it('say of a role that it is away, or that there is none', async () => {
    const own = await startBareRedis()
    const both = await runtimes.start({ redisUrl: durable.url, cacheRedisUrl: own.url })
    await own.stop()
    expect((await both.redis.stats()).cache).toEqual({ isAnswering: false, reason: expect.any(String) })
    expect((await both.redis.stats()).durable.isAnswering).toBe(true)
    const alone = await runtimes.start({ redisUrl: durable.url, cacheRedisUrl: undefined })
    expect((await alone.redis.stats()).cache).toBeUndefined()
  })
})

it('the log warns once before the durable Redis is full, and once more when it fills again', async () => {
  const lines: string[] = []
  const note = (level: string) => (_: object, message: string) => void lines.push(`${level} ${message}`)
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  const watch = createMemoryWatch(log)
  await fill(8)
  const look = async (maxMegabytes: number) => {
    await redis.config('SET', 'maxmemory', String(maxMegabytes * MEGABYTE))
    await watch.look(redis)
  }
  // Without a limit, half full, full twice, still nearly full, calm, full again.
  for (const limit of [0, 20, 10, 10, 12, 20, 10]) await look(limit)
  expect(lines).toEqual([
    expect.stringMatching(/^warn Redis is 9\d % full/),
    'info Redis has room again',
    expect.stringMatching(/^warn Redis is 9\d % full/),
  ])
})

it('the processes of the Procfile open the connections that the catalogue counts, and together stay in the budget', async () => {
  const environment = { ...process.env, ...environmentOf(runtimes.config(addresses())), LOG_LEVEL: 'error' }
  const started: StartedProcess[] = []
  const start = async (name: string) => {
    started.push(await startProcess(name, { ...environment, DASHBOARD_PORT: '0' }))
  }
  try {
    await Promise.all([...QUEUE_NAMES, 'messages', 'dashboard'].map(start))
    const app = await runtimes.start(addresses())
    // Who waits for the lock hears by a subscription that its turn has come.
    await Promise.all([1, 2].map(() => app.withOrgMemoryLock('acme', () => Promise.resolve())))
    const expected = (role: 'durable' | 'cache') => ({
      ...Object.fromEntries(QUEUE_NAMES.map((name) => [name, countConnections('worker', role)])),
      messages: countConnections('messages', role),
      dashboard: countConnections('dashboard', role),
      app: countConnections('app', role),
    })
    const stats = await until(
      () => app.redis.stats(),
      ({ durable: one }) =>
        one.isAnswering && Object.keys(expected('durable')).every((name) => (one.clientsByProcess?.[name] ?? 0) > 1),
    )
    if (!stats.durable.isAnswering || !stats.cache?.isAnswering) throw new Error('a role does not answer')
    expect(stats.durable.clientsByProcess).toEqual({ ...expected('durable'), other: 1 })
    expect(stats.cache.clientsByProcess).toEqual(expected('cache'))
    expect(stats.durable.clients).toBeLessThanOrEqual(CONNECTION_BUDGET)
  } finally {
    await Promise.all(started.map((one) => one.stop()))
  }
})
