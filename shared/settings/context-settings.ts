import { count, DAY_SECONDS, MINUTE_MS } from './value-checks.ts'

/** When conversations are compacted, and how. */
export const contextSettings = {
  contextWindowTokens: count(100, 10_000_000)
    .default(128_000)
    .describe("The window of the app's model; its conversations are kept inside a share of it"),
  contextThresholdPercent: count(1, 100)
    .default(50)
    .describe('A conversation is compacted when it takes this share of the window'),
  contextTailPercent: count(1, 90)
    .default(30)
    .describe('The share of the budget whose newest messages a compaction leaves as they are'),
  contextOffloadTokens: count(100, 10_000_000)
    .default(1_000)
    .describe('A tool output of this many tokens is shown as a pointer once it is older than that'),
  compactionInputTokens: count(500, 10_000_000)
    .default(32_000)
    .describe('What one call of the summarising model is given at most; more is summarised in several'),
  compactionBreakerMs: count(100, DAY_SECONDS * 1_000)
    .default(60 * MINUTE_MS)
    .describe('How long a conversation is left alone whose summaries were rejected twice; it is truncated meanwhile'),
}

/** From how many tokens on a conversation is compacted, and what a compaction has to keep to. */
export function compactFromTokens(config: {
  readonly contextWindowTokens: number
  readonly contextThresholdPercent: number
}): number {
  return Math.max(1, Math.floor((config.contextWindowTokens * config.contextThresholdPercent) / 100))
}
