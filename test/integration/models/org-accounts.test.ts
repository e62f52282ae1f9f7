import { describe, expect, it } from 'vitest'
import { turn } from '../../helpers/memory/turns.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** What an org may spend, with whose key it is asked, and what is found out of a server once for all processes. */

const runtimes = useRuntimes(useStore())
const model = await useModelServer()
const settings = () => ({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 10, sweepIntervalMs: 1_000 })

/** A clock that is moved by hand, at noon of a day. */
function movedClock() {
  let aheadMs = 0
  return {
    clock: { now: () => new Date(Date.UTC(2030, 0, 1, 12) + aheadMs), monotonicMs: () => performance.now() },
    moveMs: (ms: number) => {
      aheadMs += ms
    },
  }
}

describe('a budget of an org and day', () => {
  it('lets its turns wait until the next day of UTC, and no other org', async () => {
    const { clock, moveMs } = movedClock()
    const runtime = await runtimes.start(
      { ...settings(), completionInputUsdPerMillionTokens: 1_000 },
      { clock, orgDailyUsd: (orgId) => (orgId === 'poor' ? 0.001 : undefined) },
    )
    await runtime.startWorkers(['memory-digest'])
    const record = (orgId: string, number: number) =>
      runtime.memory.recordTurn(turn(number, { orgId, at: clock.now() }))
    await record('poor', 1)
    moveMs(60_000)
    const first = await untilSettled(runtime, 'poor')
    expect(first).toMatchObject({ turns: { extracted: 1 }, budget: { isSpent: true, limitUsd: 0.001 } })
    expect(first.budget?.resetsAt).toEqual(new Date('2030-01-02T00:00:00Z'))
    const asked = model.requestCount('/chat/completions')
    await record('poor', 2)
    await record('rich', 1)
    moveMs(60_000)
    expect(await untilSettled(runtime, 'rich')).toMatchObject({ turns: { extracted: 1 }, budget: null })
    const queue = runtime.queues.queue('memory-digest')
    // The job of the org that waits says why.
    await until(
      async () => JSON.stringify((await queue.getDelayed()).map(({ progress }) => progress)),
      (waits) => waits.includes('ORG_BUDGET_SPENT'),
    )
    expect(model.requestCount('/chat/completions')).toBe(asked + 1)
    expect(await runtime.memory.status({ orgId: 'poor' })).toMatchObject({ turns: { pending: 1 }, deadLetters: [] })
    moveMs(86_400_000)
    for (const job of await queue.getDelayed()) await job.promote()
    expect(await untilSettled(runtime, 'poor')).toMatchObject({ turns: { extracted: 2 }, deadLetters: [] })
  })
})

describe('a key of an org', () => {
  it('is asked for before each request, and sent for that org alone', async () => {
    const asked: string[] = []
    const modelKey = (orgId: string) => {
      asked.push(orgId)
      return orgId === 'own' ? 'sk-own-key' : undefined
    }
    const runtime = await runtimes.start({ ...settings(), openaiApiKey: 'sk-shared-key' }, { modelKey })
    await runtime.startWorkers(['memory-digest'])
    for (const orgId of ['own', 'shared']) {
      await runtime.memory.recordTurn(turn(1, { orgId }))
      await untilSettled(runtime, orgId)
      const keys = new Set(model.requests.map(({ headers }) => headers.authorization))
      expect([...keys]).toEqual([`Bearer sk-${orgId}-key`])
      model.reset()
    }
    expect(new Set(asked)).toEqual(new Set(['own', 'shared']))
  })

  it('that is refused is that org’s outage, and stands nowhere', async () => {
    const runtime = await runtimes.start(settings(), {
      modelKey: (orgId) => (orgId === 'bad' ? 'sk-bad-key' : undefined),
    })
    await runtime.startWorkers(['memory-digest'])
    for (const path of ['/chat/completions', '/embeddings'] as const)
      model.fault({
        status: 401,
        message: 'Bad key sk-bad-key',
        times: Number.POSITIVE_INFINITY,
        path,
        whenKey: 'sk-bad-key',
      })
    for (const orgId of ['bad', 'good']) await runtime.memory.recordTurn(turn(1, { orgId }))
    expect(await untilSettled(runtime, 'good')).toMatchObject({ turns: { extracted: 1 } })
    const status = await until(
      () => runtime.memory.status({ orgId: 'bad' }),
      ({ oldestFailure }) => oldestFailure !== null,
    )
    expect(status).toMatchObject({ turns: { pending: 1 }, deadLetters: [], oldestFailure: { code: 'MODEL_REFUSED' } })
    expect(JSON.stringify(status)).not.toContain('sk-bad-key')
    model.reset()
    expect(await untilSettled(runtime, 'bad')).toMatchObject({ turns: { extracted: 1 }, deadLetters: [] })
  })
})

it('what a server refuses is found out once for all processes', async () => {
  model.behave({ refuseJsonSchema: true, refuseDimensions: true, dims: 64 })
  const refused = () =>
    model.requests.filter(
      ({ body }) => 'dimensions' in body || JSON.stringify(body.response_format)?.includes('json_schema'),
    ).length
  const counts: number[] = []
  for (const orgId of ['first', 'second']) {
    const runtime = await runtimes.start(settings())
    const fleet = await runtime.startWorkers(['memory-digest'])
    await runtime.memory.recordTurn(turn(1, { orgId }))
    await untilSettled(runtime, orgId)
    await fleet.drain(0)
    counts.push(refused())
  }
  expect(counts[0]).toBeGreaterThan(0)
  expect(counts[1]).toBe(counts[0])
})
