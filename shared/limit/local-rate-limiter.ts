import type { Clock } from '../clock.ts'
import { MAX_RETRY_AFTER_MS } from '../retry-after.ts'
import type { CallBudget } from './call-budget.ts'
import { type CallLine, MIN_SPACING_MS } from './rate-limiter.ts'

/**
 * The line of one process, for the time that Redis is away; the same arithmetic as next-call.lua. It has the whole budget, not a share: without
 * Redis no process starts a job, so what still calls are the jobs in flight and the apps' searches, and a share would starve whoever is alone.
 */
export function createLocalLine(clock: Pick<Clock, 'monotonicMs'>, budget: CallBudget): CallLine {
  let [calls, tokens, paused, resumed, away] = [0, 0, 0, 0, 0]
  return {
    async next({ tokens: ofCall, owedTokens, maxWaitMs, hasSlot }) {
      const now = clock.monotonicMs()
      tokens = Math.max(tokens, now) + owedTokens * budget.tokenMs
      const isPaused = paused > now
      const spacingMs = Math.max(budget.callMs, ofCall * budget.tokenMs, MIN_SPACING_MS)
      let slot = hasSlot ? now : Math.max(now, calls - budget.callEarlyMs, tokens - budget.tokenEarlyMs)
      if (isPaused) slot = Math.max(slot, paused, resumed)
      const isGo = slot - now <= maxWaitMs
      if (isGo) {
        if (!hasSlot && budget.callMs > 0) calls = Math.max(calls, slot) + budget.callMs
        if (!hasSlot && budget.tokenMs > 0) tokens = Math.max(tokens, slot) + ofCall * budget.tokenMs
        if (isPaused) resumed = slot + spacingMs
      } else {
        if (away > slot && away < now + MAX_RETRY_AFTER_MS) slot = away
        away = slot + spacingMs
      }
      return { isGo, waitMs: Math.ceil(slot - now) }
    },
    async pause(pauseMs) {
      const now = clock.monotonicMs()
      const isNew = paused <= now
      paused = Math.max(paused, now + pauseMs)
      return isNew
    },
  }
}
