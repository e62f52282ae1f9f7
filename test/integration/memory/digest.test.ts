import type { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { memoryDigest } from '../../../queues/memory-digest.ts'
import type { Clock } from '../../../shared/clock.ts'
import { leaseLineKey, workstreamLeaseKey } from '../../../shared/redis/keys.ts'
import { countLackingVectors, readOrgsLackingVectors } from '../../../shared/store/search-index/vectors.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

const MINUTE_MS = 60_000
const runtimes = useRuntimes(useStore())
const model = await useModelServer()

/** Digests that extracted something, as their jobs tell. */
async function digestsOf(runtime: Awaited<ReturnType<typeof runtimes.start>>) {
  const jobs = await runtime.queues.queue('memory-digest').getCompleted()
  return jobs.filter((job) => job.returnvalue.turns > 0)
}

describe('a digest', () => {
  it('is one for 20 turns inside the window, and starts after the window of the last', async () => {
    const windowMs = 1_500
    const runtime = await runtimes.start({ digestWindowMs: windowMs })
    await runtime.startWorkers()
    const orgId = 'twenty'
    let dueAt: Date | null = null
    for (let number = 0; number < 20; number++)
      dueAt = (await runtime.memory.recordTurn(turn(number, { orgId }))).digestDueAt
    await untilSettled(runtime, orgId)
    const digests = await until(
      () => digestsOf(runtime),
      (jobs) => jobs.length > 0,
    )
    expect(digests.map((job) => job.returnvalue.turns)).toEqual([20])
    const { settledAt } = await runtime.database
      .selectFrom('turns')
      .select((eb) => eb.fn.min<Date>('settled_at').as('settledAt'))
      .where('org_id', '=', orgId)
      .executeTakeFirstOrThrow()
    // Not the start of the job, which may look at the due time a millisecond early.
    expect(settledAt.getTime()).toBeGreaterThanOrEqual(dueAt?.getTime() as number)
  })

  it('that finds nothing to do leaves the line in which it waited for others', async () => {
    const runtime = await runtimes.start({})
    const scope = { orgId: 'left', workstreamId: 'ws' }
    const jobId = await runtime.queues.enqueue(memoryDigest, { v: 1, ...scope })
    const line = leaseLineKey(workstreamLeaseKey(runtime.config.redisKeyPrefix, scope.orgId, scope.workstreamId))
    const redis = runtime.redis.getConnection() as Redis
    await redis.zadd(line, 1, `memory-digest ${jobId}`)
    await runtime.startWorkers(['memory-digest'])
    await until(
      () => runtime.queues.queue('memory-digest').getJob(jobId),
      (job) => job?.finishedOn !== undefined,
    )
    expect(await redis.zcard(line)).toBe(0)
  })

  it('comes by the maximum wait when turns never stop', async () => {
    let nowMs = Date.parse('2026-01-01T00:00:00Z')
    const clock: Clock = { now: () => new Date(nowMs), monotonicMs: () => performance.now() }
    const settings = { digestWindowMs: 15 * MINUTE_MS, digestMaxWaitMs: 60 * MINUTE_MS, sweepIntervalMs: 3_600_000 }
    const runtime = await runtimes.start(settings, { clock })
    await runtime.startWorkers(['memory-digest'])
    const queue = runtime.queues.queue('memory-digest')
    const orgId = 'never-quiet'
    for (let minute = 0; minute < 60; minute++) {
      const { digestDueAt } = await runtime.memory.recordTurn(turn(minute, { orgId }))
      const expectedMinute = Math.min(minute + 15, 60)
      expect(digestDueAt?.toISOString()).toBe(
        new Date(Date.parse('2026-01-01T00:00:00Z') + expectedMinute * MINUTE_MS).toISOString(),
      )
      nowMs += MINUTE_MS
      if (minute % 10 !== 9 || minute === 59) continue
      // BullMQ keeps its own time: the job is woken by hand, and goes back to wait.
      await (await queue.getDelayed())[0]?.promote()
      await until(
        () => queue.getDelayedCount(),
        (count) => count === 1,
      )
      expect((await runtime.memory.status({ orgId })).turns.pending).toBe(minute + 1)
    }
    await (await queue.getDelayed())[0]?.promote()
    expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 60 } })
  })
})

