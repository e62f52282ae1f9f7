import type { Redis } from 'ioredis'
import type { Producer } from '../../queues/producer.ts'
import type { ModelProvider } from '../../shared/ai/model-provider.ts'
import type { ProviderHealth } from '../../shared/ai/provider-health.ts'
import type { CachedCompleter } from '../../shared/cache/completion-cache.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import type { StreamWakes } from '../../shared/events/stream-wakes.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Tracing } from '../../shared/observe/tracing.ts'
import type { Database } from '../../shared/store/database.ts'

/** What the handler of compactions stands on. */
export type ContextWorkServices = {
  readonly config: Pick<
    Config,
    | 'redisKeyPrefix'
    | 'jobLockMs'
    | 'completionModel'
    | 'contextTailPercent'
    | 'contextOffloadTokens'
    | 'compactionInputTokens'
    | 'compactionBreakerMs'
    | 'retryBackoffMs'
  >
  readonly database: Database
  /** The durable role. */
  readonly redis: Redis
  readonly queues: Pick<Producer, 'ask'>
  readonly provider: Pick<ModelProvider, 'readsPrompts' | 'completionModel' | 'complete' | 'embed'>
  readonly health: Omit<ProviderHealth, 'watch'>
  readonly completer: CachedCompleter
  readonly wakes: Pick<StreamWakes, 'announce'>
  readonly clock: Clock
  readonly log: Log
  readonly tracing: Tracing
}
