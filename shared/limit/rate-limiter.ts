/**
 * Owns what a line of calls is: it hands out slots in time, so that those who wait do not all go at once.
 * Implementations: `shared-line.ts` for the whole fleet, `local-line.ts` for one process while Redis is away; one suite tests both.
 */
export type CallLine = {
  next(call: CallRequest): Promise<CallPermit>
  /** Holds all calls for so long, at least; answers whether no pause was running. */
  pause(pauseMs: number): Promise<boolean>
}

export type CallRequest = {
  /** Tokens that this call is expected to take. */
  readonly tokens: number
  /** What earlier calls took beyond what was expected of them; negative if less. */
  readonly owedTokens: number
  /** The longest wait that is a wait; below zero none is. */
  readonly maxWaitMs: number
  /** Whether the caller has waited for its slot: then the budget has been charged, and only a pause stops it. */
  readonly hasSlot: boolean
}

/** Go after `waitMs`; or, if it is not to go, ask again after `waitMs`. Who is sent away is given a time of its own. */
export type CallPermit = { readonly isGo: boolean; readonly waitMs: number }

/** The least time between two calls that come back after a pause or from being sent away: 20 a second. */
export const MIN_SPACING_MS = 50
