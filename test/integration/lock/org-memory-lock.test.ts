import { AsyncResource } from 'node:async_hooks'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import type { Runtime } from '../../../runtime.ts'
import { orgMemoryLeaseKey } from '../../../shared/redis/keys.ts'
import { turn } from '../../helpers/memory/turns.ts'
import { startModelServer } from '../../helpers/models/model-server.ts'
import { useLockProcesses } from '../../helpers/processes/lock-processes.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { useStore } from '../../helpers/services/store.ts'
import { startTcpProxy } from '../../helpers/services/tcp-proxy.ts'
import { until, untilSettled } from '../../helpers/until.ts'

/** Longer than any test: what must not need the end of a lease fails by its time. */
const LONG_MS = 120_000

const runtimes = useRuntimes(useStore())
const startProcess = useLockProcesses()
let redis: Redis
beforeAll(() => {
  redis = new Redis(inject('redisUrl'))
})
afterAll(() => redis.quit())

const start = (overrides: object = {}) =>
  runtimes.start({ orgLockTtlMs: LONG_MS, enqueueTimeoutMs: 2_000, ...overrides })
const leaseKey = (runtime: Runtime, orgId = 'org') => orgMemoryLeaseKey(runtime.config.redisKeyPrefix, orgId)
const inLine = (runtime: Runtime, count: number) =>
  until(
    () => redis.llen(`${leaseKey(runtime)}:line`),
    (length) => length === count,
  )
const nothingIsLeft = (runtime: Runtime) =>
  until(
    () => redis.exists(leaseKey(runtime), `${leaseKey(runtime)}:line`),
    (count) => count === 0,
  )

/** Takes the lock and keeps it until `release` is called. */
async function hold(runtime: Runtime, orgId = 'org') {
  const taken = Promise.withResolvers<{ signal: AbortSignal; token: number }>()
  const kept = Promise.withResolvers<void>()
  const done = runtime.withOrgMemoryLock(orgId, async ({ signal, fence }) => {
    taken.resolve({ signal, token: fence.token })
    await kept.promise
  })
  done.catch(taken.reject)
  return {
    ...(await taken.promise),
    async release() {
      kept.resolve()
      await done
    },
  }
}

