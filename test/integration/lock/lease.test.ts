import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { tryLease } from '../../../shared/lock/lease.ts'
import { startOwnRedis } from '../../helpers/services/redis-server.ts'
import { until } from '../../helpers/until.ts'

const TTL_MS = 600

let server: Awaited<ReturnType<typeof startOwnRedis>>
let redis: Redis
let other: Redis
let keys = 0
const newKey = () => `lease:${++keys}`
const freeze = () => process.kill(server.pid, 'SIGSTOP')
const thaw = () => process.kill(server.pid, 'SIGCONT')

beforeAll(async () => {
  server = await startOwnRedis()
  redis = new Redis(server.url)
  other = new Redis(server.url)
  await Promise.all([redis.ping(), other.ping()])
})
afterEach(() => {
  thaw()
  vi.restoreAllMocks()
})
afterAll(async () => {
  await Promise.all([redis.quit(), other.quit()])
  await server.stop()
})

const fired = (signal: AbortSignal) =>
  new Promise<number>((resolve) => {
    if (signal.aborted) resolve(performance.now())
    else signal.addEventListener('abort', () => resolve(performance.now()), { once: true })
  })

describe('a lease', () => {
  it('has one holder of many that try, and another when it is given back', async () => {
    const key = newKey()
    const leases = await Promise.all(Array.from({ length: 20 }, (_, n) => tryLease(n % 2 ? redis : other, key, TTL_MS)))
    const held = leases.filter((lease) => lease !== undefined)
    expect(held).toHaveLength(1)
    await held[0]?.release()
    const next = await tryLease(other, key, TTL_MS)
    expect(next).toBeDefined()
    await next?.release()
    expect(await redis.exists(key)).toBe(0)
  })

  it('outlives its time to live while it is held', async () => {
    const key = newKey()
    const lease = await tryLease(redis, key, 150)
    const renewals = vi.spyOn(redis, 'evalsha')
    await until(
      () => renewals.mock.calls.length,
      (count) => count >= 6,
    )
    expect(lease?.signal.aborted).toBe(false)
    expect(await tryLease(other, key, 150)).toBeUndefined()
    await lease?.release()
  })

  it('is given back by its holder only', async () => {
    const key = newKey()
    const lost = await tryLease(redis, key, TTL_MS)
    await redis.del(key)
    const successor = await tryLease(other, key, TTL_MS)
    await lost?.release()
    expect(await redis.exists(key)).toBe(1)
    expect(successor?.signal.aborted).toBe(false)
    await successor?.release()
  })

  it('fires before its time is over when Redis is frozen', async () => {
    const sentAtMs = performance.now()
    const lease = await tryLease(redis, newKey(), TTL_MS)
    freeze()
    const firedAtMs = await fired((lease as NonNullable<typeof lease>).signal)
    expect(firedAtMs - sentAtMs).toBeLessThan(TTL_MS)
    expect(firedAtMs - sentAtMs).toBeGreaterThan(TTL_MS / 2)
    expect(lease?.signal.reason).toMatchObject({ code: 'LEASE_LOST', retryable: true })
    thaw()
    await lease?.release()
  })

  it('that took longer to get than it lasts is lost at once', async () => {
    freeze()
    const taking = tryLease(redis, newKey(), 100)
    // The lease's whole time has to pass while nothing answers.
    const frozenSinceMs = performance.now()
    await until(
      () => performance.now() - frozenSinceMs,
      (ms) => ms > 100,
    )
    thaw()
    const lease = await taking
    await fired((lease as NonNullable<typeof lease>).signal)
    await lease?.release()
  })

  it('fires when Redis loses its data, and when somebody else has it', async () => {
    const lease = await tryLease(redis, newKey(), TTL_MS)
    await other.flushall()
    await fired((lease as NonNullable<typeof lease>).signal)
    expect(lease?.signal.reason).toMatchObject({ code: 'LEASE_LOST' })
    await lease?.release()

    const key = newKey()
    const stolen = await tryLease(redis, key, TTL_MS)
    await other.set(key, 'another')
    await fired((stolen as NonNullable<typeof stolen>).signal)
    await stolen?.release()
    expect(await redis.get(key)).toBe('another')
  })

  it('given back while a renewal is under way is not lost, and leaves no timer', async () => {
    const lease = await tryLease(redis, newKey(), TTL_MS)
    const renewals = vi.spyOn(redis, 'evalsha')
    freeze()
    await until(
      () => renewals.mock.calls.length,
      (count) => count === 1,
    )
    const releasing = lease?.release()
    const timers = vi.spyOn(globalThis, 'setTimeout')
    thaw()
    await releasing
    await redis.ping()
    expect(lease?.signal.aborted).toBe(false)
    // The lease's own timers run for at most its time; others of this process, as those of a reconnecting client, are not its.
    expect(timers.mock.calls.filter(([, delayMs]) => Number(delayMs) > 1 && Number(delayMs) <= TTL_MS)).toEqual([])
  })

  it('whose holder died ends by itself', async () => {
    const key = newKey()
    await redis.set(key, 'dead', 'PX', 100, 'NX')
    expect(await tryLease(redis, key, TTL_MS)).toBeUndefined()
    const lease = await until(
      () => tryLease(other, key, TTL_MS),
      (taken) => taken !== undefined,
    )
    await lease?.release()
  })
})
