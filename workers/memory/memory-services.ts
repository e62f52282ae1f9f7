import type { Redis } from 'ioredis'
import type { Producer } from '../../queues/producer.ts'
import type { ModelProvider } from '../../shared/ai/model-provider.ts'
import type { ProviderHealth } from '../../shared/ai/provider-health.ts'
import type { CachedCompleter } from '../../shared/cache/completion-cache.ts'
import type { CachedEmbedder } from '../../shared/cache/embedding-cache.ts'
import type { Clock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import type { StreamWakes } from '../../shared/events/stream-wakes.ts'
import type { WithOrgMemoryLock } from '../../shared/lock/org-memory-lock.ts'
import type { OrgBudget } from '../../shared/memory/org-budget.ts'
import type { Log } from '../../shared/observe/log.ts'
import type { Tracing } from '../../shared/observe/tracing.ts'
import type { Database } from '../../shared/store/database.ts'
import { workstreamStream } from '../../shared/store/events/product-events.ts'
import type { HeldCodes } from '../../shared/store/search-index/held-codes.ts'
import type { WorkstreamKey } from '../../shared/store/turns/workstreams.ts'

/** What the handlers of memory work stand on. */
export type MemoryServices = {
  readonly config: Pick<
    Config,
    | 'completionContextTokens'
    | 'modelOutageMaxMs'
    | 'retryBackoffMs'
    | 'digestWindowMs'
    | 'digestMaxWaitMs'
    | 'redisKeyPrefix'
    | 'sweepIntervalMs'
    | 'jobLockMs'
    | 'compactionBreakerMs'
  >
  readonly database: Database
  readonly heldCodes: HeldCodes
  /** The durable role. */
  readonly redis: Redis
  readonly queues: Pick<Producer, 'ask'>
  readonly provider: ModelProvider
  readonly health: Omit<ProviderHealth, 'watch'>
  readonly embedder: CachedEmbedder
  readonly completer: CachedCompleter
  readonly budget: Pick<OrgBudget, 'refuseWhenSpent'>
  readonly withOrgMemoryLock: WithOrgMemoryLock
  readonly wakes: Pick<StreamWakes, 'announce'>
  readonly clock: Clock
  readonly log: Log
  readonly tracing: Tracing
}

/** Tells who follows a workstream that something about it was committed. */
export function announceWorkstream(
  { wakes }: Pick<MemoryServices, 'wakes'>,
  { orgId, workstreamId }: WorkstreamKey,
): void {
  wakes.announce({ orgId, stream: workstreamStream(workstreamId) })
}

/** The timing of digests, as the store's functions take it. */
export function digestTiming(services: Pick<MemoryServices, 'config' | 'clock'>): {
  now: Date
  windowMs: number
  maxWaitMs: number
} {
  return {
    now: services.clock.now(),
    windowMs: services.config.digestWindowMs,
    maxWaitMs: services.config.digestMaxWaitMs,
  }
}
