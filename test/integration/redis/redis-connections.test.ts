import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { createRuntime } from '../../../runtime.ts'
import { type Log, silentLog } from '../../../shared/observe/log.ts'
import { createRedisConnections, type RedisConnectionsOptions } from '../../../shared/redis/connections.ts'
import { faultsOfDurableRedis } from '../../../shared/redis/redis-checks.ts'
import { readRedisFacts } from '../../../shared/redis/redis-stats.ts'
import { stepMsOf } from '../../helpers/cpu-time.ts'
import { findFreePort } from '../../helpers/services/find-free-port.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { startTcpProxy, type TcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until } from '../../helpers/until.ts'

let server: Awaited<ReturnType<typeof startOwnRedis>>
let proxy: TcpProxy
const cleanUps: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  server = await startOwnRedis()
  proxy = await startTcpProxy(server.url)
})
afterEach(async () => {
  process.kill(server.pid, 'SIGCONT')
  proxy.restore()
  for (const cleanUp of cleanUps.splice(0)) await cleanUp()
})
afterAll(async () => {
  await proxy.stop()
  await server.stop()
})

function connections(over: Partial<RedisConnectionsOptions> = {}) {
  const lines: { level: string; text: string }[] = []
  const note = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, text: `${JSON.stringify(fields)} ${message}` })
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  const made = createRedisConnections({
    redisUrl: server.url,
    enqueueTimeoutMs: 300,
    allowEvictingRedis: false,
    log,
    ...over,
  })
  cleanUps.push(() => made.disconnect())
  return { ...made, lines }
}

/** What answers as a Redis of another version does: with its INFO, and OK to all else. */
async function startFakeRedis(info: string): Promise<{ url: string; stop(): Promise<void> }> {
  const sockets: Socket[] = []
  const fake = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const [, name = ''] of chunk.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g))
        socket.write(/^info$/i.test(name) ? `$${info.length}\r\n${info}\r\n` : '+OK\r\n')
    })
  }).listen(0, '127.0.0.1')
  await once(fake, 'listening')
  return {
    url: `redis://127.0.0.1:${(fake.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => fake.close(resolve))
    },
  }
}

/** The names of the clients that the server has, but for the one that asks. */
async function clientNames(): Promise<string[]> {
  const asking = new Redis(server.url, { connectionName: 'asking' })
  const list = (await asking.client('LIST')) as string
  await asking.quit()
  return [...list.matchAll(/ name=(\S+)/g)].map(([, name]) => name as string).filter((name) => name !== 'asking')
}

describe('connect', () => {
  it('answers when Redis is away, and says so once, not for each connection and attempt', async () => {
    const redisUrl = `redis://127.0.0.1:${await findFreePort()}`
    const away = connections({ redisUrl, cacheRedisUrl: server.url })
    expect(await stepMsOf(() => away.connect())).toBeLessThan(5_500)
    let attempts = 0
    away.getConnection().on('reconnecting', () => {
      attempts += 1
    })
    await until(
      () => attempts,
      (count) => count >= 2,
    )
    expect(away.lines).toEqual([
      { level: 'warn', text: expect.stringMatching(/"durable".*ECONNREFUSED.*turns are recorded/) },
    ])
  })

  it('answers within its timeout when Redis is frozen', async () => {
    process.kill(server.pid, 'SIGSTOP')
    const frozen = connections()
    expect(await stepMsOf(() => frozen.connect())).toBeLessThan(6_000)
    expect(frozen.lines.filter(({ text }) => text.includes('is away'))).toHaveLength(1)
    expect(frozen.lines).toHaveLength(1)
  }, 15_000)

  it('refuses a Redis that evicts, by name, unless it is allowed', async () => {
    const redisUrl = inject('cacheRedisUrl')
    await expect(connections({ redisUrl }).connect()).rejects.toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringMatching(/noeviction, got allkeys-lru.*ALLOW_EVICTING_REDIS/),
    })
    await connections({ redisUrl, allowEvictingRedis: true }).connect()
  })

  it.each(['a wrong password', 'no password'])('says in one message that the login is refused: %s', async (which) => {
    const url = new URL(server.url)
    url.password = which === 'no password' ? '' : 'guessed-by-me'
    await expect(connections({ redisUrl: url.href }).connect()).rejects.toMatchObject({
      code: 'REDIS_UNSUITABLE',
      retryable: false,
      message: expect.stringContaining('refuses the login'),
      remedy: expect.stringContaining('password in REDIS_URL'),
    })
    await expect(connections({ redisUrl: url.href }).connect()).rejects.not.toMatchObject({
      message: expect.stringContaining('guessed-by-me'),
    })
  })

  it('refuses a Redis that is too old, by its version', async () => {
    const old = await startFakeRedis('# Server\r\nredis_version:6.0.16\r\nmaxmemory_policy:noeviction\r\n')
    cleanUps.push(old.stop)
    await expect(connections({ redisUrl: old.url }).connect()).rejects.toMatchObject({
      code: 'REDIS_UNSUITABLE',
      message: expect.stringContaining('expected Redis >= 6.2, got 6.0.16'),
    })
  })

  it('works without a cache', async () => {
    const plain = connections()
    await plain.connect()
    expect(plain.getCacheConnection()).toBeUndefined()
    expect(plain.lines).toEqual([])
  })
})

