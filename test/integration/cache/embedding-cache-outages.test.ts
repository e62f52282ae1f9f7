import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { COMMAND_TIMEOUT_MS, connectCache, ready } from '../../helpers/cache-connection.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { createTestEmbedder, type TestEmbedderOptions } from '../../helpers/models/test-embedder.ts'
import { type BareRedis, startBareRedis } from '../../helpers/services/redis-server.ts'

/** P8: without a working cache Redis everything is slower and nothing is wrong. */

const server = await useModelServer()
let cache: BareRedis
let client: Redis
let warnings: string[]
let infos: string[]

beforeEach(async () => {
  cache = await startBareRedis()
  client = connectCache(cache.url)
  await ready(client)
  warnings = []
  infos = []
})
afterEach(async () => {
  client.disconnect()
  await cache.stop()
})

function createEmbedder(redis: Redis | undefined, options: Partial<TestEmbedderOptions> = {}) {
  const log = {
    warn: (_: object, message: string) => void warnings.push(message),
    info: (_: object, message: string) => void infos.push(message),
  }
  return createTestEmbedder({ redis, modelUrl: server.url, log, ...options })
}

it('works without any, and still buys once what this process asks for at once', async () => {
  const embedder = createEmbedder(undefined)
  expect(await embedder.embedMany('acme', ['a', 'a', 'b'], {})).toMatchObject({
    hits: 0,
    misses: 2,
    vectors: { length: 3 },
  })
  await Promise.all(Array.from({ length: 50 }, () => embedder.embedMany('acme', ['c'], {})))
  expect(server.textCount()).toBe(3)
  expect(warnings).toEqual([])
})

it('warns once when it goes, says once that it is back, and serves all the while', async () => {
  const embedder = createEmbedder(client)
  const { vectors } = await embedder.embedMany('acme', ['a'], {})
  await cache.kill()
  for (const text of ['a', 'b', 'c'])
    expect(await embedder.embedMany('acme', [text], {})).toMatchObject({ misses: 1, vectors: { length: 1 } })
  expect((await embedder.embedMany('acme', ['a'], {})).vectors).toEqual(vectors)
  expect(warnings).toHaveLength(1)

  const back = ready(client)
  await cache.start()
  await back
  await embedder.embedMany('acme', ['a'], {})
  expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ hits: 1 })
  expect(warnings).toHaveLength(1)
  expect(infos).toHaveLength(1)
})

it('answers when it goes in the middle of a purchase', async () => {
  const embedder = createEmbedder(client)
  server.behave({ delayMs: 300 })
  const bought = embedder.embedMany('acme', ['a'], {})
  await server.received(1)
  await cache.kill()
  expect(await bought).toMatchObject({ misses: 1, vectors: { length: 1 } })
})

it('does not wait for a frozen one longer than its command timeouts', async () => {
  const embedder = createEmbedder(client)
  cache.signal('SIGSTOP')
  const startedAt = performance.now()
  expect(await embedder.embedMany('acme', ['a'], {})).toMatchObject({ misses: 1 })
  expect(performance.now() - startedAt).toBeLessThan(8 * COMMAND_TIMEOUT_MS)
  expect(warnings).toHaveLength(1)
})

it('goes on reading from one that takes no writes', async () => {
  const embedder = createEmbedder(client)
  await embedder.embedMany('acme', ['a'], {})
  await client.config('SET', 'maxmemory', '1')
  for (const text of ['b', 'c'])
    expect(await embedder.embedMany('acme', ['a', text], {})).toMatchObject({ hits: 1, misses: 1 })
  await client.config('SET', 'maxmemory', '0')
  expect(warnings).toHaveLength(1)
  await embedder.embedMany('acme', ['b'], {})
  expect(infos).toHaveLength(1)
})
