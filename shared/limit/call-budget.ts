/**
 * Owns what a budget is in time: the spacing of calls, and how early they may be after a quiet time (GCRA, https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm).
 * Guarantees: in no span of `windowMs`, wherever it begins, are there more calls than the provider allows in it; tokens by at most one call more.
 */
export type CallBudget = {
  readonly callMs: number
  readonly callEarlyMs: number
  readonly tokenMs: number
  readonly tokenEarlyMs: number
}

export type CallLimits = {
  readonly callsPerMinute: number | undefined
  readonly tokensPerMinute: number | undefined
  /** The span over which the provider counts. */
  readonly windowMs: number
}

const MINUTE_MS = 60_000
/** What may come at once after a quiet time. The rest is the steady rate: a provider's window that holds both is not exceeded. */
const BURST_SHARE = 0.05

/** A budget of zeros bounds nothing. */
export function createCallBudget({ callsPerMinute, tokensPerMinute, windowMs }: CallLimits): CallBudget {
  const calls = spacing(callsPerMinute, windowMs)
  const tokens = spacing(tokensPerMinute, windowMs)
  return { callMs: calls.everyMs, callEarlyMs: calls.earlyMs, tokenMs: tokens.everyMs, tokenEarlyMs: tokens.earlyMs }
}

function spacing(perMinute: number | undefined, windowMs: number): { everyMs: number; earlyMs: number } {
  if (perMinute === undefined) return { everyMs: 0, earlyMs: 0 }
  const perWindow = (perMinute * windowMs) / MINUTE_MS
  const everyMs = windowMs / (perWindow * (1 - BURST_SHARE))
  return { everyMs, earlyMs: Math.max(0, perWindow * BURST_SHARE - 1) * everyMs }
}