describe('disconnect', () => {
  const openAll = async (over: Partial<RedisConnectionsOptions> = {}) => {
    const all = connections({ cacheRedisUrl: over.redisUrl ?? server.url, ...over })
    await all.connect()
    await Promise.all([all.getConnection().ping(), all.getConnectionForBullMQ().ping()])
    return all
  }

  it('closes every connection, twice too', async () => {
    const all = await openAll()
    expect((await clientNames()).sort()).toEqual(
      ['bullmq', 'cache', 'general', 'producer'].map((name) => `afterturn:app:${name}`),
    )
    await Promise.all([all.disconnect(), all.disconnect()])
    await until(clientNames, (names) => names.length === 0)
  })

  it('ends in bounded time when Redis is frozen', async () => {
    const all = await openAll()
    process.kill(server.pid, 'SIGSTOP')
    expect(await stepMsOf(() => all.disconnect())).toBeLessThan(2_000)
  })

  it('ends in bounded time when Redis was frozen from the start', async () => {
    process.kill(server.pid, 'SIGSTOP')
    const all = connections({ cacheRedisUrl: server.url })
    all.getConnection()
    all.getConnectionForBullMQ()
    all.getConnectionForProducers()
    await until(
      () => all.getConnection().status,
      (status) => status === 'connect',
    )
    expect(await stepMsOf(() => all.disconnect())).toBeLessThan(1_500)
  })

  it('ends when Redis is away, before a first attempt and between two', async () => {
    const never = connections({ redisUrl: proxy.url })
    proxy.cut()
    never.getConnection()
    await never.disconnect()
    const between = connections({ redisUrl: proxy.url })
    const redis = between.getConnection()
    await until(
      () => redis.status,
      (status) => status === 'reconnecting',
    )
    await between.disconnect()
    proxy.restore()
    expect(await clientNames()).toEqual([])
    expect(redis.status).not.toBe('ready')
  })
})

describe('a connection', () => {
  it('comes back after Redis was away, and says it once', async () => {
    const all = connections({ redisUrl: proxy.url })
    await all.connect()
    const redis = all.getConnection()
    await redis.set('kept', 1)
    proxy.cut()
    await until(
      () => redis.status,
      (status) => status === 'reconnecting',
    )
    proxy.restore()
    expect(await all.getConnectionForBullMQ().get('kept')).toBe('1')
    expect(await redis.get('kept')).toBe('1')
    await until(
      () => all.lines.length,
      (count) => count >= 2,
    )
    expect(all.lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(/"durable".*is away/),
      expect.stringMatching(/"durable".*is back/),
    ])
  })

  it('that answers no more is replaced, at rest and before it was ready', async () => {
    const all = connections({ redisUrl: proxy.url, healthCheckIntervalMs: 50, healthCheckTimeoutMs: 200 })
    await all.connect()
    const [general, forBullMQ] = [all.getConnection(), all.getConnectionForBullMQ()]
    await forBullMQ.ping()
    const closed = Promise.all([general, forBullMQ].map((redis) => once(redis, 'close')))
    // A frozen line does not say that it is gone: only who asks finds out.
    proxy.freeze()
    await closed
    await until(
      () => forBullMQ.status,
      (status) => status === 'connect',
    )
    const replacedAgain = once(forBullMQ, 'close')
    await replacedAgain
    proxy.restore()
    expect(await Promise.all([forBullMQ.ping(), general.ping()])).toEqual(['PONG', 'PONG'])
    expect(all.lines.some(({ text }) => /"bullmq".*stuck and is replaced/.test(text))).toBe(true)
  }, 20_000)

  it('that answers is left alone', async () => {
    const all = connections({ healthCheckIntervalMs: 10, healthCheckTimeoutMs: 5_000 })
    await all.connect()
    const redis = all.getConnection()
    const asked = vi.spyOn(redis, 'ping')
    let closes = 0
    redis.on('close', () => {
      closes += 1
    })
    await until(
      () => asked.mock.calls.length,
      (count) => count >= 5,
    )
    expect({ closes, lines: all.lines }).toEqual({ closes: 0, lines: [] })
  })

  it('is not given out after `disconnect`', async () => {
    const all = connections({ cacheRedisUrl: server.url })
    await all.connect()
    await all.disconnect()
    for (const get of [
      all.getConnection,
      all.getConnectionForBullMQ,
      all.getConnectionForProducers,
      all.getCacheConnection,
    ])
      expect(get).toThrow(expect.objectContaining({ code: 'RUNTIME_CLOSED' }))
    expect(await clientNames()).toEqual([])
  })

  it('for producers fails at once while Redis is away, and the cache’s within its timeout when it is frozen', async () => {
    const all = connections({ redisUrl: proxy.url, cacheRedisUrl: proxy.url })
    await all.connect()
    const cache = all.getCacheConnection() as Redis
    await cache.ping()
    proxy.freeze()
    expect(await stepMsOf(() => expect(cache.get('x')).rejects.toThrow())).toBeLessThan(1_000)
    const asking = () => expect(all.getConnectionForProducers().get('x')).rejects.toThrow()
    expect(await stepMsOf(asking)).toBeLessThan(500)
    proxy.restore()
  })
})

