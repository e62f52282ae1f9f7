import { count, DAY_SECONDS, flag, oneOf, text, usdPerMillionTokens } from './value-checks.ts'

/** Caching of model results. */
export const cacheSettings = {
  embeddingCacheTtlSeconds: count(1, 365 * DAY_SECONDS)
    .default(30 * DAY_SECONDS)
    .describe('How long the cache keeps an embedding'),
  embeddingCacheMemoryBytes: count(0, 16 * 1_024 ** 3)
    .default(32 * 1_024 * 1_024)
    .describe('Memory that each process uses for embeddings, in front of the cache Redis; 0 for none'),
  embeddingCacheFormat: oneOf('float32', 'float16')
    .default('float32')
    .describe('Number format of cached embeddings; `float16` halves the bytes and rounds to three digits'),
  embeddingCacheSharedScope: text
    .optional()
    .describe(
      'A name under which all orgs share cached embeddings; unset, each org has its own. When set, an org can infer from response times that another org has embedded a text, and shared embeddings outlive the erasure of an org',
    ),
  contentCacheTtlSeconds: count(0, 365 * DAY_SECONDS)
    .default(3_600)
    .describe(
      'How long cached content is fresh; for the same time again, it is still served if its source fails. 0: concurrent callers share one load and nothing is kept',
    ),
  cacheMemoryBytes: count(0, 16 * 1_024 ** 3)
    .default(32 * 1_024 * 1_024)
    .describe(
      'Memory that each process uses for each kind of cached value: content, tool lists, metadata, tokens; 0 for none',
    ),
  embeddingUsdPerMillionTokens: usdPerMillionTokens()
    .default(0.02)
    .describe('Price of an embedding, for ORG_DAILY_USD and the metric of savings'),
  completionCache: flag
    .default(false)
    .describe(
      "Whether completions with temperature 0 are cached too, by org and exact question; cached answers contain users' words",
    ),
  completionCacheTtlSeconds: count(1, 365 * DAY_SECONDS)
    .default(30 * DAY_SECONDS)
    .describe('How long the cache keeps a completion'),
  completionInputUsdPerMillionTokens: usdPerMillionTokens()
    .default(0.25)
    .describe('Price of completion input, for ORG_DAILY_USD and the metric of savings'),
  completionOutputUsdPerMillionTokens: usdPerMillionTokens()
    .default(2)
    .describe('Price of completion output, for ORG_DAILY_USD and the metric of savings'),
}
