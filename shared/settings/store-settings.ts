import { z } from 'zod'
import { count, databaseUrl, flag, nodeList, redisUrl, secret, text } from './value-checks.ts'

const GIB = 1_024 ** 3
const KEY_PREFIX = 'a-z, 0-9 and -, at most 40, or the same in braces'

/** Where Redis and the database are. */
export const storeSettings = {
  redisUrl: secret(redisUrl)
    .optional()
    .describe(
      'The durable Redis: queues, leases; noeviction. Unset: turns are recorded and searched, and workers refuse to start',
    ),
  redisSentinels: secret(nodeList)
    .optional()
    .describe(
      'Sentinels that name the durable Redis, `HOST:PORT,HOST:PORT`, or `rediss://USER:PASSWORD@HOST:PORT` for TLS and a login of their own; the login, database and TLS of the servers are those of REDIS_URL or its parts',
    ),
  redisSentinelMaster: text.default('mymaster').describe('The name of the primary, as those sentinels know it'),
  redisCluster: secret(nodeList)
    .optional()
    .describe(
      'Nodes of a cluster that is the durable Redis, as `REDIS_SENTINELS`; the login of the first that has one, or of REDIS_URL, is that of all. Keys lie in the slot of REDIS_KEY_PREFIX, which needs braces',
    ),
  cacheRedisUrl: secret(redisUrl)
    .optional()
    .describe('The cache Redis: allkeys-lru. Unset: each process caches in its own memory only'),
  cacheRedisSentinels: secret(nodeList).optional().describe('As `REDIS_SENTINELS`, for the cache Redis'),
  cacheRedisSentinelMaster: text.default('mymaster').describe('As `REDIS_SENTINEL_MASTER`, for the cache Redis'),
  cacheRedisCluster: secret(nodeList).optional().describe('As `REDIS_CLUSTER`, for the cache Redis'),
  redisCaFile: text
    .optional()
    .describe('A file with the certificates of authorities that are trusted for `rediss://`, beside the usual ones'),
  redisKeyPrefix: z
    .string(KEY_PREFIX)
    .regex(/^(?:[a-z0-9-]{1,40}|\{[a-z0-9-]{1,40}\})$/, KEY_PREFIX)
    .default('afterturn')
    .describe(
      'Prefix of every key; two fleets with different prefixes can share a Redis. On a cluster it stands in braces, and is `{afterturn}` by default',
    ),
  allowEvictingRedis: flag
    .default(false)
    .describe('Run queues on a Redis that evicts keys, which loses jobs; for development only'),
  databaseUrl: secret(databaseUrl).describe(
    'PostgreSQL >= 15 with pgvector, or the socket directory of a `store` process',
  ),
  directDatabaseUrl: secret(databaseUrl)
    .optional()
    .describe('What `migrate` connects to, where DATABASE_URL names a pooler; PostgreSQL itself'),
  databasePoolSize: count(1, 100).default(8).describe('Connections to the database per process'),
  memorySearchMemoryBytes: count(1_024 * 1_024, 64 * GIB)
    .default(128 * 1_024 * 1_024)
    .describe(
      'Codes of memories and turns that each process keeps in memory for search, 136 bytes each; beyond that they are read again for each search',
    ),
}
