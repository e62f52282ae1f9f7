import { AsyncResource } from 'node:async_hooks'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../shared/clock.ts'
import { waitForLease } from '../../../shared/lock/fair-lease.ts'
import { createOrgMemoryLock } from '../../../shared/lock/org-memory-lock.ts'
import { createWakeUps } from '../../../shared/lock/wake-ups.ts'
import { orgMemoryLeaseKey } from '../../../shared/redis/keys.ts'
import type { Database } from '../../../shared/store/database.ts'
import { readMemories } from '../../../shared/store/memories/memories.ts'
import {
  advanceFence,
  type Fence,
  fencedTransaction,
  readFenceToken,
} from '../../../shared/store/memories/org-fences.ts'
import { everything, writeFacts } from '../../helpers/memory/memories.ts'
import { useLockProcesses } from '../../helpers/processes/lock-processes.ts'
import { useRuntimes } from '../../helpers/runtime.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { useStore } from '../../helpers/services/store.ts'
import { until } from '../../helpers/until.ts'

const TTL_MS = 600

const runtimes = useRuntimes(useStore())
const startProcess = useLockProcesses()
let server: Awaited<ReturnType<typeof startOwnRedis>>
let redis: Redis
let orgId: string
let orgs = 0
beforeAll(async () => {
  server = await startOwnRedis()
  redis = new Redis(server.url)
})
beforeEach(() => {
  orgs += 1
  orgId = `org-${orgs}`
})
const freeze = () => process.kill(server.pid, 'SIGSTOP')
const thaw = () => process.kill(server.pid, 'SIGCONT')
afterEach(thaw)
afterAll(async () => {
  await redis.quit()
  await server.stop()
})

/** Runs something as if it came from elsewhere: what is held around it is not its own. */
const elsewhere = new AsyncResource('elsewhere')
const outside = <T>(run: () => T): T => elsewhere.runInAsyncScope(run)
const addresses = () => ({ redisUrl: server.url, enqueueTimeoutMs: 2_000 })
const start = (overrides: object = {}) => runtimes.start({ ...addresses(), orgLockTtlMs: TTL_MS, ...overrides })
const fired = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
const write = (database: Database, fence: Fence, fact: string) =>
  fencedTransaction(database, fence, (transaction) => writeFacts(transaction, [fact]))
const facts = async (database: Database) => (await readMemories(database, orgId, everything())).map(({ fact }) => fact)

describe('a Redis that freezes', () => {
  it('is told to the holder before the lease can have ended', async () => {
    // Long enough for its margin, a tenth, to be more than what a busy machine adds to a timer.
    const ttlMs = 3_000
    const runtime = await start({ orgLockTtlMs: ttlMs })
    const { frozenAtMs, firedAtMs } = await runtime.withOrgMemoryLock(orgId, async ({ signal }) => {
      freeze()
      const frozenAtMs = performance.now()
      await fired(signal)
      expect(signal.reason).toMatchObject({ code: 'LOCK_LOST', retryable: true })
      return { frozenAtMs, firedAtMs: performance.now() }
    })
    expect(firedAtMs - frozenAtMs).toBeLessThan(ttlMs)
    expect(firedAtMs - frozenAtMs).toBeGreaterThan(ttlMs / 2)
    // The lock did not wait for Redis to take the lease back.
    expect(performance.now() - firedAtMs).toBeLessThan(ttlMs / 2)
  })

  it('for longer than a lease gives who waits a whole one afterwards', async () => {
    const runtime = await start()
    let next: Promise<boolean> | undefined
    await runtime.withOrgMemoryLock(orgId, async ({ signal }) => {
      next = outside(() => runtime.withOrgMemoryLock(orgId, async (held) => held.signal.aborted))
      await until(
        () => redis.llen(`${orgMemoryLeaseKey(runtime.config.redisKeyPrefix, orgId)}:line`),
        (length) => length === 1,
      )
      freeze()
      await fired(signal)
      // What was asked when the lease would have ended must be older than a lease when it is answered.
      const firedAtMs = performance.now()
      await until(
        () => performance.now() - firedAtMs,
        (ms) => ms > TTL_MS * 1.5,
      )
      thaw()
    })
    expect(await next).toBe(false)
  })

  it('between lease and fence gives no fence: what cannot be checked stops the write', async () => {
    const runtime = await start()
    const { lock, database } = lockOf(runtime.database, {
      async read(org) {
        const token = await readFenceToken(database, org)
        freeze()
        return token
      },
    })
    const before = await readFenceToken(database, orgId)
    await expect(lock(orgId, () => Promise.reject(new Error('ran')))).rejects.toMatchObject({ code: 'LOCK_LOST' })
    expect(await readFenceToken(database, orgId)).toBe(before)
  })

  it('before the lease gives none, inside the deadline', async () => {
    const runtime = await start({ orgLockWaitMs: 200 })
    await runtime.withOrgMemoryLock(orgId, async () => {})
    freeze()
    const ran = runtime.withOrgMemoryLock(orgId, () => Promise.reject(new Error('ran')))
    await expect(ran).rejects.toMatchObject({ code: 'LOCK_TIMEOUT' })
  })
})

