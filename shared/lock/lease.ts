import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'
import { AfterturnError } from '../errors.ts'

/**
 * A lease: the right to do one thing for a short time, renewed while it is held. Guarantees: the signal fires before the lease can have
 * ended, by a local monotonic timer counted from before the request was sent. It saves work; what must not happen twice is guarded by the store.
 */
export type Lease = {
  /** Fires with LEASE_LOST before another process can hold the lease. */
  readonly signal: AbortSignal
  release(): Promise<void>
}

/** How much of the lease's time is kept as a margin before its end. */
const SAFETY_MARGIN = 0.1
const RENEWALS_PER_TTL = 3

const RENEW = readFileSync(new URL('./renew-lease.lua', import.meta.url), 'utf8')
const RELEASE = readFileSync(new URL('./release-lease.lua', import.meta.url), 'utf8')

/** Takes the lease if nobody has it, without waiting; undefined when somebody has. */
export async function tryLease(redis: Redis, key: string, ttlMs: number): Promise<Lease | undefined> {
  const token = crypto.randomUUID()
  const lost = new AbortController()
  let deadline: NodeJS.Timeout | undefined
  let isReleased = false
  const holdFrom = (sentAtMs: number) => {
    clearTimeout(deadline)
    const leftMs = sentAtMs + ttlMs * (1 - SAFETY_MARGIN) - performance.now()
    deadline = setTimeout(
      () => lost.abort(new AfterturnError('LEASE_LOST', `The lease ${key} could not be renewed within ${ttlMs} ms.`)),
      Math.max(0, leftMs),
    )
  }

  const sentAtMs = performance.now()
  // A SET that is repeated after a lost reply finds its own token: that is a success.
  const taken = (await redis.set(key, token, 'PX', ttlMs, 'NX')) === 'OK' || (await redis.get(key)) === token
  if (!taken) return undefined
  holdFrom(sentAtMs)

  const renewal = setInterval(async () => {
    const renewedAtMs = performance.now()
    const isRenewed = await redis.eval(RENEW, 1, key, token, ttlMs).catch(() => undefined)
    // The answer to a renewal may come after the release: it must neither start a timer nor call the lease lost.
    if (isReleased) return
    if (isRenewed === 1 && !lost.signal.aborted) holdFrom(renewedAtMs)
    if (isRenewed === 0)
      lost.abort(new AfterturnError('LEASE_LOST', `The lease ${key} was lost: it ended, or Redis lost its data.`))
  }, ttlMs / RENEWALS_PER_TTL)

  return {
    signal: lost.signal,
    async release() {
      isReleased = true
      clearInterval(renewal)
      clearTimeout(deadline)
      // Not released means it ends by itself.
      await redis.eval(RELEASE, 1, key, token).catch(() => {})
    },
  }
}