describe('what a Redis must be', () => {
  const facts = { version: '7.0.15', evictionPolicy: 'noeviction' }
  const faults = (over: Partial<typeof facts>) =>
    faultsOfDurableRedis({ ...facts, ...over }, { allowEvictingRedis: false })

  it.each([
    ['6.2.0', 0],
    ['8.0.1', 0],
    ['10.0', 0],
    ['6.0.16', 1],
    ['5.0', 1],
    ['0', 1],
    ['', 1],
  ])('version %s has %i faults', (version, count) => {
    expect(faults({ version })).toHaveLength(count)
  })

  it('never evicting, or silent about it as managed services are', () => {
    for (const policy of ['allkeys-lru', 'volatile-lru', 'allkeys-random', 'volatile-ttl'])
      expect(faults({ evictionPolicy: policy })).toHaveLength(1)
    expect(faultsOfDurableRedis({ ...facts, evictionPolicy: undefined }, { allowEvictingRedis: false })).toEqual([])
    expect(faults({ evictionPolicy: 'allkeys-lru', version: '5.0' })).toHaveLength(2)
    expect(
      faultsOfDurableRedis({ ...facts, evictionPolicy: 'allkeys-lru', version: '5.0' }, { allowEvictingRedis: true }),
    ).toHaveLength(1)
  })

  it('is read from the server itself', async () => {
    const redis = new Redis(server.url)
    const read = await readRedisFacts(redis)
    expect(read).toMatchObject({ evictionPolicy: 'noeviction', version: expect.stringMatching(/^\d+\.\d+/) })
    expect(read.usedMemoryBytes).toBeGreaterThan(100_000)
    expect(read.clients).toBeGreaterThan(0)
    await redis.quit()
  })
})

describe('a runtime', () => {
  const DATABASE = { databaseUrl: 'postgresql://127.0.0.1:1/none', redisKeyPrefix: 't-named' }
  const make = (over: object = {}, options: object = {}) =>
    createRuntime({ ...DATABASE, redisUrl: server.url, ...over }, { log: silentLog, name: 'reloaded', ...options })

  it('opens no connection before it is used', async () => {
    const runtime = createRuntime({ ...DATABASE, redisUrl: server.url }, { log: silentLog })
    expect(await clientNames()).toEqual([])
    await runtime.redis.getConnection().ping()
    expect(await clientNames()).toEqual(['afterturn:app:general'])
    await runtime.disconnect()
  })

  it('made 40 times under one name is one, also from another copy of the module, until it is closed', async () => {
    const address = new URL('../../../runtime/named-runtimes.ts?copy', import.meta.url).href
    const copy: typeof import('../../../runtime/named-runtimes.ts') = await import(address)
    const first = make()
    for (let reload = 1; reload < 40; reload++) {
      const again = make()
      expect(again).toBe(first)
      await again.redis.getConnection().ping()
    }
    expect(await clientNames()).toEqual(['afterturn:app:general'])
    const { config } = first
    expect(copy.underName('reloaded', { config, options: { log: silentLog } }, () => make())).toBe(first)
    await first.disconnect()
    const next = make()
    expect(next).not.toBe(first)
    await next.disconnect()
  })

  it('made otherwise under its name takes the place of the one before, which closes', async () => {
    const first = make()
    await first.redis.getConnection().ping()
    const handler = { queue: 'host-queue', concurrency: 1, processor: async () => {} }
    const second = make({}, { extraWorkers: [handler] })
    expect(second).not.toBe(first)
    await until(clientNames, (names) => names.length === 0)
    expect(make({}, { extraWorkers: [handler] })).toBe(second)
    await second.disconnect()
  })
})
