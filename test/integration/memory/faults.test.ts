import { Redis } from 'ioredis'
import { afterEach, describe, expect, it } from 'vitest'
import { environmentOf, type StartedProcess, startProcess } from '../../../cli/services/services.ts'
import { createRuntime } from '../../../runtime.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { type ModelServer, startModelServer } from '../../helpers/models/model-server.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { untilSettled } from '../../helpers/until.ts'

const runtimes = useRuntimes(useStore())
const cleanUps: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** What a call took, in ms. */
async function timed<T>(call: Promise<T>): Promise<{ result: T; ms: number }> {
  const startedMs = performance.now()
  const result = await call
  return { result, ms: performance.now() - startedMs }
}

describe('a worker that is killed', () => {
  let model: ModelServer
  const startWorker = async (settings: object): Promise<StartedProcess> => {
    const worker = await startProcess('memory-digest', {
      ...process.env,
      ...environmentOf(settings),
      LOG_LEVEL: 'error',
    })
    cleanUps.push(() => worker.stop())
    return worker
  }

  it('in the middle of a digest costs no turn and doubles none', async () => {
    model = await startModelServer({ delayMs: 100 })
    cleanUps.push(() => model.stop())
    const settings = runtimes.config({
      openaiBaseUrl: model.url,
      embeddingDims: 64,
      jobLockMs: 1_000,
      memoryDigestConcurrency: 2,
    })
    const runtime = await runtimes.start(settings)
    const orgId = 'killed'
    const workstreams = 6
    for (let number = 0; number < 30; number++) {
      await runtime.memory.recordTurn(turn(number, { orgId, workstreamId: `ws-${number % workstreams}` }))
    }
    const victim = await startWorker(settings)
    await model.received(3, '/chat/completions')
    process.kill(victim.pid, 'SIGKILL')
    await victim.exited
    expect((await runtime.memory.status({ orgId })).turns.pending).toBeGreaterThan(0)

    await startWorker(settings)
    const status = await untilSettled(runtime, orgId)
    expect(status).toMatchObject({ turns: { extracted: 30, deadLettered: 0 }, memories: 30 })
    const memories = await runtime.memory.list({ orgId })
    expect(memories.every((memory) => memory.sources.length === 1)).toBe(true)
    const facts = await runtime.database
      .selectFrom('usage_ledger')
      .select('duplicates')
      .where('org_id', '=', orgId)
      .execute()
    expect(facts.reduce((sum, row) => sum + row.duplicates, 0)).toBe(0)
  })

  it('by SIGTERM finishes its digest first', async () => {
    model = await startModelServer({ delayMs: 300 })
    cleanUps.push(() => model.stop())
    const settings = runtimes.config({ openaiBaseUrl: model.url, embeddingDims: 64, drainTimeoutMs: 10_000 })
    const runtime = await runtimes.start(settings)
    await runtime.memory.recordTurn(turn(1, { orgId: 'drained' }))
    const worker = await startWorker(settings)
    await model.received(1, '/chat/completions')
    await worker.stop()
    expect(await worker.exited).toBe(0)
    expect(await runtime.memory.status({ orgId: 'drained' })).toMatchObject({ turns: { extracted: 1 } })
  })

  it('by SIGTERM gives a digest back that does not end in time, at no cost of an attempt', async () => {
    model = await startModelServer({ hang: 'before-headers' })
    cleanUps.push(() => model.stop())
    const settings = runtimes.config({ openaiBaseUrl: model.url, embeddingDims: 64, drainTimeoutMs: 100 })
    const runtime = await runtimes.start(settings)
    await runtime.memory.recordTurn(turn(1, { orgId: 'given-back' }))
    const worker = await startWorker(settings)
    await model.received(1, '/chat/completions')
    const { ms } = await timed(worker.stop())
    expect(ms).toBeLessThan(3_000)
    const queue = runtime.queues.queue('memory-digest')
    const [job] = await queue.getJobs(['delayed', 'wait'])
    expect(job).toMatchObject({ attemptsMade: 0 })
    model.behave({ hang: 'never' })
    await startWorker(settings)
    expect(await untilSettled(runtime, 'given-back')).toMatchObject({ turns: { extracted: 1 } })
  })
})

