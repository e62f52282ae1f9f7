import type { Metrics } from '../../observe/metrics.ts'

/** What a cache has done in this process. Each distinct input of a call is one hit, wait or miss. */
export type CacheStats = {
  /** Found in this process. */
  readonly memoryHits: number
  /** Found in Redis. */
  readonly redisHits: number
  /** Not bought, because another call or process was buying it already. */
  readonly waits: number
  /** Bought. */
  readonly misses: number
  /** Frames that were damaged or foreign; each was a miss and is deleted. */
  readonly badFrames: number
  /** Of the answers, those served after their fresh time: while a newer one was loaded, or because its load failed. */
  readonly stale: number
  /** Values not kept, because something under their tags was invalidated or erased while they were loaded. */
  readonly refusedWrites: number
  /** Values returned but not kept, because they are too large. */
  readonly tooLarge: number
  readonly bytesRead: number
  readonly bytesWritten: number
  /** What hits and waits would have cost. */
  readonly savedTokens: number
  readonly savedUsd: number
}

/** The caches as metrics and logs name them. */
export type CacheName = 'embedding' | 'completion' | 'content' | 'tools' | 'metadata' | 'tokens' | 'answers'

/** Where the answer to one input came from. */
export type Source = (typeof SOURCES)[number]

/** How many inputs were answered from where. */
export type FoundCounts = Readonly<Record<Source, number>>

export type CachedCost = { readonly tokens: number; readonly usd: number }

export type CacheCounts = {
  found(found: FoundCounts, saved: CachedCost): void
  badFrames(count: number): void
  stale(): void
  refusedWrites(count: number): void
  tooLarge(): void
  bytes(direction: 'read' | 'written', count: number): void
  stats(): CacheStats
}

const SOURCES = ['memory', 'redis', 'waited', 'bought'] as const
const STAT_OF = { memory: 'memoryHits', redis: 'redisHits', waited: 'waits', bought: 'misses' } as const

/** Counts for one cache, in its stats and in the metrics. */
export function createCacheCounts(cache: CacheName, metrics: Pick<Metrics, 'count'>): CacheCounts {
  const stats = {
    memoryHits: 0,
    redisHits: 0,
    waits: 0,
    misses: 0,
    badFrames: 0,
    stale: 0,
    refusedWrites: 0,
    tooLarge: 0,
    bytesRead: 0,
    bytesWritten: 0,
    savedTokens: 0,
    savedUsd: 0,
  }
  return {
    found(found, { tokens, usd }) {
      for (const source of SOURCES) {
        if (found[source] === 0) continue
        stats[STAT_OF[source]] += found[source]
        metrics.count('afterturn_cache_lookups_total', { cache, source }, found[source])
      }
      if (tokens === 0) return
      stats.savedTokens += tokens
      stats.savedUsd += usd
      metrics.count('afterturn_cache_saved_tokens_total', { cache }, tokens)
      metrics.count('afterturn_cache_saved_usd_total', { cache }, usd)
    },
    badFrames(count) {
      stats.badFrames += count
      metrics.count('afterturn_cache_bad_frames_total', { cache }, count)
    },
    stale() {
      stats.stale += 1
      metrics.count('afterturn_cache_stale_total', { cache })
    },
    refusedWrites(count) {
      stats.refusedWrites += count
      metrics.count('afterturn_cache_refused_writes_total', { cache }, count)
    },
    tooLarge() {
      stats.tooLarge += 1
      metrics.count('afterturn_cache_too_large_total', { cache })
    },
    bytes(direction, count) {
      stats[direction === 'read' ? 'bytesRead' : 'bytesWritten'] += count
      metrics.count('afterturn_cache_bytes_total', { cache, direction }, count)
    },
    stats: () => ({ ...stats }),
  }
}
