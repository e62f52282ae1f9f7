import { beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { environmentOf, startProcess } from '../../../cli/services/services.ts'
import { readFleetGauges } from '../../../dashboard/fleet-gauges.ts'
import type { Runtime } from '../../../runtime.ts'
import type { ModelTask } from '../../../shared/ai/model-task.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useModelServer } from '../../helpers/models/model-under-test.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** What the provider allows is kept by all processes together. */

const runtimes = useRuntimes(useStore())
const model = await useModelServer()
beforeEach(() => {
  model.completionFor(() => ({ words: [] }))
})
const settings = () => ({ openaiBaseUrl: model.url, embeddingDims: 64, retryBackoffMs: 10, sweepIntervalMs: 60_000 })

const task: ModelTask<string, { words: string[] }> = {
  name: 'list-words',
  version: 1,
  output: z.object({ words: z.array(z.string()) }),
  maxOutputTokens: 100,
  prompt: (content) => [{ role: 'user', content }],
  rules: () => ({ words: [] }),
}
const ask = ({ provider }: Runtime, signal?: AbortSignal) =>
  provider.complete(task, 'one two', signal ? { signal } : {})
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error) => error,
  )

describe('a pause that the provider asks of one process', () => {
  const refuse = (retryAfterMs: number) =>
    model.fault({ status: 429, headers: { 'retry-after-ms': String(retryAfterMs) }, path: '/chat/completions' })

  it('is waited for by the others, of that model only, and told once', async () => {
    const warnings: string[] = []
    const log = { ...silentLog, warn: (_: object, message: string) => void warnings.push(message) }
    const one = await runtimes.start(settings(), { log })
    const other = await runtimes.start(settings(), { log })
    readFleetGauges(other.metrics, other)
    refuse(1_500)
    expect(await failureOf(ask(one))).toMatchObject({ code: 'MODEL_RATE_LIMITED' })
    const refusedAtMs = performance.now()
    const waiting = [ask(one), ask(other), ask(other)].map((call) => call.then(() => performance.now() - refusedAtMs))
    await other.provider.embed(['at once'], {})
    expect(model.requestCount('/chat/completions')).toBe(1)
    const gauges = await other.metrics.text()
    const pausedUntil = /^afterturn_model_paused_until_seconds\{model="gpt-5-mini"\} (.*)$/m.exec(gauges)?.[1]
    expect(Number(pausedUntil) * 1_000 - Date.now()).toBeGreaterThan(0)
    expect(gauges).toMatch(/afterturn_model_paused_until_seconds\{model="text-embedding-3-small"\} 0\n/)
    for (const afterMs of await Promise.all(waiting)) expect(afterMs).toBeGreaterThan(1_350)
    expect(await other.metrics.text()).toMatch(/afterturn_model_waits_total\{model="gpt-5-mini",outcome="waited"\} 2\n/)
    expect(warnings).toEqual(['the provider asked for a pause; all calls of this model wait'])
  })

  it('sends a call away that would wait too long, before it reaches the provider', async () => {
    const one = await runtimes.start(settings())
    const other = await runtimes.start(settings())
    refuse(60_000)
    await failureOf(ask(one))
    const refusals = (await Promise.all([ask(other), ask(other)].map(failureOf))) as { retryAfterMs: number }[]
    expect(refusals).toMatchObject([{ code: 'MODEL_RATE_LIMITED' }, { code: 'MODEL_RATE_LIMITED' }])
    const times = refusals.map(({ retryAfterMs }) => retryAfterMs)
    expect(Math.min(...times)).toBeGreaterThan(55_000)
    expect(Math.max(...times)).toBeLessThan(61_000)
    expect(new Set(times).size).toBe(2)
    expect(model.requestCount()).toBe(1)
  })

  it('ends for a call whose caller gives up, with the caller’s reason', async () => {
    const one = await runtimes.start(settings())
    refuse(4_000)
    await failureOf(ask(one))
    const stop = new AbortController()
    const waiting = failureOf(ask(one, stop.signal))
    const reason = new Error('given up')
    stop.abort(reason)
    expect(await waiting).toBe(reason)
  })

  it('puts a job off, which says so, and costs it and its turn nothing', async () => {
    const one = await runtimes.start(settings())
    refuse(60_000)
    await failureOf(ask(one))
    await one.startWorkers(['memory-digest'])
    await one.memory.recordTurn(turn(1, { orgId: 'put-off' }))
    const [job] = await until(
      () => one.queues.queue('memory-digest').getDelayed(),
      (jobs) => jobs.some(({ progress }) => typeof progress === 'object'),
    )
    expect(job?.attemptsMade).toBe(0)
    expect(job?.progress).toMatchObject({
      waitsFor: expect.stringContaining("The fleet's calls of gpt-5-mini wait"),
    })
    const { attempts } = await one.database.selectFrom('turns').select('attempts').executeTakeFirstOrThrow()
    expect(attempts).toBe(0)
    expect(model.requestCount('/chat/completions')).toBe(1)
  })
})

