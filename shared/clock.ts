/** Owns time. Everything that asks "when" or waits takes a Clock, so that tests inject both. */
export type Clock = {
  /** The wall clock: what is stored and shown. It may jump; never measure a span with it. */
  now(): Date
  /** Milliseconds on a clock that only goes forward; the base of every deadline. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
}
