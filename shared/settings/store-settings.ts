import { z } from 'zod'
import { count, databaseUrl, flag, redisUrl, secret } from './value-checks.ts'

/** Where Redis and the database are. */
export const storeSettings = {
  redisUrl: secret(redisUrl).describe('The durable Redis: queues, leases; noeviction'),
  cacheRedisUrl: secret(redisUrl)
    .optional()
    .describe('The cache Redis: allkeys-lru. Unset: each process caches in its own memory only'),
  redisKeyPrefix: z
    .string('a-z, 0-9 and -, at most 40')
    .regex(/^[a-z0-9-]{1,40}$/, 'a-z, 0-9 and -, at most 40')
    .default('afterturn')
    .describe('Prefix of every key; two fleets with different prefixes can share a Redis'),
  allowEvictingRedis: flag
    .default(false)
    .describe('Run queues on a Redis that evicts keys, which loses jobs; for development only'),
  databaseUrl: secret(databaseUrl).describe(
    'PostgreSQL >= 15 with pgvector, or the socket directory of a `store` process',
  ),
  databasePoolSize: count(1, 100).default(8).describe('Connections to the database per process'),
}
