import { usageOfFailedCall } from '../shared/ai/answers/answer-usage.ts'
import { createProvider } from '../shared/ai/create-provider.ts'
import type { ModelProvider, ModelUsage } from '../shared/ai/model-provider.ts'
import { observeProvider } from '../shared/ai/observed-provider.ts'
import { OPENAI_BASE_URL } from '../shared/ai/openai/openai-provider.ts'
import { createProviderHealth, type ProviderHealth } from '../shared/ai/provider-health.ts'
import { countTokens } from '../shared/ai/tokens/token-count.ts'
import { type CachedCompleter, createCachedCompleter } from '../shared/cache/completion-cache.ts'
import { type CachedEmbedder, createCachedEmbedder } from '../shared/cache/embedding-cache.ts'
import { limitsOf } from '../shared/limit/model-limits.ts'
import { createModelPacer } from '../shared/limit/model-pacer.ts'
import { addToLedger } from '../shared/store/models/usage-ledger.ts'
import type { Foundation } from './foundation.ts'

/** The models, and what keeps their calls few: paced over the fleet, measured, and each answer bought once. */
export type Models = {
  readonly provider: ModelProvider
  readonly embedder: CachedEmbedder
  readonly completer: CachedCompleter
  readonly health: ProviderHealth
}

export function createModels(foundation: Foundation): Models {
  const { config, connections, clock, log, metrics, tracing } = foundation
  const pacer = createModelPacer({
    redis: connections.getConnectionForProducers(),
    keyPrefix: config.redisKeyPrefix,
    baseUrl: config.openaiBaseUrl ?? OPENAI_BASE_URL,
    limits: limitsOf(config),
    maxWaitMs: config.modelMaxWaitMs,
    countTokens,
    clock,
    log,
    metrics,
  })
  const health = createProviderHealth(clock, log)
  const provider = health.watch(observeProvider(createProvider(config, pacer), metrics, tracing))
  const caching = {
    redis: connections.getCacheConnection(),
    keyPrefix: config.redisKeyPrefix,
    provider,
    log,
    metrics,
  }
  return {
    provider,
    health,
    embedder: createCachedEmbedder({
      ...caching,
      ttlSeconds: config.embeddingCacheTtlSeconds,
      memoryBytes: config.embeddingCacheMemoryBytes,
      format: config.embeddingCacheFormat,
      sharedScope: config.embeddingCacheSharedScope,
      usdPerMillionTokens: config.embeddingUsdPerMillionTokens,
    }),
    completer: createCachedCompleter({
      ...caching,
      isEnabled: config.completionCache,
      ttlSeconds: config.completionCacheTtlSeconds,
      inputUsdPerMillionTokens: config.completionInputUsdPerMillionTokens,
      outputUsdPerMillionTokens: config.completionOutputUsdPerMillionTokens,
      failed: (orgId, task, error) => bookFailed(foundation, orgId, task, usageOfFailedCall(error)),
    }),
  }
}

/** An answer that was none is paid for as well; no effect carries it into the ledger. Best effort: the failure itself is what counts. */
async function bookFailed({ database, clock, log }: Foundation, orgId: string, task: string, usage: ModelUsage) {
  if (usage.calls === 0) return
  await addToLedger(database, orgId, clock.now(), [{ task, usage }]).catch((error: Error) =>
    log.warn({ error: error.message, task }, 'could not record the cost of a failed call'),
  )
}
