import { beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { createLocalProvider } from '../../../shared/ai/local/local-provider.ts'
import type { ModelTask } from '../../../shared/ai/model-task.ts'
import { createOpenAiProvider } from '../../../shared/ai/openai/openai-provider.ts'
import { type CachedCompleterOptions, createCachedCompleter } from '../../../shared/cache/completion-cache.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { createMetrics } from '../../../shared/observe/metrics.ts'
import { useCache } from '../../helpers/cache-under-test.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'

const task: ModelTask<string, { words: string[] }> = {
  name: 'list-words',
  version: 1,
  output: z.object({ words: z.array(z.string()) }),
  maxOutputTokens: 100,
  temperature: 0,
  prompt: (input) => [{ role: 'user', content: input }],
  rules: (input) => ({ words: input.split(' ') }),
}
const ANSWER = { words: ['one', 'two'] }

const server = await useModelServer()
const cache = useCache()
beforeEach(() => server.completionFor(() => ANSWER))

function createCompleter(options: Partial<CachedCompleterOptions> = {}, completionModel = 'test-chat') {
  const provider = createOpenAiProvider({
    apiKey: undefined,
    baseUrl: server.url,
    completionModel,
    embeddingModel: 'none',
    embeddingDims: 8,
    timeoutMs: 5_000,
    concurrency: 50,
  })
  return createCachedCompleter({
    redis: cache.redis,
    keyPrefix: 'test',
    ttlSeconds: 1_000,
    isEnabled: true,
    inputUsdPerMillionTokens: 0,
    outputUsdPerMillionTokens: 0,
    provider,
    log: silentLog,
    metrics: createMetrics(),
    ...options,
  })
}

it('pays the same question of the same org once, also for another process', async () => {
  const first = await createCompleter().complete('acme', task, 'one two', {})
  expect(first).toMatchObject({ output: ANSWER, isCached: false, usage: { calls: 1 } })
  expect(server.requests[0]?.body).toMatchObject({ temperature: 0 })
  const prices = { inputUsdPerMillionTokens: 1_000_000, outputUsdPerMillionTokens: 2_000_000 }
  const other = createCompleter(prices)
  const nothing = { calls: 0, inputTokens: 0, outputTokens: 0 }
  expect(await other.complete('acme', task, 'one two', {})).toEqual({ output: ANSWER, isCached: true, usage: nothing })
  expect(server.requestCount()).toBe(1)
  const { inputTokens, outputTokens } = first.usage
  expect(other.stats()).toMatchObject({
    redisHits: 1,
    misses: 0,
    savedTokens: inputTokens + outputTokens,
    savedUsd: inputTokens + 2 * outputTokens,
  })
  expect((await cache.redis.keys('*')).join()).not.toMatch(/one|acme/)
})

it('pays for another org, question, model, task or version', async () => {
  const completer = createCompleter()
  await completer.complete('acme', task, 'one two', {})
  await completer.complete('other', task, 'one two', {})
  await completer.complete('acme', task, 'one two ', {})
  await completer.complete('acme', { ...task, version: 2 }, 'one two', {})
  await completer.complete('acme', { ...task, name: 'words' }, 'one two', {})
  await createCompleter({}, 'other-chat').complete('acme', task, 'one two', {})
  expect(server.requestCount()).toBe(6)
})

it('pays each time unless it is enabled, and the task wants the likeliest answer', async () => {
  const { temperature: _, ...lively } = task
  for (let time = 0; time < 2; time += 1) {
    await createCompleter({ isEnabled: false }).complete('acme', task, 'one two', {})
    await createCompleter().complete('acme', lively, 'one two', {})
    await createCompleter().complete('acme', { ...task, temperature: 1 }, 'one two', {})
    await createCompleter({ provider: createLocalProvider() }).complete('acme', task, 'one two', {})
  }
  expect(server.requestCount()).toBe(6)
  expect(await cache.redis.dbsize()).toBe(0)
})

it('pays once what many ask at once, and gives each an answer of its own', async () => {
  server.behave({ delayMs: 50 })
  const completers = [createCompleter(), createCompleter()]
  const all = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      (completers[index % 2] as (typeof completers)[0]).complete('acme', task, 'one two', {}),
    ),
  )
  expect(server.requestCount()).toBe(1)
  all[0]?.output.words.push('three')
  expect(all.slice(1).map(({ output }) => output)).toEqual(Array(39).fill(ANSWER))
})

it('keeps no failure, and no answer of another shape', async () => {
  const completer = createCompleter()
  server.completionFor(() => 'not JSON')
  await expect(completer.complete('acme', task, 'one two', {})).rejects.toMatchObject({ code: 'MODEL_OUTPUT_INVALID' })
  expect(await cache.redis.dbsize()).toBe(0)
  server.completionFor(() => ANSWER)
  await completer.complete('acme', task, 'one two', {})
  // The shape changed and somebody forgot the version: the old answer is a miss.
  const changed = { ...task, output: z.object({ words: z.array(z.string()), count: z.number() }) }
  server.completionFor(() => ({ ...ANSWER, count: 2 }))
  expect(await completer.complete('acme', changed as typeof task, 'one two', {})).toMatchObject({
    output: { count: 2 },
    isCached: false,
  })
  expect(completer.stats()).toMatchObject({ badFrames: 1 })
})

it('takes a damaged frame for a miss and puts it right', async () => {
  const completer = createCompleter()
  await completer.complete('acme', task, 'one two', {})
  const [key] = (await cache.redis.keys('*')) as [string]
  await cache.redis.setrange(key, 25, 'x')
  expect(await completer.complete('acme', task, 'one two', {})).toMatchObject({ output: ANSWER, isCached: false })
  expect(await completer.complete('acme', task, 'one two', {})).toMatchObject({ output: ANSWER, isCached: true })
  expect(completer.stats()).toMatchObject({ badFrames: 1 })
})

it('answers without Redis', async () => {
  expect(await createCompleter({ redis: undefined }).complete('acme', task, 'one two', {})).toMatchObject({
    output: ANSWER,
  })
})
