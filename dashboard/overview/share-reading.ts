import type { Clock } from '../../shared/clock.ts'

/**
 * Shares one reading among all who ask within a time: fifty tabs that refresh cost the store what one does. A reading that failed is not kept.
 * @param keptMs how long a reading is given again
 */
export function shareReading<Value>(read: () => Promise<Value>, clock: Clock, keptMs: number): () => Promise<Value> {
  let kept: { readonly value: Promise<Value>; readonly untilMs: number } | undefined
  return () => {
    if (kept && clock.monotonicMs() < kept.untilMs) return kept.value
    const value = read()
    const own = { value, untilMs: clock.monotonicMs() + keptMs }
    kept = own
    value.catch(() => {
      if (kept === own) kept = undefined
    })
    return value
  }
}
