import { expect, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { NO_USAGE } from '../../../shared/ai/model-provider.ts'
import { dropOldCheckpoints, readCheckpoint, saveCheckpoint } from '../../../shared/store/models/model-checkpoints.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { factsOfTurns } from '../../helpers/models/model-answers.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** P7 through the whole product: a job that comes back does not buy again what was stored. */

const runtimes = useRuntimes(useStore())
const model = await useModelServer()

const settings = () => ({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 100 })
const extraction = async (runtime: Runtime, orgId: string) =>
  (await runtime.memory.status({ orgId })).usage.find(({ task }) => task === 'extract-facts')

it('a retry replays what the model answered, though another turn has come meanwhile', async () => {
  const runtime = await runtimes.start(settings())
  const orgId = 'retried'
  // The first try fails after the model has answered.
  model.fault({ status: 500, path: '/embeddings' })
  await runtime.memory.recordTurn(turn(1, { orgId }))
  await runtime.memory.recordTurn(turn(2, { orgId }))
  await runtime.startWorkers(['memory-digest'])
  await model.received(1, '/embeddings')
  await runtime.memory.recordTurn(turn(3, { orgId }))
  await untilSettled(runtime, orgId)
  expect(await runtime.memory.status({ orgId })).toMatchObject({
    turns: { extracted: 3 },
    memories: 3,
    deadLetters: [],
  })
  expect(model.requestCount('/chat/completions')).toBe(2)
  // The bill was paid once, and is told once.
  expect(await extraction(runtime, orgId)).toMatchObject({ calls: 2, cacheHits: 0 })
  expect(await runtime.database.selectFrom('model_checkpoints').selectAll().execute()).toEqual([])
})

it('what was paid is booked once: of a text that has no vector, and of a dead letter when its answer is dropped', async () => {
  const runtime = await runtimes.start(settings())
  const paid = () => model.requestCount('/chat/completions')
  const booked = async (orgId: string) =>
    (await runtime.memory.status({ orgId })).usage.reduce(
      (sum, { task, calls }) => sum + (task === 'embed' ? 0 : calls),
      0,
    )
  await runtime.startWorkers(['memory-digest'])
  // No embedding model takes a text of the second turn; words find what it says.
  model.fault({
    status: 400,
    path: '/embeddings',
    times: Number.POSITIVE_INFINITY,
    when: ({ input }) => [input].flat().some((text) => String(text).includes('number 2')),
  })
  for (const number of [1, 2]) await runtime.memory.recordTurn(turn(number, { orgId: 'refused' }))
  expect(await untilSettled(runtime, 'refused')).toMatchObject({ turns: { extracted: 2, deadLettered: 0 } })
  expect(await booked('refused')).toBe(paid())

  const before = paid()
  model.fault({ status: 500, path: '/embeddings', times: 100 })
  await runtime.memory.recordTurn(turn(3, { orgId: 'dead' }))
  await until(
    () => runtime.database.selectFrom('model_checkpoints').selectAll().where('org_id', '=', 'dead').execute(),
    (kept) => kept.length > 0,
  )
  await runtime.disconnect()
  const after = await runtimes.start(settings())
  await after.database.updateTable('turns').set({ state: 'dead_lettered' }).where('org_id', '=', 'dead').execute()
  await dropOldCheckpoints(after.database, new Date(Date.now() + 60_000))
  const { usage } = await after.memory.status({ orgId: 'dead' })
  expect(usage.find(({ task }) => task === 'extract-facts')).toMatchObject({ calls: paid() - before })
})

it('what was answered holds no secret while it is kept, and nothing is kept of a turn that is gone', async () => {
  const runtime = await runtimes.start(settings())
  const orgId = 'kept'
  model.completionFor((body) => {
    const { facts } = factsOfTurns(body)
    return { facts: [...facts, { ...facts[0], fact: 'The wifi password is kingfisher-Oar-1908.' }] }
  })
  model.fault({ status: 500, path: '/embeddings', times: 100 })
  await runtime.memory.recordTurn(turn(1, { orgId }))
  await runtime.startWorkers(['memory-digest'])
  await model.received(1, '/embeddings')
  // However old it is: its turn is pending still.
  await dropOldCheckpoints(runtime.database, new Date(Date.now() + 60_000))
  const [kept] = await runtime.database.selectFrom('model_checkpoints').selectAll().execute()
  expect(JSON.stringify(kept?.output)).toContain('house number 1')
  expect(JSON.stringify(kept?.output)).not.toContain('kingfisher')
  await runtime.disconnect()
  const after = await runtimes.start(settings())
  const key = { orgId, inputHash: Buffer.from('x') }
  const what = { output: {}, usage: NO_USAGE, task: 'extract-facts', turns: [-1], at: new Date() }
  expect(await saveCheckpoint(after.database, key, what)).toBe(false)
  expect(await readCheckpoint(after.database, key)).toBeUndefined()
})

it('the same question of the same org is bought once with the completion cache, and that is told', async () => {
  const runtime = await runtimes.start({ ...settings(), completionCache: true })
  const orgId = 'asked twice'
  await runtime.startWorkers(['memory-digest'])
  for (const workstreamId of ['a', 'b']) {
    await runtime.memory.recordTurn(turn(1, { orgId, workstreamId, at: new Date('2026-03-02T18:30:00Z') }))
    await untilSettled(runtime, orgId)
  }
  expect(model.requestCount('/chat/completions')).toBe(1)
  expect(await extraction(runtime, orgId)).toMatchObject({ calls: 1, cacheHits: 1, duplicates: 1 })
  expect(runtime.completer.stats()).toMatchObject({ misses: 1, redisHits: 1 })
  expect(runtime.completer.stats().savedUsd).toBeGreaterThan(0)
  expect(await runtime.metrics.text()).toContain('afterturn_cache_lookups_total{cache="completion",source="redis"} 1')
})

it('hosts embed through the same cache, until the runtime is closed', async () => {
  const runtime = await runtimes.start({ openaiBaseUrl: model.url, embeddingDims: 64 })
  await runtime.embedder.embedMany('acme', ['a', 'b'], {})
  expect(await runtime.embedder.embedMany('acme', ['b'], {})).toMatchObject({ hits: 1 })
  expect(runtime.embedder.stats()).toMatchObject({ misses: 2, memoryHits: 1 })
  await runtime.disconnect()
  await expect(runtime.embedder.embedMany('acme', ['b'], {})).rejects.toMatchObject({ code: 'RUNTIME_CLOSED' })
})
