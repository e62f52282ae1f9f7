import type { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import { AfterturnError } from '../errors.ts'
import { leaseLineKey } from '../redis/keys.ts'
import { loadScript } from '../redis/script.ts'
import { asRedisError, holdLease, type Lease, RETRY_AFTER_MS } from './lease.ts'
import type { WakeUps } from './wake-ups.ts'

/**
 * A lease with a waiting line. Guarantees: first come, first served, across all processes; a waiter is woken, and polls at most once per lease
 * time; dead waiters are skipped; nothing stays in Redis longer than two lease times.
 */

/** Share of a lease's time that taking it may use up. */
const MAX_TAKING_SHARE = 0.5

const lineUp = loadScript(new URL('./lease-line.lua', import.meta.url))

type FairLeaseOptions = {
  readonly redis: Redis
  readonly wakeUps: WakeUps
  readonly clock: Clock
  readonly key: string
  readonly ttlMs: number
  readonly waitMs: number
  /** Ends the wait early; it does not affect the lease once taken. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Waits for a lease and takes it. Its signal fires with LOCK_LOST.
 * @throws LOCK_TIMEOUT after `waitMs`; REDIS_UNAVAILABLE; the signal's reason
 */
export async function waitForLease(options: FairLeaseOptions): Promise<Lease> {
  const { redis, wakeUps, clock, key, ttlMs, waitMs, signal } = options
  const token = wakeUps.newToken()
  const inLine = (action: 'join' | 'leave') =>
    lineUp(redis, [key, leaseLineKey(key)], [action, token, ttlMs]) as Promise<number>
  const giveBack = () => inLine('leave')
  const listener = wakeUps.listen(token)
  const end = Promise.withResolvers<never>()
  end.promise.catch(() => {})
  const orEnd = <T>(step: Promise<T>) => Promise.race([step, end.promise])
  const timer = setTimeout(() => end.reject(timeout(key, `it was not free within ${waitMs} ms`)), waitMs)
  const abort = () => end.reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  try {
    signal?.throwIfAborted()
    await orEnd(wakeUps.ready())
    for (;;) {
      const sentAtMs = clock.monotonicMs()
      const againInMs = await orEnd(inLine('join'))
      if (againInMs < 0) throw timeout(key, 'its line is full')
      if (againInMs > 0) await orEnd(listener.next(againInMs))
      // A slow reply leaves little or nothing of the lease: joining again renews it.
      else if (clock.monotonicMs() - sentAtMs < ttlMs * MAX_TAKING_SHARE)
        return holdLease({ redis, key, token, ttlMs, sentAtMs, clock, lossCode: 'LOCK_LOST', giveBack })
    }
  } catch (error) {
    // A join may still be on its way to Redis; this one follows it. If it is lost, the lease ends by itself.
    giveBack().catch(() => {})
    throw error === signal?.reason ? error : asRedisError(error)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', abort)
    listener.stop()
  }
}

function timeout(key: string, why: string): AfterturnError {
  return new AfterturnError('LOCK_TIMEOUT', `Expected to get the lease ${key}, but ${why}.`, {
    retryAfterMs: RETRY_AFTER_MS,
  })
}
