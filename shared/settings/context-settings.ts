import { count, DAY_SECONDS, MINUTE_MS } from './value-checks.ts'

/** When conversations are compacted, and how. */
export const contextSettings = {
  contextWindowTokens: count(100, 10_000_000)
    .default(128_000)
    .describe("Context window of the app's model; conversations are kept inside a share of it"),
  contextThresholdPercent: count(1, 100)
    .default(50)
    .describe('Share of the window at which a conversation is compacted'),
  contextTailPercent: count(1, 90)
    .default(30)
    .describe('Share of the budget reserved for the newest messages, which a compaction leaves unchanged'),
  contextOffloadTokens: count(100, 10_000_000)
    .default(1_000)
    .describe('Size at which a tool output older than the tail is replaced by a pointer'),
  compactionInputTokens: count(500, 10_000_000)
    .default(32_000)
    .describe('Largest input of one summarising call; longer text takes several calls'),
  compactionBreakerMs: count(100, DAY_SECONDS * 1_000)
    .default(60 * MINUTE_MS)
    .describe('How long a conversation is truncated instead of summarised after a summary was rejected twice'),
}

/** The size in tokens from which a conversation is compacted, and below which a compaction must bring it. */
export function compactFromTokens(config: {
  readonly contextWindowTokens: number
  readonly contextThresholdPercent: number
}): number {
  return Math.max(1, Math.floor((config.contextWindowTokens * config.contextThresholdPercent) / 100))
}