describe('a Redis', () => {
  it('that loses all its data loses no turn', async () => {
    const redis = await startOwnRedis()
    cleanUps.push(redis.stop)
    const runtime = await runtimes.start({ redisUrl: redis.url, digestWindowMs: 300, sweepIntervalMs: 200 })
    const orgId = 'flushed'
    for (let number = 0; number < 10; number++)
      await runtime.memory.recordTurn(turn(number, { orgId, workstreamId: `ws-${number}` }))
    await runtime.startWorkers()
    const client = new Redis(redis.url)
    await client.set('mark', 'before')
    await client.flushall()
    // Not the number of keys: the workers write at once again.
    expect(await client.get('mark')).toBeNull()
    await client.quit()
    expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 10 }, memories: 10 })
    await runtime.disconnect()
  })

  it.each(['cut', 'freeze'] as const)(
    'that is away (%s) does not keep recordTurn beyond its deadline, and the turn is extracted when it is back',
    async (fault) => {
      const redis = await startOwnRedis()
      cleanUps.push(redis.stop)
      const proxy = await startTcpProxy(redis.url)
      cleanUps.push(proxy.stop)
      const enqueueTimeoutMs = 500
      const runtime = await runtimes.start({ redisUrl: proxy.url, enqueueTimeoutMs, sweepIntervalMs: 200 })
      await runtime.startWorkers()
      const orgId = `away-${fault}`
      proxy[fault]()
      const { result, ms } = await timed(runtime.memory.recordTurn(turn(1, { orgId })))
      expect(result).toMatchObject({ recorded: 'yes' })
      expect(ms).toBeLessThan(enqueueTimeoutMs + 250)
      await expect(
        timed(runtime.memory.extractNow({ orgId, workstreamId: 'ws', turnId: 'turn-1' })),
      ).rejects.toMatchObject({ code: 'ENQUEUE_TIMEOUT' })
      expect((await runtime.memory.status({ orgId })).turns.pending).toBe(1)
      proxy.restore()
      expect(await untilSettled(runtime, orgId)).toMatchObject({ turns: { extracted: 1 } })
      await runtime.disconnect()
    },
  )

  it('that is away from the start does not keep an app from recording', async () => {
    const redis = await startOwnRedis()
    cleanUps.push(redis.stop)
    const proxy = await startTcpProxy(redis.url)
    cleanUps.push(proxy.stop)
    proxy.cut()
    const runtime = await runtimes.start({ redisUrl: proxy.url, enqueueTimeoutMs: 300, sweepIntervalMs: 200 })
    const { ms } = await timed(runtime.memory.recordTurn(turn(1, { orgId: 'from-the-start' })))
    expect(ms).toBeLessThan(600)
    proxy.restore()
    await runtime.startWorkers()
    expect(await untilSettled(runtime, 'from-the-start')).toMatchObject({ turns: { extracted: 1 } })
    await runtime.disconnect()
  })
})

describe('the cache Redis', () => {
  it('gone means slower, not wrong', async () => {
    const cache = await startOwnRedis()
    const runtime = await runtimes.start({ cacheRedisUrl: cache.url })
    await runtime.startWorkers()
    await cache.stop()
    await runtime.memory.recordTurn(turn(1, { orgId: 'no-cache' }))
    expect(await untilSettled(runtime, 'no-cache')).toMatchObject({ turns: { extracted: 1 }, memories: 1 })
    expect((await runtime.memory.search({ orgId: 'no-cache', query: 'house' })).memories).toHaveLength(1)
  })
})

describe('the store', () => {
  it('that does not answer keeps no call beyond its deadline', async () => {
    const enqueueTimeoutMs = 300
    const proxy = await startTcpProxy(runtimes.config().databaseUrl)
    cleanUps.push(proxy.stop)
    const runtime = await runtimes.start({ databaseUrl: proxy.url, enqueueTimeoutMs })
    await runtime.memory.recordTurn(turn(1, { orgId: 'frozen-store' }))
    proxy.freeze()
    for (const { result, ms } of await Promise.all([
      timed(runtime.memory.recordTurn(turn(2, { orgId: 'frozen-store' })).catch((error) => error)),
      timed(
        runtime.memory
          .extractNow({ orgId: 'frozen-store', workstreamId: 'ws', turnId: 'turn-1' })
          .catch((error) => error),
      ),
    ])) {
      expect(result).toMatchObject({ code: 'STORE_UNAVAILABLE' })
      expect(ms).toBeLessThan(enqueueTimeoutMs + 250)
    }
    proxy.restore()
    await runtime.disconnect()
  })

  it('away is a typed error inside the deadline that says whether the turn landed', async () => {
    const runtime = await runtimes.start({ enqueueTimeoutMs: 500 })
    const gone = createRuntime({ ...runtime.config, databaseUrl: 'postgresql://nobody@127.0.0.1:1/none' })
    const { ms, result } = await timed(gone.memory.recordTurn(turn(1)).catch((error) => error))
    expect(result).toMatchObject({ code: 'STORE_UNAVAILABLE', recorded: 'no', retryable: true })
    expect(ms).toBeLessThan(1_000)
    await gone.disconnect()
  })
})