describe('the org-memory lock', () => {
  it('lets one work at a time, of many in many processes, and leaves nothing behind', async () => {
    const runtime = await start()
    const key = `${runtime.config.redisKeyPrefix}:count`
    const processes = await Promise.all([1, 2, 3].map(() => startProcess(runtime.config)))
    for (const one of processes) one.tell({ do: 'count', orgId: 'org', times: 20, key })
    expect(await Promise.all(processes.map((one) => one.heard('counted')))).toEqual(
      [1, 2, 3].map(() => ({ event: 'counted' })),
    )
    expect(await redis.get(key)).toBe('60')
    await nothingIsLeft(runtime)
  })

  it('keeps orgs apart', async () => {
    const runtime = await start()
    const one = await hold(runtime, 'one')
    const other = await hold(runtime, 'two')
    await Promise.all([one.release(), other.release()])
  })

  it('is served in the order of arrival, over processes', async () => {
    const [one, two] = (await Promise.all([start(), start()])) as [Runtime, Runtime]
    const holder = await hold(one)
    const order: number[] = []
    const waiting: Promise<unknown>[] = []
    for (let n = 0; n < 10; n += 1) {
      waiting.push((n % 2 ? one : two).withOrgMemoryLock('org', async () => order.push(n)))
      await inLine(one, n + 1)
    }
    await holder.release()
    await Promise.all(waiting)
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    await nothingIsLeft(one)
  })

  it('passes over who waited in a process that died', async () => {
    const runtime = await start()
    const holder = await hold(runtime)
    const victim = await startProcess(runtime.config)
    victim.tell({ do: 'hold', orgId: 'org' })
    await inLine(runtime, 1)
    const next = hold(runtime)
    await inLine(runtime, 2)
    await victim.kill()
    await holder.release()
    await (await next).release()
    await nothingIsLeft(runtime)
  })

  it('passes over who waited in a process that is frozen, after one lease', async () => {
    const runtime = await start({ orgLockTtlMs: 500 })
    const holder = await hold(runtime)
    const victim = await startProcess(runtime.config)
    victim.tell({ do: 'hold', orgId: 'org' })
    await inLine(runtime, 1)
    const next = hold(runtime)
    await inLine(runtime, 2)
    process.kill(victim.pid, 'SIGSTOP')
    await holder.release()
    const held = await next
    // Awake again, it stands in line like everybody.
    process.kill(victim.pid, 'SIGCONT')
    await inLine(runtime, 1)
    await held.release()
    expect(await victim.heard('held')).toMatchObject({ event: 'held' })
    victim.tell({ do: 'release' })
    expect(await victim.heard('released')).toEqual({ event: 'released' })
    await nothingIsLeft(runtime)
  })

  it('comes free when its holder dies, at the end of the lease', async () => {
    const runtime = await start({ orgLockTtlMs: 500 })
    const victim = await startProcess(runtime.config)
    victim.tell({ do: 'hold', orgId: 'org' })
    await victim.heard('held')
    const next = hold(runtime)
    await inLine(runtime, 1)
    await victim.kill()
    await (await next).release()
  })

  it('is given back by its holder only', async () => {
    const runtime = await start()
    const holder = await hold(runtime)
    await redis.set(leaseKey(runtime), 'another', 'PX', LONG_MS)
    await holder.release()
    expect(await redis.get(leaseKey(runtime))).toBe('another')
  })

  it('ends a wait at its deadline, with nothing left in line', async () => {
    const runtime = await start({ orgLockWaitMs: 100 })
    const holder = await hold(runtime)
    await expect(hold(runtime)).rejects.toMatchObject({ code: 'LOCK_TIMEOUT', retryable: true })
    await inLine(runtime, 0)
    expect(holder.signal.aborted).toBe(false)
    await holder.release()
    await nothingIsLeft(runtime)
  })

  it('ends a wait when its caller gives up, with the caller’s reason', async () => {
    const runtime = await start()
    const holder = await hold(runtime)
    const caller = new AbortController()
    const waiting = runtime.withOrgMemoryLock('org', () => Promise.reject(new Error('ran')), { signal: caller.signal })
    await inLine(runtime, 1)
    caller.abort(new Error('gave up'))
    await expect(waiting).rejects.toThrow('gave up')
    await expect(
      runtime.withOrgMemoryLock('org', () => Promise.reject(new Error('ran')), { signal: caller.signal }),
    ).rejects.toThrow('gave up')
    await inLine(runtime, 0)
    await holder.release()
  })

  it('passes on what its function returns and throws, and is free after both', async () => {
    const runtime = await start()
    expect(await runtime.withOrgMemoryLock('org', async () => 42)).toBe(42)
    await expect(runtime.withOrgMemoryLock('org', () => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    await nothingIsLeft(runtime)
  })

  it.each(['', 'a\0b', '\ud800', 'x'.repeat(10_000)])('refuses an org that cannot be one: %j', async (orgId) => {
    const runtime = await start()
    await expect(hold(runtime, orgId)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
  })
})

describe('taking it again', () => {
  it('inside itself is refused at once, however deep', async () => {
    const runtime = await start()
    const nested = runtime.withOrgMemoryLock('org', () =>
      runtime.withOrgMemoryLock('other', async () => Promise.all([runtime.withOrgMemoryLock('org', async () => 1)])),
    )
    await expect(nested).rejects.toMatchObject({ code: 'LOCK_REENTERED', retryable: false })
    await nothingIsLeft(runtime)
  })

  it('is allowed to what a holder left running, once it is free', async () => {
    const runtime = await start()
    let left = () => Promise.resolve(0)
    await runtime.withOrgMemoryLock('org', async () => {
      left = AsyncResource.bind(() => runtime.withOrgMemoryLock('org', async () => 7))
    })
    expect(await left()).toBe(7)
  })
})

describe('an extraction', () => {
  it('asks the model without the lock, waits for it to commit, and does not count a wait in vain as a try', async () => {
    const model = await startModelServer()
    const settings = { openaiBaseUrl: model.url, embeddingDims: 64, orgLockWaitMs: 200, digestWindowMs: LONG_MS }
    const runtime = await start({ ...settings, digestMaxWaitMs: LONG_MS })
    await runtime.startWorkers(['memory-extraction'])
    const holder = await hold(await start())
    await runtime.memory.recordTurn(turn(1))
    await runtime.memory.extractNow({ orgId: 'org', workstreamId: 'ws', turnId: 'turn-1' })
    const queue = runtime.queues.queue('memory-extraction')
    const [job] = await until(
      () => queue.getDelayed(),
      (jobs) => jobs.length === 1,
    )
    expect(model.requestCount('/chat/completions')).toBe(1)
    expect(job?.attemptsMade).toBe(0)
    expect((await runtime.memory.status({ orgId: 'org' })).turns).toMatchObject({ pending: 1, deadLettered: 0 })
    await holder.release()
    // Unless its time has come already.
    await job?.promote().catch(() => {})
    expect(await untilSettled(runtime, 'org')).toMatchObject({ turns: { extracted: 1 }, memories: 1 })
    await nothingIsLeft(runtime)
    await model.stop()
  })
})

describe('a request whose answer is lost', () => {
  let proxy: Awaited<ReturnType<typeof startTcpProxy>>
  afterEach(() => proxy.stop())

  it('has taken the lock all the same: repeated, it finds its own token', async () => {
    proxy = await startTcpProxy(inject('redisUrl'))
    const runtime = await start({ redisUrl: proxy.url })
    await (await hold(runtime)).release()
    proxy.loseReplies()
    const taking = hold(runtime)
    await until(
      () => redis.exists(leaseKey(runtime)),
      (count) => count === 1,
    )
    proxy.cut()
    proxy.restore()
    const holder = await taking
    expect(holder.signal.aborted).toBe(false)
    await holder.release()
    await nothingIsLeft(runtime)
  })

  it('and who waits on a connection that breaks goes on waiting, and is woken', async () => {
    proxy = await startTcpProxy(inject('redisUrl'))
    const steady = await start()
    const shaky = await start({ redisUrl: proxy.url })
    const holder = await hold(steady)
    const waiting = hold(shaky)
    await inLine(steady, 1)
    proxy.cut()
    await holder.release()
    proxy.restore()
    await (await waiting).release()
    await nothingIsLeft(steady)
  })
})
