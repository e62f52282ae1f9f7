import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { z } from 'zod'
import { CATALOG } from '../../../queues/catalog.ts'
import { defineQueue } from '../../../queues/define-queue.ts'
import type { Runtime } from '../../../runtime.ts'
import { AfterturnError } from '../../../shared/errors.ts'
import { deadLetterTurns } from '../../../shared/store/control/dead-letters.ts'
import { readPendingTurns } from '../../../shared/store/turns/turns.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

const runtimes = useRuntimes(useStore())
const by = 'ops'
const model = await useModelServer()
/** Not the plain question that tells whose doing a refusal is. */
const isAboutTurns = (body: object) => JSON.stringify(body).includes('<turns>')

const startRuntime = (options?: Parameters<typeof runtimes.start>[1]) =>
  runtimes.start({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 1, modelOutageMaxMs: 0 }, options)

const listOf = (runtime: Runtime, orgId: string) => runtime.deadLetters.list({ orgId })
const untilLetters = (runtime: Runtime, orgId: string, count = 1) =>
  until(
    () => listOf(runtime, orgId),
    (letters) => letters.length === count,
  )

describe('a turn that died', () => {
  it('tells each try, is replayed with all of them, and then not again', async () => {
    const runtime = await startRuntime()
    await runtime.startWorkers()
    const orgId = 'tries'
    model.fault({ status: 500, times: 1_000, path: '/chat/completions' })
    await runtime.memory.recordTurn(turn(1, { orgId }))
    const [letter] = await untilLetters(runtime, orgId)
    const { failedTries } = await runtime.deadLetters.show({ id: letter?.id as number })
    expect(failedTries.map(({ code }) => code)).toEqual(Array(4).fill('MODEL_UNAVAILABLE'))
    const times = failedTries.map(({ at }) => Date.parse(at))
    expect(times).toEqual([...times].sort((a, b) => a - b))

    model.reset()
    expect(await runtime.deadLetters.replay({ ids: [letter?.id as number], by })).toEqual({ replayed: 1 })
    expect((await untilSettled(runtime, orgId)).turns).toMatchObject({ extracted: 1, deadLettered: 0 })
    await expect(runtime.deadLetters.replay({ ids: [letter?.id as number], by })).rejects.toMatchObject({
      code: 'DEAD_LETTER_SETTLED',
    })
    expect((await runtime.memory.status({ orgId })).turns).toMatchObject({ extracted: 1, pending: 0 })
    expect(await runtime.memory.list({ orgId })).toHaveLength(1)
  })

  it('is replayed while a digest of its workstream runs, and lands once', async () => {
    const runtime = await startRuntime()
    const scope = { orgId: 'meanwhile', workstreamId: 'ws' }
    await runtime.memory.recordTurn(turn(1, scope))
    const timing = { now: new Date(), windowMs: 50, maxWaitMs: 10_000 }
    const ids = (await readPendingTurns(runtime.database, scope, 10)).map(({ id }) => id)
    const note = { queue: 'memory-digest', code: 'MODEL_REFUSED', reason: 'no key', attempts: 4 }
    await deadLetterTurns(runtime.database, scope, ids, note, timing)
    await runtime.memory.recordTurn(turn(2, scope))
    model.behave({ delayMs: 300 })
    await runtime.startWorkers()
    await model.received(1, '/chat/completions')
    expect(await runtime.deadLetters.replayAll({ orgId: scope.orgId, by })).toEqual({ replayed: 1, refused: 0 })
    await until(
      () => runtime.memory.status({ orgId: scope.orgId }),
      ({ turns }) => turns.extracted === 2,
    )
    const memories = await runtime.memory.list({ orgId: scope.orgId })
    expect(memories.map(({ sources }) => sources.length)).toEqual([1, 1])
  })

  it('is left with the others when one of several ids is not there', async () => {
    const runtime = await startRuntime()
    await runtime.startWorkers()
    const orgId = 'mistyped'
    model.fault({ status: 400, times: 1_000, when: isAboutTurns })
    await runtime.memory.recordTurn(turn(1, { orgId }))
    const [letter] = await untilLetters(runtime, orgId)
    for (const ids of [[letter?.id as number, 2 ** 50], [0], [-1], [1.5], []])
      await expect(runtime.deadLetters.replay({ ids, by })).rejects.toMatchObject({
        code: expect.stringMatching(/DEAD_LETTER_UNKNOWN|INPUT_INVALID/),
      })
    expect(await listOf(runtime, orgId)).toHaveLength(1)
    expect(await runtime.deadLetters.drop({ ids: [letter?.id as number], by })).toEqual({ dropped: 1 })
    expect(await listOf(runtime, orgId)).toEqual([])
    expect(await runtime.memory.status({ orgId })).toMatchObject({ turns: { deadLettered: 1 }, deadLetters: [] })
    // The turn is one dead letter; the job that was about it is none.
    expect(await runtime.deadLetters.list({ orgId, isResolved: true })).toHaveLength(1)
  })
})