it('a holder that was stopped for longer than its lease writes nothing when it wakes up', async () => {
  const runtime = await start()
  const holder = await startProcess(runtime.config)
  holder.tell({ do: 'hold', orgId })
  const held = await holder.heard('held')
  holder.tell({ do: 'write', fact: 'in time' })
  expect(await holder.heard('written')).toEqual({ event: 'written' })
  process.kill(holder.pid, 'SIGSTOP')
  await runtime.withOrgMemoryLock(orgId, async ({ fence }) => {
    expect(fence.token).toBeGreaterThan((held as { token: number }).token)
    await write(runtime.database, fence, 'of the successor')
    // It believes that it still has the lock, and asks for its write at once.
    holder.tell({ do: 'write', fact: 'late' })
    process.kill(holder.pid, 'SIGCONT')
    expect(await holder.heard('written')).toEqual({ event: 'failed', code: 'FENCE_LOST' })
    expect(await holder.heard('aborted')).toEqual({ event: 'aborted', code: 'LOCK_LOST' })
  })
  expect((await facts(runtime.database)).sort()).toEqual(['in time', 'of the successor'])
})

it('a Redis that loses its data while the lock is held lets no older fence write after a newer one', async () => {
  const runtime = await start()
  const { database } = runtime
  const rounds = 4
  let older: Fence | undefined
  const holders: Promise<unknown>[] = []
  const takes = Array.from({ length: rounds }, () => Promise.withResolvers<void>())
  for (const [round, taken] of takes.entries()) {
    const before = older
    holders.push(
      runtime.withOrgMemoryLock(orgId, async ({ fence, signal }) => {
        older = fence
        await write(database, fence, `first of ${round}`)
        if (before) await expect(write(database, before, 'late')).rejects.toMatchObject({ code: 'FENCE_LOST' })
        taken.resolve()
        await fired(signal)
        // Until there is a newer fence this one may write.
        await takes[round + 1]?.promise
        if (round < rounds - 1)
          await expect(write(database, fence, 'late')).rejects.toMatchObject({ code: 'FENCE_LOST' })
      }),
    )
    await taken.promise
    await redis.flushall()
  }
  await Promise.all(holders)
  expect((await facts(database)).sort()).toEqual(['first of 0', 'first of 1', 'first of 2', 'first of 3'])
})

/** A lock over the test's Redis and a runtime's store, whose steps to a fence a test can hold up. */
function lockOf(database: Database, steps: Partial<Parameters<typeof createOrgMemoryLock>[0]['fences']> = {}) {
  const wakeUps = createWakeUps(() => subscriber, `wake-up-${orgId}:`)
  const lock = createOrgMemoryLock({
    hostLock: undefined,
    lease: (org, signal) =>
      waitForLease({
        redis,
        wakeUps,
        clock: systemClock,
        key: orgMemoryLeaseKey('t', org),
        ttlMs: TTL_MS,
        waitMs: 10_000,
        signal,
      }),
    fences: {
      read: (org) => readFenceToken(database, org),
      advance: (org, from) => advanceFence(database, org, from),
      ...steps,
    },
  })
  return { lock, database }
}
let subscriber: Redis
beforeAll(() => {
  subscriber = redis.duplicate()
})
afterAll(() => subscriber.quit())

/** A step that says when it was reached, and goes on when the test lets it. */
function gate() {
  const reached = Promise.withResolvers<void>()
  const open = Promise.withResolvers<void>()
  const pass = async () => {
    reached.resolve()
    await open.promise
  }
  return { pass, reached: reached.promise, open: () => open.resolve() }
}

