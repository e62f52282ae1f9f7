import type { Log } from '../../observe/log.ts'

export type CacheLog = Pick<Log, 'info' | 'warn'>

/** Remembers whether the last attempt failed, and logs only when that changes. */
type CacheHealth = { succeeded(): void; failed(error: unknown): void }

/** `done` says what is tried: the cache cannot be `done`. */
export function createCacheHealth(log: CacheLog, cache: string, done: string): CacheHealth {
  let isFailing = false
  return {
    succeeded() {
      if (isFailing) log.info({ cache }, `The ${cache} cache can be ${done} again`)
      isFailing = false
    },
    failed(error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!isFailing)
        log.warn({ cache, reason }, `The ${cache} cache cannot be ${done}; missing values are bought until it can`)
      isFailing = true
    },
  }
}
