import { z } from 'zod'
import { count, databaseUrl, flag, nodeList, redisUrl, secret, text } from './value-checks.ts'

const GIB = 1_024 ** 3
const KEY_PREFIX = 'a-z, 0-9 and -, at most 40, or the same in braces'

/** Where Redis and the database are. */
export const storeSettings = {
  redisUrl: secret(redisUrl)
    .optional()
    .describe(
      'The durable Redis, for queues and leases; it must use noeviction. Unset: turns can be recorded and searched, but workers refuse to start',
    ),
  redisSentinels: secret(nodeList)
    .optional()
    .describe(
      'Sentinels of the durable Redis: `HOST:PORT,HOST:PORT`, or `rediss://USER:PASSWORD@HOST:PORT` if they have their own login and TLS. The login, database and TLS of the servers come from REDIS_URL or its parts',
    ),
  redisSentinelMaster: text.default('mymaster').describe('The name by which REDIS_SENTINELS know the primary'),
  redisCluster: secret(nodeList)
    .optional()
    .describe(
      'Nodes of the cluster that is the durable Redis, written as in `REDIS_SENTINELS`. All nodes use the login of the first one that has one, or of REDIS_URL. Keys lie in the slot of REDIS_KEY_PREFIX, which needs braces',
    ),
  cacheRedisUrl: secret(redisUrl)
    .optional()
    .describe('The cache Redis; it should use allkeys-lru. Unset: each process caches in its own memory only'),
  cacheRedisSentinels: secret(nodeList).optional().describe('Like `REDIS_SENTINELS`, for the cache Redis'),
  cacheRedisSentinelMaster: text.default('mymaster').describe('Like `REDIS_SENTINEL_MASTER`, for the cache Redis'),
  cacheRedisCluster: secret(nodeList).optional().describe('Like `REDIS_CLUSTER`, for the cache Redis'),
  redisCaFile: text
    .optional()
    .describe('A file of CA certificates to trust for `rediss://`, in addition to the usual ones'),
  redisKeyPrefix: z
    .string(KEY_PREFIX)
    .regex(/^(?:[a-z0-9-]{1,40}|\{[a-z0-9-]{1,40}\})$/, KEY_PREFIX)
    .default('afterturn')
    .describe(
      'Prefix of every key; two fleets with different prefixes can share a Redis. On a cluster it is written in braces, `{afterturn}` by default',
    ),
  allowEvictingRedis: flag
    .default(false)
    .describe('Run queues on a Redis that evicts keys, which loses jobs; for development only'),
  databaseUrl: secret(databaseUrl).describe(
    'PostgreSQL >= 15 with pgvector, or the socket directory of a `store` process',
  ),
  directDatabaseUrl: secret(databaseUrl)
    .optional()
    .describe('The PostgreSQL server that `migrate` connects to when DATABASE_URL names a pooler'),
  databasePoolSize: count(1, 100).default(8).describe('Connections to the database per process'),
  memorySearchMemoryBytes: count(1_024 * 1_024, 64 * GIB)
    .default(128 * 1_024 * 1_024)
    .describe(
      'Memory that each process uses to search memories and turns, 136 bytes for each; what does not fit is read again for each search',
    ),
}
