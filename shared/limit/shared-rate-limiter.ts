import type { Redis } from 'ioredis'
import { loadScript } from '../redis/script.ts'
import { MAX_RETRY_AFTER_MS } from '../retry-after.ts'
import type { CallBudget } from './call-budget.ts'
import { type CallLine, MIN_SPACING_MS } from './rate-limiter.ts'

/**
 * The line of the whole fleet, in Redis. It lives in the durable role: that is always there where jobs run, and never evicts a pause. Its loss
 * costs one burst and the pause, which the provider's next refusal writes anew; no job rests on it.
 */

const NEXT_CALL = loadScript(new URL('./next-permit.lua', import.meta.url))
const PAUSE_CALLS = loadScript(new URL('./pause-calls.lua', import.meta.url))

/** The line under a key. Throws what Redis throws. */
export function createSharedLine(redis: Redis, key: string, budget: CallBudget): CallLine {
  const { callMs, callEarlyMs, tokenMs, tokenEarlyMs } = budget
  return {
    async next({ tokens, owedTokens, maxWaitMs, hasSlot }) {
      const [isGo, waitMs] = (await NEXT_CALL(
        redis,
        [key],
        [
          callMs,
          callEarlyMs,
          tokenMs,
          tokenEarlyMs,
          tokens,
          owedTokens,
          maxWaitMs,
          hasSlot ? 1 : 0,
          MIN_SPACING_MS,
          MAX_RETRY_AFTER_MS,
        ],
      )) as [number, number]
      return { isGo: isGo === 1, waitMs }
    },
    async pause(pauseMs) {
      return (await PAUSE_CALLS(redis, [key], [pauseMs])) === 1
    },
  }
}

/** Until when a line is paused, by the server's clock; undefined when it is not. */
export async function readPausedUntil(redis: Redis, key: string): Promise<Date | undefined> {
  const [until, [seconds]] = await Promise.all([redis.hget(key, 'paused'), redis.time()])
  const untilMs = Number(until ?? 0)
  return untilMs > Number(seconds) * 1_000 ? new Date(untilMs) : undefined
}
