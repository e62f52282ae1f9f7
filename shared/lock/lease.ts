import type { Redis } from 'ioredis'
import { type Clock, systemClock } from '../clock.ts'
import { withinDeadline } from '../deadline.ts'
import { AfterturnError, isAfterturnError } from '../errors.ts'
import { loadScript } from '../redis/script.ts'

/**
 * A lease: the right to do one thing for a short time, renewed while it is held. Guarantees: the signal fires before the lease can have
 * ended, by a local monotonic timer that starts before the request is sent. A lease only saves work; the store guards what must not happen
 * twice.
 */
export type Lease = {
  /** Fires before another process can hold the lease. */
  readonly signal: AbortSignal
  /** Throws the signal's reason once the time is up, even if the process was paused and the timer has not fired yet. */
  throwIfLost(): void
  /** Renews now. Throws if the lease is no longer ours, or if Redis cannot confirm it in time. */
  confirm(): Promise<void>
  /** Gives the lease back; if that fails, the lease ends by itself. */
  release(): Promise<void>
}

/** A lease taken by a request that was sent at `sentAtMs`. */
type TakenLease = {
  readonly redis: Redis
  readonly key: string
  readonly token: string
  readonly ttlMs: number
  readonly sentAtMs: number
  readonly clock: Clock
  readonly lossCode: 'LEASE_LOST' | 'LOCK_LOST'
  giveBack(): Promise<unknown>
}

/** Share of the lease's time kept as a margin before its end. */
const SAFETY_MARGIN = 0.1
const RENEWALS_PER_TTL = 3
/** How long a job that lost its lease, or could not take one, yields its worker to other jobs. */
export const RETRY_AFTER_MS = 1_000

const renewLease = loadScript(new URL('./renew-lease.lua', import.meta.url))
const releaseLease = loadScript(new URL('./release-lease.lua', import.meta.url))

/** Takes the lease if it is free, without waiting; returns undefined if it is taken. Its signal fires with LEASE_LOST. */
export async function tryLease(
  redis: Redis,
  key: string,
  ttlMs: number,
  clock: Clock = systemClock,
): Promise<Lease | undefined> {
  const token = crypto.randomUUID()
  const sentAtMs = clock.monotonicMs()
  // A SET that was repeated after a lost reply finds its own token: it succeeded.
  const isTaken = (await redis.set(key, token, 'PX', ttlMs, 'NX')) === 'OK' || (await redis.get(key)) === token
  if (!isTaken) return undefined
  const giveBack = () => releaseLease(redis, [key], [token])
  return holdLease({ redis, key, token, ttlMs, sentAtMs, clock, lossCode: 'LEASE_LOST', giveBack })
}

/** Renews a taken lease until it is released, and watches its time. */
export function holdLease({ redis, key, token, ttlMs, sentAtMs, clock, lossCode, giveBack }: TakenLease): Lease {
  const lost = new AbortController()
  let deadlineMs = 0
  let deadline: NodeJS.Timeout | undefined
  let isReleased = false

  const stop = () => {
    clearInterval(renewal)
    clearTimeout(deadline)
  }
  const lose = (why: string) => {
    stop()
    lost.abort(new AfterturnError(lossCode, `The lease ${key} is lost: ${why}.`, { retryAfterMs: RETRY_AFTER_MS }))
  }
  const expire = () => lose(`it could not be renewed within ${ttlMs} ms`)
  const throwIfLost = () => {
    if (!isReleased && clock.monotonicMs() >= deadlineMs) expire()
    lost.signal.throwIfAborted()
  }
  const holdFrom = (fromMs: number) => {
    deadlineMs = fromMs + ttlMs * (1 - SAFETY_MARGIN)
    clearTimeout(deadline)
    deadline = setTimeout(expire, Math.max(0, deadlineMs - clock.monotonicMs()))
  }
  const renew = async () => {
    const renewedAtMs = clock.monotonicMs()
    const isRenewed = (await renewLease(redis, [key], [token, ttlMs])) === 1
    // The reply may arrive after the release or the end: it must neither start a timer nor report the lease as lost.
    if (isReleased || lost.signal.aborted) return
    if (isRenewed) holdFrom(renewedAtMs)
    else lose('it ended, or Redis lost its data')
  }
  // A renewal that fails is tried again; the deadline decides.
  const renewal = setInterval(() => void renew().catch(() => {}), ttlMs / RENEWALS_PER_TTL)
  holdFrom(sentAtMs)

  const untilDeadline = <T>(promise: Promise<T>) => {
    const late = () =>
      new AfterturnError(lossCode, `The lease ${key}: Redis did not answer in time.`, { retryAfterMs: RETRY_AFTER_MS })
    return withinDeadline(promise, Math.max(0, deadlineMs - clock.monotonicMs()), late)
  }

  return {
    signal: lost.signal,
    throwIfLost,
    async confirm() {
      throwIfLost()
      await untilDeadline(renew()).catch((error) => {
        throw asRedisError(error)
      })
      throwIfLost()
    },
    async release() {
      if (isReleased) return
      isReleased = true
      stop()
      await untilDeadline(giveBack()).catch(() => {})
    },
  }
}

/** Wraps a failure of Redis as REDIS_UNAVAILABLE; an AfterturnError is returned unchanged. */
export function asRedisError(error: unknown): AfterturnError {
  if (isAfterturnError(error)) return error
  const message = `The durable Redis failed: ${(error as Error).message}`
  return new AfterturnError('REDIS_UNAVAILABLE', message, { cause: error, retryAfterMs: RETRY_AFTER_MS })
}