describe('a holder that is held up between lease and fence', () => {
  it('does not fence out the one after it', async () => {
    const { database } = await start()
    const late = gate()
    const { lock: first } = lockOf(database, {
      async advance(org, from) {
        await late.pass()
        return advanceFence(database, org, from)
      },
    })
    const { lock: second } = lockOf(database)
    const outcome = first(orgId, () => Promise.reject(new Error('ran'))).catch((error) => error)
    await late.reached
    // The end of the first one's lease, as the second one sees it.
    await redis.del(orgMemoryLeaseKey('t', orgId))
    await second(orgId, async ({ fence }) => {
      late.open()
      expect(await outcome).toMatchObject({ code: 'LOCK_LOST' })
      await write(database, fence, 'of the second')
    })
    expect(await facts(database)).toEqual(['of the second'])
  })

  it('and whose fence comes just before the successor’s, is fenced out by it', async () => {
    const { database } = await start()
    const [late, early] = [gate(), gate()]
    const hold = (held: ReturnType<typeof gate>) =>
      lockOf(database, {
        async advance(org, from) {
          await held.pass()
          return advanceFence(database, org, from)
        },
      }).lock
    const first = hold(late)(orgId, async ({ fence }) => {
      early.open()
      await second
      await write(database, fence, 'late')
    }).catch((error) => error)
    await late.reached
    await redis.del(orgMemoryLeaseKey('t', orgId))
    const second: Promise<unknown> = hold(early)(orgId, ({ fence }) => write(database, fence, 'of the second'))
    await early.reached
    late.open()
    await second
    expect((await first).code).toMatch(/^(FENCE|LOCK)_LOST$/)
    expect(await facts(database)).toEqual(['of the second'])
  })
})

describe('a lock of the host’s own', () => {
  const leases = () => redis.keys('*:lease:*')

  it('replaces the lease, and is fenced all the same', async () => {
    let last: Promise<unknown> = Promise.resolve()
    const asked: string[] = []
    const runtime = await start()
    const hosted = await runtimes.start(
      { redisUrl: server.url },
      {
        withWorkspaceMemoryLock(org, fn) {
          asked.push(org)
          last = last.then(fn)
          return last
        },
      },
    )
    const tokens: number[] = []
    const work = () =>
      hosted.withOrgMemoryLock(orgId, async ({ fence, signal }) => {
        expect(await leases()).toEqual([])
        expect(signal.aborted).toBe(false)
        tokens.push(fence.token)
        await write(runtime.database, fence, `by ${fence.token}`)
        return fence.token
      })
    expect(await Promise.all([work(), work(), work()])).toEqual(tokens)
    expect(asked).toEqual([orgId, orgId, orgId])
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b))
    expect(new Set(tokens).size).toBe(3)
    await expect(hosted.withOrgMemoryLock(orgId, work)).rejects.toMatchObject({ code: 'LOCK_REENTERED' })
  })

  it.each([
    ['does not run the function', async () => {}, 'LOCK_UNAVAILABLE'],
    ['fails before it', () => Promise.reject(new Error('no lock today')), 'LOCK_UNAVAILABLE'],
    [
      'throws at once',
      () => {
        throw new Error('no lock today')
      },
      'LOCK_UNAVAILABLE',
    ],
  ] as const)('that %s is a typed error', async (_, withWorkspaceMemoryLock, code) => {
    const runtime = await runtimes.start(addresses(), { withWorkspaceMemoryLock })
    await expect(runtime.withOrgMemoryLock(orgId, async () => 1)).rejects.toMatchObject({ code, retryable: true })
  })

  it.each([
    [
      'runs it twice',
      async (_: string, fn: () => Promise<void>) => {
        await fn()
        await fn()
      },
    ],
    [
      'fails afterwards',
      async (_: string, fn: () => Promise<void>) => {
        await fn()
        throw new Error('too late')
      },
    ],
    [
      'swallows its failure',
      async (_: string, fn: () => Promise<void>) => {
        await fn().catch(() => {})
      },
    ],
  ] as const)('that %s changes nothing of its outcome', async (_, withWorkspaceMemoryLock) => {
    const runtime = await runtimes.start(addresses(), { withWorkspaceMemoryLock })
    let runs = 0
    const run = (outcome: () => Promise<number>) =>
      runtime.withOrgMemoryLock(orgId, () => {
        runs += 1
        return outcome()
      })
    expect(await run(async () => 42)).toBe(42)
    await expect(run(() => Promise.reject(new Error('mine')))).rejects.toThrow('mine')
    expect(runs).toBe(2)
  })
})