describe('a budget', () => {
  it('of tokens is charged what the answers say they took', async () => {
    const limits = { ...settings(), completionTokensPerMinute: 60_000, modelMaxWaitMs: 100 }
    const one = await runtimes.start(limits)
    // 20,000 characters are 5,000 tokens to the server; 3,000 are a twentieth of the budget.
    model.completionFor(() => ({ words: ['a'.repeat(20_000)] }))
    await ask(one)
    const refusal = (await failureOf(ask(one))) as { retryAfterMs: number }
    expect(refusal).toMatchObject({ code: 'MODEL_RATE_LIMITED' })
    expect(refusal.retryAfterMs).toBeGreaterThan(1_700)
    expect(refusal.retryAfterMs).toBeLessThan(2_200)
  })

  it.each(['cut', 'freeze'] as const)(
    'is kept by each process alone while Redis is away (%s), and nobody waits for Redis',
    async (how) => {
      const proxy = await startTcpProxy(inject('redisUrl'))
      onTestFinished(() => proxy.stop())
      const one = await runtimes.start({
        ...settings(),
        redisUrl: proxy.url,
        enqueueTimeoutMs: 2_000,
        completionCallsPerMinute: 20,
        modelMaxWaitMs: 100,
      })
      proxy[how]()
      const startedMs = performance.now()
      await ask(one)
      expect(await failureOf(ask(one))).toMatchObject({ code: 'MODEL_RATE_LIMITED' })
      expect(performance.now() - startedMs).toBeLessThan(3_000)
      proxy.restore()
    },
  )

  it('is kept by four processes: no storm of refusals, and every turn is extracted', async () => {
    const turns = 100
    const limit = { calls: 40, windowMs: 2_000 }
    const config = runtimes.config({
      ...settings(),
      completionCallsPerMinute: (limit.calls * 60_000) / limit.windowMs,
      modelLimitWindowMs: limit.windowMs,
      modelMaxWaitMs: 200,
      orgConcurrency: turns,
      digestWindowMs: 3_600_000,
      digestMaxWaitMs: 3_600_000,
    })
    const runtime = await runtimes.start(config)
    model.reset()
    const queue = runtime.queues.queue('memory-extraction')
    await queue.pause()
    const orgId = 'paced'
    for (let number = 0; number < turns; number += 1) {
      const given = turn(number, { orgId, workstreamId: `w${number}` })
      await runtime.memory.recordTurn(given)
      await runtime.memory.extractNow({ orgId, workstreamId: given.workstreamId, turnId: given.turnId })
    }
    const environment = { ...process.env, ...environmentOf(config), LOG_LEVEL: 'error' }
    const processes = await Promise.all([1, 2, 3, 4].map(() => startProcess('memory-extraction', environment)))
    onTestFinished(async () => void (await Promise.all(processes.map((one) => one.stop()))))
    model.behave({ limit })
    await queue.resume()
    const status = await untilSettled(runtime, orgId)
    expect(status).toMatchObject({ turns: { extracted: turns }, deadLetters: [] })
    expect(await queue.getFailedCount()).toBe(0)
    expect(model.limitedCount() / model.requestCount('/chat/completions')).toBeLessThanOrEqual(0.05)
    await Promise.all(processes.map((one) => one.stop()))
  })
})
