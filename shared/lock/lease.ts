import type { Redis } from 'ioredis'
import { type Clock, systemClock } from '../clock.ts'
import { withinDeadline } from '../deadline.ts'
import { AfterturnError, isAfterturnError } from '../errors.ts'
import { loadScript } from '../redis/script.ts'

/**
 * A lease: the right to do one thing for a short time, renewed while it is held. Guarantees: the signal fires before the lease can have
 * ended, by a local monotonic timer counted from before the request was sent. It saves work; what must not happen twice is guarded by the store.
 */
export type Lease = {
  /** Fires before another process can hold the lease. */
  readonly signal: AbortSignal
  /** Throws the signal's reason once the time is up, also when the process was stopped and the timer has not come to its turn yet. */
  throwIfLost(): void
  /** Renews now. Throws when the lease is not ours any more, or Redis cannot say so in time. */
  confirm(): Promise<void>
  /** Gives the lease back; one that cannot be given back ends by itself. */
  release(): Promise<void>
}

/** A lease that was taken by a request which was sent at `sentAtMs`. */
export type TakenLease = {
  readonly redis: Redis
  readonly key: string
  readonly token: string
  readonly ttlMs: number
  readonly sentAtMs: number
  readonly clock: Clock
  readonly lossCode: 'LEASE_LOST' | 'LOCK_LOST'
  giveBack(): Promise<unknown>
}

/** How much of the lease's time is kept as a margin before its end. */
const SAFETY_MARGIN = 0.1
const RENEWALS_PER_TTL = 3
/** A job that lost its lease, or could not take one, gives its worker to others for so long; it is no failure of its own. */
export const RETRY_AFTER_MS = 1_000

const renewLease = loadScript(new URL('./renew-lease.lua', import.meta.url))
const releaseLease = loadScript(new URL('./release-lease.lua', import.meta.url))

/** Takes the lease if nobody has it, without waiting; undefined when somebody has. Its signal fires with LEASE_LOST. */
export async function tryLease(
  redis: Redis,
  key: string,
  ttlMs: number,
  clock: Clock = systemClock,
): Promise<Lease | undefined> {
  const token = crypto.randomUUID()
  const sentAtMs = clock.monotonicMs()
  // A SET that is repeated after a lost reply finds its own token: that is a success.
  const isTaken = (await redis.set(key, token, 'PX', ttlMs, 'NX')) === 'OK' || (await redis.get(key)) === token
  if (!isTaken) return undefined
  const giveBack = () => releaseLease(redis, [key], [token])
  return holdLease({ redis, key, token, ttlMs, sentAtMs, clock, lossCode: 'LEASE_LOST', giveBack })
}

/** Renews a lease that was taken until it is released, and watches its time. */
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
    // The answer may come after the release or the end: it must neither start a timer nor call the lease lost.
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

/** A failure of Redis as the catalogue knows it; what the catalogue knows is returned as it came. */
export function asRedisError(error: unknown): AfterturnError {
  if (isAfterturnError(error)) return error
  const message = `The durable Redis did not do its part: ${(error as Error).message}`
  return new AfterturnError('REDIS_UNAVAILABLE', message, { cause: error, retryAfterMs: RETRY_AFTER_MS })
}