describe('a job that died', () => {
  const hostWork = defineQueue({
    name: 'host-work',
    description: 'Work of the host',
    payload: z.strictObject({ v: z.literal(1), orgId: z.string() }),
    retry: { retries: 1, backoffBaseMs: 1, backoffCapMs: 1, jitter: 0 },
    deduplicationKey: ({ orgId }) => orgId,
  })
  let isBroken = true
  const extra = {
    queue: 'host-work',
    contract: hostWork,
    concurrency: 1,
    processor: async () => {
      if (isBroken) throw new AfterturnError('MODEL_UNAVAILABLE', 'away')
    },
  }
  beforeEach(() => {
    isBroken = true
  })

  it('is a dead letter with its payload and its tries, and runs again when it is replayed, once', async () => {
    const runtime = await startRuntime({ extraWorkers: [extra] })
    await runtime.startWorkers(['host-work'])
    await runtime.queues.enqueue(hostWork, { v: 1, orgId: 'host' })
    const [letter] = await untilLetters(runtime, 'host')
    const shown = await runtime.deadLetters.show({ id: letter?.id as number })
    expect(shown).toMatchObject({
      queue: 'host-work',
      code: 'MODEL_UNAVAILABLE',
      reason: 'away',
      attempts: 2,
      payload: { v: 1, orgId: 'host' },
      turnId: null,
      failedTries: [
        { code: 'MODEL_UNAVAILABLE', reason: 'away' },
        { code: 'MODEL_UNAVAILABLE', reason: 'away' },
      ],
    })
    isBroken = false
    await runtime.deadLetters.replay({ ids: [shown.id], by })
    const queue = runtime.queues.queue('host-work')
    await until(
      () => queue.getCompletedCount(),
      (count) => count === 1,
    )
    await expect(runtime.deadLetters.replay({ ids: [shown.id], by })).rejects.toMatchObject({
      code: 'DEAD_LETTER_SETTLED',
    })
    expect(await queue.getJobCounts('waiting', 'delayed', 'active', 'completed')).toMatchObject({ completed: 1 })
    expect(await listOf(runtime, 'host')).toEqual([])
  })

  it('is replayed once by all who replay everything at the same time, and none is counted as refused', async () => {
    const runtimesOf = await Promise.all([1, 2].map(() => startRuntime({ extraWorkers: [extra] })))
    const [runtime] = runtimesOf as [Runtime, Runtime]
    const fleet = await runtime.startWorkers(['host-work'])
    const orgIds = Array.from({ length: 12 }, (_, n) => `at-once-${n}`)
    for (const orgId of orgIds) await runtime.queues.enqueue(hostWork, { v: 1, orgId })
    await until(
      () => runtime.deadLetters.count({ queue: 'host-work' }),
      (count) => count === orgIds.length,
    )
    await fleet.drain(1_000)
    const reports = await Promise.all(
      runtimesOf.map(({ deadLetters }) => deadLetters.replayAll({ queue: 'host-work', by })),
    )
    expect(reports.map(({ refused }) => refused)).toEqual([0, 0])
    expect(reports.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(orgIds.length)
    expect(await runtime.queues.queue('host-work').getWaitingCount()).toBe(orgIds.length)
  })

  it('stays open when Redis does not take its replay', async () => {
    const runtime = await startRuntime({ extraWorkers: [extra] })
    await runtime.startWorkers(['host-work'])
    await runtime.queues.enqueue(hostWork, { v: 1, orgId: 'refused' })
    const [letter] = await untilLetters(runtime, 'refused')
    const away = await runtimes.start(
      { redisUrl: 'redis://127.0.0.1:1', enqueueTimeoutMs: 100 },
      { extraWorkers: [extra] },
    )
    await expect(away.deadLetters.replay({ ids: [letter?.id as number], by })).rejects.toMatchObject({
      code: 'ENQUEUE_TIMEOUT',
    })
    // A process that does not know the contract changes nothing either.
    const stranger = await startRuntime()
    await expect(stranger.deadLetters.replay({ ids: [letter?.id as number], by })).rejects.toMatchObject({
      code: 'QUEUE_UNKNOWN',
    })
    expect(await listOf(runtime, 'refused')).toHaveLength(1)
  })

  it('keeps a payload that does not fit its contract for a program that it fits, and is not replayed by this one', async () => {
    const runtime = await startRuntime({ extraWorkers: [extra] })
    await runtime.startWorkers(['host-work'])
    await runtime.queues.queue('host-work').add('host-work', { orgId: 'unfit', secret: 'content' })
    const [letter] = await untilLetters(runtime, 'unfit')
    const kept = { orgId: 'unfit', secret: 'content' }
    expect((await runtime.deadLetters.show({ id: letter?.id as number })).payload).toEqual(kept)
    await expect(runtime.deadLetters.replay({ ids: [letter?.id as number], by })).rejects.toMatchObject({
      code: 'PAYLOAD_INVALID',
    })
    expect(await listOf(runtime, 'unfit')).toHaveLength(1)
    const payload = z.strictObject({ orgId: z.string(), secret: z.string() })
    const other = { ...extra, contract: defineQueue({ name: 'host-work', description: 'Of a newer host', payload }) }
    const fitting = await startRuntime({ extraWorkers: [other] })
    expect(await fitting.deadLetters.replay({ ids: [letter?.id as number], by })).toEqual({ replayed: 1 })
  })

  it('for a reason and with a payload that no store takes is kept without them, and holds up no other', async () => {
    const failing = { ...extra, processor: async () => Promise.reject(new Error('not \0 at \ud800 all')) }
    const runtime = await startRuntime({ extraWorkers: [failing] })
    for (const orgId of ['nul \0', 'half \udc00', 'usual']) await runtime.queues.enqueue(hostWork, { v: 1, orgId })
    await runtime.startWorkers(['host-work'])
    const letters = await until(
      () => runtime.deadLetters.list({ code: 'UNEXPECTED' }),
      ({ length }) => length === 3,
    )
    expect(letters.map(({ orgId }) => orgId).sort()).toEqual([null, null, 'usual'].sort())
    expect(new Set(letters.map(({ reason }) => reason))).toEqual(new Set(['not  at \ufffd all']))
    const payloads = await Promise.all(letters.map(async ({ id }) => (await runtime.deadLetters.show({ id })).payload))
    expect(payloads.filter((payload) => payload !== null)).toEqual([{ v: 1, orgId: 'usual' }])
  })

  it('without anybody hearing of it is found by the sweep; also when its workers died too often', async () => {
    const runtime = await startRuntime({ extraWorkers: [extra] })
    const connection = new Redis(inject('redisUrl'), { maxRetriesPerRequest: null })
    const options = { connection, prefix: runtime.config.redisKeyPrefix }
    // A worker that takes the job up and is never heard of again, and one that finds out.
    const dying = new Worker('host-work', undefined, { ...options, lockDuration: 50 })
    await runtime.queues.enqueue(hostWork, { v: 1, orgId: 'unheard' })
    await dying.getNextJob('token')
    const finding = new Worker('host-work', async () => {}, { ...options, maxStalledCount: 0, stalledInterval: 20 })
    await until(
      () => runtime.queues.queue('host-work').getFailedCount(),
      (count) => count === 1,
    )
    await Promise.all([dying.close(), finding.close()])
    await connection.quit()
    expect(await listOf(runtime, 'unheard')).toEqual([])
    await runtime.startWorkers(['host-work'])
    const [letter] = await untilLetters(runtime, 'unheard')
    expect(letter).toMatchObject({ code: 'WORKER_DIED', reason: 'job stalled more than allowable limit' })
    expect((await runtime.deadLetters.show({ id: letter?.id as number })).payload).toEqual({ v: 1, orgId: 'unheard' })
  })

  it('of the product is one where the job is the work, and none where its turns are', () => {
    expect(Object.values(CATALOG).map(({ name, deadLetters }) => [name, deadLetters])).toEqual([
      ['memory-extraction', 'turns'],
      ['memory-digest', 'turns'],
      ['memory-reembedding', 'jobs'],
      ['memory-reextraction', 'jobs'],
      ['repo-indexing', 'jobs'],
      ['context-compaction', 'jobs'],
    ])
  })
})
