import { count, DAY_SECONDS, flag, oneOf, text, usdPerMillionTokens } from './value-checks.ts'

/** What is kept of what models answered. */
export const cacheSettings = {
  embeddingCacheTtlSeconds: count(1, 365 * DAY_SECONDS)
    .default(30 * DAY_SECONDS)
    .describe('How long an embedding is kept'),
  embeddingCacheMemoryBytes: count(0, 16 * 1_024 ** 3)
    .default(32 * 1_024 * 1_024)
    .describe('What each process keeps of them in its own memory, in front of the cache Redis; 0 for nothing'),
  embeddingCacheFormat: oneOf('float32', 'float16')
    .default('float32')
    .describe('How the cache holds their numbers; `float16` halves its bytes and rounds to three digits'),
  embeddingCacheSharedScope: text
    .optional()
    .describe(
      'A name under which all orgs share their embeddings. Without it each has its own; with it an org can tell by the time whether a text is known, and erasing an org leaves them',
    ),
  embeddingUsdPerMillionTokens: usdPerMillionTokens()
    .default(0.02)
    .describe('What they cost, for the metric of what was saved'),
  completionCache: flag
    .default(false)
    .describe(
      "Whether answers of tasks with temperature 0 are cached too, by org and exact question; they hold users' words",
    ),
  completionCacheTtlSeconds: count(1, 365 * DAY_SECONDS)
    .default(30 * DAY_SECONDS)
    .describe('How long such an answer is kept'),
  completionInputUsdPerMillionTokens: usdPerMillionTokens()
    .default(0.25)
    .describe('What they cost, for the metric of what was saved: tokens of the question'),
  completionOutputUsdPerMillionTokens: usdPerMillionTokens().default(2).describe('… and of the answer'),
}
