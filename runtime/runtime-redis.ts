import type { Redis } from 'ioredis'
import type { CacheStats } from '../shared/cache/engine/cache-counts.ts'
import { type RoleStats, readRoleStats } from '../shared/redis/redis-stats.ts'
import type { Foundation } from './foundation.ts'
import type { Models } from './models.ts'

/** What a host has of both Redis roles. */
export type RuntimeRedis = {
  /** General commands on the durable role. */
  getConnection(): Redis
  /** For BullMQ workers and queues of the host's own. */
  getConnectionForBullMQ(): Redis
  /** The cache role; undefined when there is none. */
  getCacheConnection(): Redis | undefined
  /** How both roles are: memory, evictions, hits, clients; and what this process's caches have done. A role that is away says so. */
  stats(): Promise<RuntimeRedisStats>
}

export type RuntimeRedisStats = {
  readonly durable: RoleStats
  /** Undefined when there is none. */
  readonly cache: RoleStats | undefined
  readonly embeddings: CacheStats
  readonly completions: CacheStats
}

export function createRuntimeRedis({ config, connections }: Foundation, { embedder, completer }: Models): RuntimeRedis {
  return {
    ...connections,
    async stats() {
      const cacheRedis = connections.getCacheConnection()
      const [durable, cache] = await Promise.all([
        readRoleStats(connections.getConnection(), config.redisKeyPrefix),
        cacheRedis && readRoleStats(cacheRedis, config.redisKeyPrefix),
      ])
      return { durable, cache, embeddings: embedder.stats(), completions: completer.stats() }
    },
  }
}
