import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOpenAiProvider } from '../../shared/ai/openai-provider.ts'
import { type CachedEmbedderOptions, createCachedEmbedder } from '../../shared/cache/embedding-cache.ts'
import { embeddingKey, embeddingKeyPrefix } from '../../shared/cache/embedding-key.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { type ModelServer, startModelServer } from '../helpers/model-server.ts'
import { redisProgram } from '../helpers/redis-server.ts'

const DIMS = 64
const TTL_SECONDS = 1_000
const COMMAND_TIMEOUT_MS = 250

type TestRedis = { readonly process: ChildProcess; readonly port: number }

const started = new Set<TestRedis>()
let server: ModelServer
let cacheServer: TestRedis
let redis: Redis
let warnings: string[]
let infos: string[]

beforeAll(async () => {
  server = await startModelServer()
  cacheServer = await startRedis()
  redis = await connect(cacheServer.port)
})
beforeEach(async () => {
  warnings = []
  infos = []
  await redis.flushall()
})
afterEach(() => server.reset())
afterAll(async () => {
  redis.disconnect()
  // All, because a failed test leaves its own behind.
  for (const own of started) await stopRedis(own)
  await server.stop()
})

function createEmbedder(changes: Partial<CachedEmbedderOptions> & { embeddingModel?: string } = {}) {
  const { embeddingModel = 'test-embedding', ...options } = changes
  const provider = createOpenAiProvider({
    apiKey: undefined,
    baseUrl: server.url,
    completionModel: 'none',
    embeddingModel,
    embeddingDims: DIMS,
    timeoutMs: 5_000,
    concurrency: 4,
  })
  const log = {
    warn: (_: object, message: string) => void warnings.push(message),
    info: (_: object, message: string) => void infos.push(message),
  }
  return {
    provider,
    ...createCachedEmbedder({ redis, keyPrefix: 'test', ttlSeconds: TTL_SECONDS, provider, log, ...options }),
  }
}

describe('the embedding cache', () => {
  it('buys a text once, also for another process, and answers the same vector to the bit', async () => {
    const first = await createEmbedder().embedMany('acme', ['a', 'b'], {})
    expect(first).toMatchObject({ hits: 0, misses: 2, usage: { calls: 1 } })
    const second = await createEmbedder().embedMany('acme', ['b', 'a'], {})
    expect(second).toMatchObject({ hits: 2, misses: 0, badFrames: 0, usage: { calls: 0, inputTokens: 0 } })
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
    const keys = await redis.keys('*')
    expect(keys).toHaveLength(3)
    expect(keys.join()).not.toMatch(/secret|acme/)
    expect(keys.filter((key) => key.startsWith(embeddingKeyPrefix('test', 'acme')))).toHaveLength(2)
  })

  it('reads once, writes once and scatters the times to live', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => `text ${index}`)
    await redis.config('RESETSTAT')
    await createEmbedder().embedMany('acme', texts, {})
    const stats = await redis.info('commandstats')
    expect(stats).toMatch(/cmdstat_mget:calls=1,/)
    const ttls = await Promise.all((await redis.keys('*')).map((key) => redis.pttl(key)))
    expect(ttls).toHaveLength(50)
    for (const ttl of ttls) {
      expect(ttl).toBeGreaterThan(TTL_SECONDS * 1_000 * 0.9 - 10_000)
      expect(ttl).toBeLessThanOrEqual(TTL_SECONDS * 1_000)
    }
    expect(new Set(ttls).size).toBeGreaterThan(25)
  })

  it('takes damaged frames for misses, deletes them and puts them right', async () => {
    const embedder = createEmbedder()
    const { vectors } = await embedder.embedMany('acme', ['a', 'b', 'c', 'd'], {})
    const key = (text: string) => embeddingKey('test', 'acme', embedder.provider.embeddingModel, text)
    await redis.setrange(key('a'), 40, 'x')
    await redis.set(key('b'), '[0.1, 0.2]')
    const again = await embedder.embedMany('acme', ['a', 'b', 'c', 'd'], {})
    expect(again).toMatchObject({ hits: 2, misses: 2, badFrames: 2 })
    expect(again.vectors).toEqual(vectors)
    expect(warnings).toHaveLength(1)
    expect(await embedder.embedMany('acme', ['a', 'b'], {})).toMatchObject({ hits: 2, badFrames: 0 })
  })

  it('deletes damaged frames also when they cannot be bought again', async () => {
    const embedder = createEmbedder()
    const key = embeddingKey('test', 'acme', embedder.provider.embeddingModel, 'a')
    await redis.set(key, 'foreign')
    server.fault({ status: 429, headers: { 'retry-after': '1' } })
    await expect(embedder.embedMany('acme', ['a'], {})).rejects.toMatchObject({
      code: 'MODEL_RATE_LIMITED',
      retryAfterMs: 1_000,
    })
    expect(await redis.exists(key)).toBe(0)
  })

  it('replaces a value of another type', async () => {
    const embedder = createEmbedder()
    await redis.rpush(embeddingKey('test', 'acme', embedder.provider.embeddingModel, 'a'), 'x')
    expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ hits: 0, misses: 1 })
    expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ hits: 1 })
  })

  it('stores nothing for a call that fails, and passes on the signal', async () => {
    server.behave({ hang: 'before-headers' })
    const stop = new AbortController()
    const call = createEmbedder().embedMany('acme', ['a'], { signal: stop.signal })
    const outcome = expect(call).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
    await server.received(1)
    stop.abort(new AfterturnError('SHUTTING_DOWN', 'stop'))
    await outcome
    expect(await redis.dbsize()).toBe(0)
  })
})

