/**
 * What a provider asks before each request: when it may be sent. The one that all processes share is in `shared/limit/`.
 * Guarantees: waits are bounded; a failure of what stands behind it never fails a call.
 */
export type CallPacer = {
  /**
   * Waits for the request's turn; an abort ends the wait with the signal's reason. `texts` is what is sent, asked for only if tokens are counted.
   * @throws MODEL_RATE_LIMITED with `retryAfterMs` when the turn is too far off to wait for.
   */
  enter(model: string, texts: () => readonly string[], signal: AbortSignal | undefined): Promise<CallTurn>
}

export type CallTurn = {
  /** Tells what the provider counted, in tokens of both directions. */
  used(tokens: number): void
  /** Tells that the provider asked for a pause; answers the ms after which this request should come back, which is no earlier. */
  refused(retryAfterMs: number): Promise<number>
}

/** For a provider of one process without a budget: everything goes at once. */
export const UNPACED: CallPacer = {
  enter: async () => ({ used: () => {}, refused: async (retryAfterMs) => retryAfterMs }),
}