describe('with a model', () => {
  const settings = () => ({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 10 })

  it('a turn that arrives while its digest runs is extracted by the next one', async () => {
    const runtime = await runtimes.start(settings())
    await runtime.startWorkers(['memory-digest'])
    const orgId = 'meanwhile'
    model.behave({ delayMs: 300 })
    await runtime.memory.recordTurn(turn(1, { orgId }))
    await model.received(1, '/chat/completions')
    await runtime.memory.recordTurn(turn(2, { orgId }))
    const status = await untilSettled(runtime, orgId)
    expect(status).toMatchObject({ turns: { extracted: 2 }, memories: 2 })
    expect(model.requestCount('/chat/completions')).toBe(2)
  })

  it('and an extraction of the same workstream at once run one after the other', async () => {
    const runtime = await runtimes.start(settings())
    await runtime.startWorkers()
    const orgId = 'both'
    model.behave({ delayMs: 200 })
    await runtime.memory.recordTurn(turn(1, { orgId }))
    await runtime.memory.extractNow({ orgId, workstreamId: 'ws', turnId: 'turn-1' })
    await untilSettled(runtime, orgId)
    expect(model.requestCount('/chat/completions')).toBe(1)
    expect(await runtime.memory.status({ orgId })).toMatchObject({ memories: 1, deadLetters: [] })
  })

  it('waits as long as a 429 asks, and spends no attempt on it', async () => {
    const runtime = await runtimes.start(settings())
    await runtime.startWorkers(['memory-digest'])
    const orgId = 'limited'
    // More often than a job has attempts.
    model.fault({ status: 429, headers: { 'retry-after-ms': '20' }, times: 6, path: '/chat/completions' })
    await runtime.memory.recordTurn(turn(1, { orgId }))
    expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 1 }, deadLetters: [] })
    expect(model.requestCount('/chat/completions')).toBe(7)
  })

  it('is retried three times after a 500, then its turns are dead letters and later turns go on', async () => {
    const runtime = await runtimes.start({ ...settings(), modelOutageMaxMs: 0 })
    await runtime.startWorkers(['memory-digest'])
    const orgId = 'dying'
    model.fault({ status: 500, times: 4, path: '/chat/completions' })
    await runtime.memory.recordTurn(turn(1, { orgId }))
    const died = await untilSettled(runtime, orgId)
    expect(died.turns).toEqual({ pending: 0, extracted: 0, deadLettered: 1 })
    expect(died.deadLetters).toMatchObject([
      { turnId: 'turn-1', code: 'MODEL_UNAVAILABLE', attempts: 4, queue: 'memory-digest' },
    ])
    expect(model.requestCount('/chat/completions')).toBe(4)
    await runtime.memory.recordTurn(turn(2, { orgId }))
    expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 1, deadLettered: 1 } })
  })

  it('is not retried after a refusal: the reason is kept', async () => {
    const runtime = await runtimes.start(settings())
    await runtime.startWorkers(['memory-digest'])
    const orgId = 'refused'
    model.fault({ status: 400, message: 'too long', path: '/chat/completions' })
    await runtime.memory.recordTurn(turn(1, { orgId }))
    const { deadLetters } = await untilSettled(runtime, orgId)
    expect(deadLetters).toMatchObject([{ code: 'MODEL_REFUSED', attempts: 1 }])
    expect(deadLetters[0]?.reason).toContain('too long')
  })

  it('drops facts whose quote is not in their turn', async () => {
    const runtime = await runtimes.start(settings())
    await runtime.startWorkers(['memory-digest'])
    const orgId = 'made-up'
    const fact = { fact: 'Maya owns a castle.', kind: 'fact', quote: 'I own a castle.', turn: 0 }
    model.completionFor(() => ({
      facts: [fact, { ...fact, turn: 99 }, { ...fact, fact: 'Maya lives in Lisbon.', quote: 'in Lisbon' }],
    }))
    await runtime.memory.recordTurn(turn(1, { orgId }))
    await untilSettled(runtime, orgId)
    expect((await runtime.memory.list({ orgId })).map((memory) => memory.fact)).toEqual(['Maya lives in Lisbon.'])
  })

  it('changing the embedding model re-embeds by a job; meanwhile words still find', async () => {
    const local = await runtimes.start({ sweepIntervalMs: 100 })
    await local.startWorkers()
    const orgId = 'changed-model'
    await local.memory.recordTurn(turn(1, { orgId }))
    await untilSettled(local, orgId)
    await local.disconnect()

    const changed = await runtimes.start({ ...settings(), sweepIntervalMs: 100 })
    const byWords = await changed.memory.search({ orgId, query: 'house Lisbon' })
    expect(byWords.memories[0]).toMatchObject({ why: { meaning: 0, keyword: 1 } })
    await changed.startWorkers(['memory-reembedding'])
    const spaces = await until(
      () =>
        changed.database
          .selectFrom('vector_spaces')
          .selectAll()
          .where('org_id', '=', orgId)
          .where('dims', '=', 64)
          .execute(),
      (rows) => rows.length === 2,
    )
    expect(spaces.map((row) => [row.item_kind, row.items]).sort()).toEqual([
      ['memory', 1],
      ['turn', 1],
    ])
  })

  it('changing it to a model that refuses some items leaves these to their words, and asks once', async () => {
    const local = await runtimes.start({ sweepIntervalMs: 100 })
    await local.startWorkers()
    const orgId = 'refusing-model'
    for (const number of [1, 2, 3]) await local.memory.recordTurn(turn(number, { orgId }))
    await untilSettled(local, orgId)
    await local.disconnect()

    model.fault({
      status: 400,
      times: 1_000,
      path: '/embeddings',
      when: ({ input }) => JSON.stringify(input).includes('number 2'),
    })
    const changed = await runtimes.start({ ...settings(), sweepIntervalMs: 100 })
    await changed.startWorkers(['memory-reembedding'])
    const { embeddingModel } = changed.provider
    await until(
      () => countLackingVectors(changed.database, embeddingModel),
      (lacking) => lacking === 0,
    )
    expect(await readOrgsLackingVectors(changed.database, embeddingModel, 10)).toEqual([])
    model.reset()
    const { turns } = await changed.memory.search({ orgId, query: 'number 2' })
    expect(turns.find(({ turnId }) => turnId === 'turn-2')?.why).toMatchObject({ keyword: 1 })
    expect(await changed.deadLetters.list({ orgId })).toEqual([])
  })
})
