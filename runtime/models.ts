import { usageOfFailedCall } from '../shared/ai/answers/answer-usage.ts'
import { createProvider } from '../shared/ai/create-provider.ts'
import type { ModelProvider, ModelUsage } from '../shared/ai/model-provider.ts'
import { observeProvider } from '../shared/ai/observed-provider.ts'
import type { OrgKey } from '../shared/ai/openai/openai-connection.ts'
import { OPENAI_BASE_URL } from '../shared/ai/openai/openai-provider.ts'
import { createProviderHealth, type ProviderHealth } from '../shared/ai/provider-health.ts'
import type { ServerQuirks } from '../shared/ai/server-quirks.ts'
import { countTokens } from '../shared/ai/tokens/token-count.ts'
import { type CachedCompleter, createCachedCompleter } from '../shared/cache/completion-cache.ts'
import { type CachedEmbedder, createCachedEmbedder } from '../shared/cache/embedding-cache.ts'
import { withinDeadline } from '../shared/deadline.ts'
import { limitsOf } from '../shared/limit/model-limits.ts'
import { createModelPacer } from '../shared/limit/model-pacer.ts'
import { createOrgBudget, type OrgBudget, type OrgDailyUsd } from '../shared/memory/org-budget.ts'
import { keepServerQuirk, readServerQuirks } from '../shared/store/models/server-quirks.ts'
import { addToLedger } from '../shared/store/models/usage-ledger.ts'
import type { Foundation } from './foundation.ts'

/** The models, and what keeps their calls few: paced over the fleet, measured, and each answer bought once. */
export type Models = {
  readonly provider: ModelProvider
  readonly embedder: CachedEmbedder
  readonly completer: CachedCompleter
  readonly health: ProviderHealth
  readonly budget: OrgBudget
}

/** What a host knows of its orgs. */
export type OrgAccounts = {
  /** Asked before each request of an org to OPENAI_BASE_URL; the answer is neither stored nor logged. @default none: the setting `openaiApiKey` */
  readonly modelKey?: OrgKey
  /** What an org may spend on models in a day of UTC, where orgs differ; then its turns wait. @default the setting `orgDailyUsd` */
  readonly orgDailyUsd?: OrgDailyUsd
}

/** A question with what is known already costs less than a long wait for it. */
const QUIRKS_TIMEOUT_MS = 1_000

export function createModels(foundation: Foundation, { modelKey, orgDailyUsd }: OrgAccounts): Models {
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
  const quirks = keptQuirks(foundation)
  const provider = health.watch(
    observeProvider(createProvider(config, { pacer, quirks, keyOf: modelKey }), metrics, tracing),
  )
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
    budget: createOrgBudget({ database: foundation.database, clock, config, orgDailyUsd }),
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

/** What servers do without, as all processes have found it out. A store that is away or slow is not waited for. */
function keptQuirks({ database, clock }: Foundation): ServerQuirks {
  return {
    async read(server, model) {
      const quirks = await withinDeadline(
        readServerQuirks(database, clock.now()),
        QUIRKS_TIMEOUT_MS,
        () => new Error('slow'),
      )
      return quirks.filter((one) => one.server === server && one.model === model).map(({ feature }) => feature)
    },
    keep: (server, model, feature) => keepServerQuirk(database, { server, model, feature, foundAt: clock.now() }),
  }
}

/** An answer that was none is paid for as well; no effect carries it into the ledger. Best effort: the failure itself is what counts. */
async function bookFailed({ database, clock, log }: Foundation, orgId: string, task: string, usage: ModelUsage) {
  if (usage.calls === 0) return
  await addToLedger(database, orgId, clock.now(), [{ task, usage }]).catch((error: Error) =>
    log.warn({ error: error.message, task }, 'could not record the cost of a failed call'),
  )
}