describe('without a working Redis', () => {
  it('works without any', async () => {
    const embedder = createEmbedder({ redis: undefined })
    expect(await embedder.embedMany('acme', ['a', 'a', 'b'], {})).toMatchObject({
      hits: 0,
      misses: 2,
      vectors: { length: 3 },
    })
    expect(warnings).toEqual([])
  })

  it('warns once when it goes, says once that it is back, and serves all the while', async () => {
    const own = await startRedis()
    const client = await connect(own.port)
    const embedder = createEmbedder({ redis: client })
    await embedder.embedMany('acme', ['a'], {})
    await stopRedis(own)
    for (const text of ['a', 'b', 'c'])
      expect(await embedder.embedMany('acme', [text], {})).toMatchObject({ misses: 1, vectors: { length: 1 } })
    expect(warnings).toHaveLength(1)

    const back = ready(client)
    const again = await startRedis(own.port)
    await back
    await embedder.embedMany('acme', ['a'], {})
    expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ hits: 1 })
    expect(warnings).toHaveLength(1)
    expect(infos).toHaveLength(1)
    client.disconnect()
    await stopRedis(again)
  })

  it('does not wait for a frozen Redis longer than its command timeout', async () => {
    const own = await startRedis()
    const client = await connect(own.port)
    const embedder = createEmbedder({ redis: client })
    own.process.kill('SIGSTOP')
    const startedAt = performance.now()
    expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ misses: 1 })
    expect(performance.now() - startedAt).toBeLessThan(8 * COMMAND_TIMEOUT_MS)
    expect(warnings).toHaveLength(1)
    own.process.kill('SIGCONT')
    client.disconnect()
    await stopRedis(own)
  })

  it('goes on reading from a Redis that takes no writes', async () => {
    const embedder = createEmbedder()
    await embedder.embedMany('acme', ['a'], {})
    await redis.config('SET', 'maxmemory', '1')
    try {
      for (const text of ['b', 'c'])
        expect(await embedder.embedMany('acme', ['a', text], {})).toMatchObject({ hits: 1, misses: 1 })
    } finally {
      await redis.config('SET', 'maxmemory', '0')
    }
    expect(warnings).toHaveLength(1)
    await embedder.embedMany('acme', ['b'], {})
    expect(infos).toHaveLength(1)
  })
})

async function startRedis(port?: number): Promise<TestRedis> {
  const own = port ?? (await freePort())
  const program = redisProgram()
  const child = spawn(program.path, ['--port', String(own), '--bind', '127.0.0.1', '--save', '', '--dir', tmpdir()], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: program.env,
  })
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('Ready to accept connections')) break
  child.stdout.resume()
  const server = { process: child, port: own }
  started.add(server)
  return server
}

async function stopRedis(own: TestRedis): Promise<void> {
  started.delete(own)
  const exited = once(own.process, 'exit')
  own.process.kill('SIGKILL')
  await exited
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

async function connect(port: number): Promise<Redis> {
  const client = new Redis({
    port,
    host: '127.0.0.1',
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    retryStrategy: () => 20,
  })
  client.on('error', () => undefined)
  await ready(client)
  return client
}

/** Unlike `once` of node:events it waits on through the errors of attempts to connect. */
function ready(client: Redis): Promise<void> {
  return new Promise((resolve) => client.once('ready', resolve))
}
