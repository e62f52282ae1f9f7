import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { CATALOG } from '../../../queues/catalog.ts'
import { createRuntime, type Runtime } from '../../../runtime.ts'
import { stepMsOf } from '../../helpers/cpu-time.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until } from '../../helpers/until.ts'

const store = useStore()
const runtimes = useRuntimes(store)

const CLOSED = { code: 'RUNTIME_CLOSED', recorded: 'no', retryable: false }

describe('after disconnect', () => {
  it('every call is refused, with a code', async () => {
    const runtime = await runtimes.start()
    await runtime.disconnect()
    const key = { orgId: 'o', workstreamId: 'w', turnId: 't' }
    for (const call of [
      () => runtime.memory.recordTurn(turn(1)),
      () => runtime.memory.extractNow(key),
      () => runtime.memory.search({ orgId: 'o', query: 'q' }),
      () => runtime.memory.list({ orgId: 'o' }),
      () => runtime.memory.status({ orgId: 'o' }),
      () => runtime.queues.enqueue(CATALOG['memory-digest'], { v: 1, orgId: 'o', workstreamId: 'w' }),
      () => runtime.jobs.cancel({ queue: 'memory-digest', jobId: '1' }),
      () => runtime.killSwitch.status(),
      () => runtime.deadLetters.list(),
      () => runtime.withOrgMemoryLock('o', async () => {}),
      () => runtime.connect(),
      () => runtime.startWorkers(),
    ])
      await expect(call()).rejects.toMatchObject(CLOSED)
    expect(() => runtime.queues.queue('memory-digest')).toThrow(expect.objectContaining(CLOSED))
    expect(() => runtime.redis.getConnection()).toThrow(expect.objectContaining(CLOSED))
    await runtime.disconnect()
  })
})

describe('during disconnect', () => {
  it('recordings in flight are answered and kept, later ones are refused', async () => {
    const runtime = await runtimes.start({ enqueueTimeoutMs: 30_000 })
    const recordings = Array.from({ length: 20 }, (_, n) =>
      runtime.memory.recordTurn(turn(n, { orgId: 'in-flight', workstreamId: `w${n}` })),
    )
    const closing = runtime.disconnect()
    await expect(runtime.memory.recordTurn(turn(1, { orgId: 'late' }))).rejects.toMatchObject(CLOSED)
    await expect(runtime.startWorkers()).rejects.toMatchObject(CLOSED)
    expect((await Promise.all(recordings)).every(({ recorded }) => recorded === 'yes')).toBe(true)
    await closing
    const later = await runtimes.start()
    expect((await later.memory.status({ orgId: 'in-flight' })).turns.pending).toBe(20)
    expect((await later.memory.status({ orgId: 'late' })).turns.pending).toBe(0)
  })

  it('the jobs that drain may still call', async () => {
    const started = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const results: unknown[] = []
    const runtime = await runtimes.start(undefined, {
      extraWorkers: [
        {
          queue: 'host',
          concurrency: 1,
          processor: async () => {
            started.resolve()
            await goOn.promise
            results.push(await runtime.memory.recordTurn(turn(1, { orgId: 'draining' })))
          },
        },
      ],
    })
    await runtime.startWorkers(['host'])
    await runtime.queues.queue('host').add('host', {})
    await started.promise
    const closing = runtime.disconnect()
    goOn.resolve()
    await closing
    expect(results).toMatchObject([{ recorded: 'yes' }])
  })

  it('a store that is frozen, with a sweep and a recording under way, does not hold it up', async () => {
    const proxy = await startTcpProxy(store.url)
    onTestFinished(() => proxy.stop())
    const runtime = await runtimes.start({ databaseUrl: proxy.url, drainTimeoutMs: 500, enqueueTimeoutMs: 500 })
    proxy.freeze()
    await runtime.startWorkers(['memory-digest'])
    const recording = expect(runtime.memory.recordTurn(turn(1))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      recorded: 'unknown',
    })
    // The drain, the calls, and the cut of the pool's connections after 5 s.
    const closing = async () => {
      await runtime.disconnect()
      await recording
    }
    expect(await stepMsOf(closing)).toBeLessThan(8_000)
  }, 30_000)
})

it('workers may be started twice, and one call names a queue twice', async () => {
  const runtime = await runtimes.start(undefined, {
    extraWorkers: [{ queue: 'host', concurrency: 1, processor: async () => {} }],
  })
  expect((await runtime.startWorkers(['host', 'host'])).queues).toEqual(['host'])
  expect((await runtime.startWorkers(['host'])).queues).toEqual(['host'])
  await until(
    () => runtime.queues.queue('host').getWorkersCount(),
    (count) => count === 2,
  )
})

it('bad extra workers are refused before a connection is opened', () => {
  const worker = { queue: 'memory-digest', concurrency: 1, processor: async () => {} }
  expect(() => createRuntime(runtimes.config(), { extraWorkers: [worker] })).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  )
})

describe('a shared runtime', () => {
  it('is one, with one set of connections, however often a hot reload loads its module', async () => {
    const { redisUrl, databaseUrl, ...overrides } = runtimes.config({ logLevel: 'silent' })
    vi.stubEnv('REDIS_URL', redisUrl)
    vi.stubEnv('DATABASE_URL', databaseUrl)
    const env = fileURLToPath(new URL('../../../env.ts', import.meta.url))
    const reload = async (n: number) => (await import(`${env}?reload=${n}`)) as typeof import('../../../env.ts')
    const shared: Runtime[] = []
    for (let n = 0; n < 40; n += 1) {
      const runtime = (await reload(n)).sharedRuntime(overrides)
      await runtime.connect()
      shared.push(runtime)
    }
    const [first] = shared as [Runtime]
    expect(new Set(shared).size).toBe(1)
    await first.memory.recordTurn(turn(1, { orgId: 'reloaded' }))

    // Other settings are another runtime, and the old one ends.
    const { sharedRuntime } = await reload(40)
    const second = sharedRuntime({ ...overrides, digestWindowMs: 51 })
    expect(second).not.toBe(first)
    await expect(first.memory.status({ orgId: 'reloaded' })).rejects.toMatchObject(CLOSED)
    await second.connect()
    expect((await second.memory.status({ orgId: 'reloaded' })).turns.pending).toBe(1)
    // After a disconnect the next call makes a new one.
    await second.disconnect()
    const third = sharedRuntime({ ...overrides, digestWindowMs: 51 })
    await third.connect()
    await third.disconnect()
    vi.unstubAllEnvs()
  })
})
