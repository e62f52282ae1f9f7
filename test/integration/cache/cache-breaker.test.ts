import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest'
import { silentLog } from '../../../shared/observe/log.ts'
import { createRedisConnections, type RedisConnections } from '../../../shared/redis/connections.ts'
import { loadScript } from '../../../shared/redis/script.ts'
import { type BareRedis, startBareRedis } from '../../helpers/services/redis-server.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until } from '../../helpers/until.ts'

/** The breaker of the cache role: silent, it costs no time; back, it is used again. */

const MAX_REFUSAL_MS = 5
const MAX_RETURN_MS = 5_000
const COMMAND_TIMEOUT_MS = 250

let server: BareRedis
let connections: RedisConnections
let cache: Redis
const cleanUps: (() => Promise<unknown>)[] = []

beforeEach(async () => {
  server = await startBareRedis()
  cache = await connectTo(server.url)
})
afterEach(async () => {
  server.signal('SIGCONT')
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  await server.stop()
})

async function connectTo(cacheRedisUrl: string): Promise<Redis> {
  connections = createRedisConnections({
    redisUrl: inject('redisUrl'),
    cacheRedisUrl,
    enqueueTimeoutMs: 1_000,
    allowEvictingRedis: false,
    log: silentLog,
  })
  cleanUps.push(connections.disconnect)
  await connections.connect()
  return connections.getCacheConnection() as Redis
}

async function msOf(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work().catch(() => undefined)
  return performance.now() - startedMs
}

/** Asks one after the other until two in a row cost no time. */
async function openBreaker(): Promise<number> {
  let [asked, fastInARow] = [0, 0]
  while (fastInARow < 2) {
    const ms = await msOf(() => cache.get('x'))
    asked += 1
    fastInARow = ms <= MAX_REFUSAL_MS ? fastInARow + 1 : 0
    expect(asked).toBeLessThan(20)
  }
  return asked
}

async function refusals(count: number): Promise<number[]> {
  const took: number[] = []
  for (let number = 0; number < count; number++) took.push(await msOf(() => cache.get(`key-${number}`)))
  return took.sort((a, b) => a - b)
}

const returns = (afterMs: number) =>
  until(
    () =>
      cache.get('x').then(
        () => performance.now() - afterMs,
        () => undefined,
      ),
    (ms) => ms !== undefined,
  )

it.each(['frozen', 'killed'] as const)(
  'a cache that is %s costs no time once the breaker is open, and is used again within 5 s',
  async (fault) => {
    await cache.set('x', 1)
    if (fault === 'frozen') server.signal('SIGSTOP')
    else await server.kill()
    // Two that wait for their timeout, and two that do not.
    expect(await openBreaker()).toBeLessThanOrEqual(4)
    const startedMs = performance.now()
    const took = await refusals(2_000)
    expect(took.at(Math.floor(took.length * 0.99))).toBeLessThanOrEqual(MAX_REFUSAL_MS)
    // Nobody waited for a probe, of which there were several.
    await until(
      () => performance.now() - startedMs,
      (ms) => ms > 2_500,
    )
    expect((await refusals(500)).at(-1)).toBeLessThan(COMMAND_TIMEOUT_MS / 2)
    const backMs = performance.now()
    if (fault === 'frozen') server.signal('SIGCONT')
    else await server.start()
    expect(await returns(backMs)).toBeLessThan(MAX_RETURN_MS)
  },
)

it('refuses with a code, also pipelines and scripts', async () => {
  const script = loadScript(new URL('../../../shared/lock/release-lease.lua', import.meta.url))
  server.signal('SIGSTOP')
  const timedOut = await Promise.allSettled([cache.get('a'), cache.get('b')])
  expect(timedOut.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  // Until the probe has its answer the line is ready and silent: here the breaker speaks.
  expect(cache.status).toBe('ready')
  const refused = expect.objectContaining({ code: 'REDIS_UNAVAILABLE', retryable: true })
  await expect(cache.mgetBuffer('a', 'b')).rejects.toEqual(refused)
  expect(await cache.pipeline().set('a', 1).get('a').exec()).toEqual([[refused], [refused]])
  await expect(script(cache, ['a'], [])).rejects.toEqual(refused)
  expect(await msOf(() => cache.pipeline().get('a').exec())).toBeLessThan(MAX_REFUSAL_MS)
})

it('an error that Redis answers, and a single late answer, open nothing', async () => {
  await cache.set('text', 'not a list')
  for (let number = 0; number < 5; number++) await expect(cache.lpush('text', 'x')).rejects.toThrow('WRONGTYPE')
  expect(await cache.get('text')).toBe('not a list')
  server.signal('SIGSTOP')
  await expect(cache.get('text')).rejects.toThrow('timed out')
  server.signal('SIGCONT')
  expect(await cache.get('text')).toBe('not a list')
})

it('a line that went silent for ever is replaced, and the cache used again within 5 s', async () => {
  const proxy = await startTcpProxy(server.url)
  cleanUps.push(proxy.stop)
  cache = await connectTo(proxy.url)
  await cache.set('x', 1)
  proxy.freeze()
  await openBreaker()
  const backMs = performance.now()
  proxy.restoreForNew()
  expect(await returns(backMs)).toBeLessThan(MAX_RETURN_MS)
})

it('leaves no timer behind when the connection ends with commands on their way', async () => {
  server.signal('SIGSTOP')
  const started = vi.spyOn(globalThis, 'setInterval')
  const stopped = vi.spyOn(globalThis, 'clearInterval')
  try {
    const asking = Array.from({ length: 20 }, () => cache.get('x').catch(() => {}))
    cache.disconnect()
    await Promise.all(asking)
    await until(
      () => cache.status,
      (status) => status === 'end',
    )
    const timers = started.mock.results.map(({ value }) => value)
    expect(stopped.mock.calls.flat()).toEqual(expect.arrayContaining(timers))
  } finally {
    vi.restoreAllMocks()
  }
})
