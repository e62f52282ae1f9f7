import type { Redis } from 'ioredis'
import { createLoadedCache, type LoadedCache, type LoadedCacheOptions } from '../../shared/cache/engine/loaded-cache.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { createMetrics } from '../../shared/observe/metrics.ts'

/** A loaded cache as one process has it: its own memory, a Redis that it shares. */
export function createTestCache(redis: Redis | undefined, options: Partial<LoadedCacheOptions> = {}): LoadedCache {
  return createLoadedCache({
    cache: 'content',
    redis,
    keyPrefix: 'test',
    life: { freshMs: 60_000, revalidateMs: 10_000, staleIfErrorMs: 60_000 },
    memoryBytes: 1e6,
    log: silentLog,
    metrics: createMetrics(),
    ...options,
  })
}

/** A clock whose spans a test sets. */
export function createTestClock() {
  let nowMs = 1_000_000
  let wallMs = Date.now()
  return {
    now: () => new Date(wallMs),
    monotonicMs: () => nowMs,
    advance(ms: number) {
      nowMs += ms
      wallMs += ms
    },
    jump(ms: number) {
      wallMs += ms
    },
  }
}
