import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type ModelServer, startModelServer } from '../helpers/model-server.ts'
import { useRuntimes } from '../helpers/runtime.ts'
import { useStore } from '../helpers/store.ts'
import { turn } from '../helpers/turns.ts'
import { untilSettled } from '../helpers/until.ts'

/** P7 through the whole product: a job that comes back does not buy again what was stored. */

const runtimes = useRuntimes(useStore())
let model: ModelServer
beforeAll(async () => {
  model = await startModelServer()
})
afterEach(() => model.reset())
afterAll(() => model.stop())

/** Extracts a turn whose first try fails after the model has answered. */
async function extractAtSecondTry(settings: { completionCache: boolean }) {
  const runtime = await runtimes.start({
    openaiBaseUrl: model.url,
    embeddingDims: 64,
    retryBackoffMs: 1,
    ...settings,
  })
  const orgId = `retried-${settings.completionCache}`
  model.fault({ status: 500, path: '/embeddings' })
  await runtime.memory.recordTurn(turn(1, { orgId }))
  await runtime.startWorkers(['memory-digest'])
  await untilSettled(runtime, orgId)
  const status = await runtime.memory.status({ orgId })
  expect(status.turns).toMatchObject({ extracted: 1, dead_lettered: 0 })
  return { runtime, usage: status.usage.find(({ task }) => task === 'extract-facts') }
}

it('a retry does not pay the model again with the completion cache, and says so', async () => {
  const { runtime, usage } = await extractAtSecondTry({ completionCache: true })
  expect(model.requestCount('/chat/completions')).toBe(1)
  expect(usage).toMatchObject({ calls: 0, cacheHits: 1 })
  expect(runtime.completer.stats()).toMatchObject({ misses: 1, redisHits: 1 })
  expect(runtime.completer.stats().savedUsd).toBeGreaterThan(0)
  expect(await runtime.metrics.text()).toContain('afterturn_cache_lookups_total{cache="completion",source="redis"} 1')
})

it('a retry asks the model again without it', async () => {
  const { usage } = await extractAtSecondTry({ completionCache: false })
  expect(model.requestCount('/chat/completions')).toBe(2)
  expect(usage).toMatchObject({ calls: 1, cacheHits: 0 })
})

it('hosts embed through the same cache, until the runtime is closed', async () => {
  const runtime = await runtimes.start({ openaiBaseUrl: model.url, embeddingDims: 64 })
  await runtime.embedder.embedMany('acme', ['a', 'b'], {})
  expect(await runtime.embedder.embedMany('acme', ['b'], {})).toMatchObject({ hits: 1 })
  expect(runtime.embedder.stats()).toMatchObject({ misses: 2, memoryHits: 1 })
  await runtime.disconnect()
  await expect(runtime.embedder.embedMany('acme', ['b'], {})).rejects.toMatchObject({ code: 'RUNTIME_CLOSED' })
})
