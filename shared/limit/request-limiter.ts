import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import type { Clock } from '../clock.ts'
import { withinDeadline } from '../deadline.ts'
import type { Log } from '../observe/log.ts'
import { requestRateKey } from '../redis/keys.ts'
import { loadScript } from '../redis/script.ts'

/**
 * Owns how many requests a caller may make, over all processes. Guarantees: an answer within `REDIS_TIMEOUT_MS`; while Redis is away each process
 * counts by itself, with the whole rate.
 */
export type RequestLimiter = {
  take(callerId: string): Promise<RequestPermit>
}

/** `retryAfterMs` is 0 for a request that may run; `remaining` is how many more may come at once. */
type RequestPermit = { readonly isAllowed: boolean; readonly retryAfterMs: number; readonly remaining: number }

type RequestLimiterOptions = {
  readonly redis: () => Redis
  readonly keyPrefix: string
  readonly perMinute: number
  readonly clock: Pick<Clock, 'monotonicMs'>
  readonly log: Log
}

const TAKE = loadScript(new URL('./take-request.lua', import.meta.url))
const MINUTE_MS = 60_000
/** What may come at once after a quiet time. */
const BURST_SHARE = 0.1
const REDIS_TIMEOUT_MS = 100
/** After a failure Redis is left alone for this time: each request would wait for it. */
const AWAY_MS = 2_000
/** Of entries of size 1: `max` of the cache would make lists for all of them at once, which takes 1 ms and 200 KB. */
const MAX_LOCAL_CALLERS = 10_000

export function createRequestLimiter({
  redis,
  keyPrefix,
  perMinute,
  clock,
  log,
}: RequestLimiterOptions): RequestLimiter {
  const everyMs = MINUTE_MS / perMinute
  const burst = Math.max(1, Math.round(perMinute * BURST_SHARE))
  const freeAtMs = new LRUCache<string, number>({ maxSize: MAX_LOCAL_CALLERS, sizeCalculation: () => 1 })
  let awayUntilMs = 0

  const takeLocally = (callerId: string): RequestPermit => {
    const now = clock.monotonicMs()
    const free = Math.max(freeAtMs.get(callerId) ?? 0, now)
    const early = free - now - (burst - 1) * everyMs
    if (early > 0) return { isAllowed: false, retryAfterMs: Math.ceil(early), remaining: 0 }
    freeAtMs.set(callerId, free + everyMs)
    return { isAllowed: true, retryAfterMs: 0, remaining: Math.floor(burst - (free + everyMs - now) / everyMs) }
  }

  return {
    async take(callerId) {
      if (clock.monotonicMs() < awayUntilMs) return takeLocally(callerId)
      try {
        const taking = TAKE(redis(), [requestRateKey(keyPrefix, callerId)], [everyMs, burst])
        const late = () => new Error(`Redis did not answer within ${REDIS_TIMEOUT_MS} ms`)
        const [isAllowed, retryAfterMs, remaining] = (await withinDeadline(taking, REDIS_TIMEOUT_MS, late)) as number[]
        return { isAllowed: isAllowed === 1, retryAfterMs: retryAfterMs ?? 0, remaining: remaining ?? 0 }
      } catch (error) {
        awayUntilMs = clock.monotonicMs() + AWAY_MS
        log.warn({ error: (error as Error).message }, 'each process counts the requests of the API by itself for now')
        return takeLocally(callerId)
      }
    },
  }
}
