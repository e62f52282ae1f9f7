import { readRoleStats } from '../shared/redis/redis-stats.ts'
import { type BoundStates, bindStates } from '../shared/state/bind-states.ts'
import { type BoundCheckpoints, bindCheckpoints } from '../shared/state/checkpoints/bind-checkpoints.ts'
import { readPoolStats } from '../shared/store/database.ts'
import type { Foundation } from './foundation.ts'

/** What apps write and read of states; the store's own pool serves them. */
export function createStates(foundation: Foundation, enter: <T>(read: () => Promise<T>) => Promise<T>): BoundStates {
  const { config, connections, database } = foundation
  return bindStates({
    ...foundation,
    enter,
    memoryBytes: config.stateMemoryBytes,
    readPool: () => readPoolStats(database),
    async readCacheMemory() {
      const cacheRedis = connections.getCacheConnection()
      const stats = cacheRedis && (await readRoleStats(cacheRedis, config.redisKeyPrefix))
      return stats?.isAnswering ? stats.usedMemoryBytes : undefined
    },
  })
}

/** What adapters of graph frameworks write and read. */
export function createCheckpoints(
  foundation: Foundation,
  enter: <T>(call: () => Promise<T>) => Promise<T>,
): BoundCheckpoints {
  return bindCheckpoints({ ...foundation, enter })
}
