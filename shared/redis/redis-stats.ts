import type { Redis } from 'ioredis'
import { processOfClient } from './connection-catalogue.ts'

/** Owns what a Redis says of itself. It asks INFO and CLIENT LIST, and changes nothing. */

/** What INFO says; a field is undefined where a managed service hides it. */
export type RedisFacts = {
  readonly version: string
  readonly evictionPolicy: string | undefined
  readonly usedMemoryBytes: number
  /** Undefined while there is no limit. */
  readonly maxMemoryBytes: number | undefined
  /** Since the server started, as the next two. */
  readonly evictedKeys: number
  readonly hits: number
  readonly misses: number
  readonly clients: number
  readonly isClusterNode: boolean
}

/** A role's Redis at one moment, or why it cannot be told. */
export type RoleStats =
  | (RedisFacts & {
      readonly isAnswering: true
      /** The part of the keys looked up that were there; undefined before the first. */
      readonly hitRate: number | undefined
      /** How many clients each process of the fleet has, and `other`; undefined where this login may not ask. */
      readonly clientsByProcess: Readonly<Record<string, number>> | undefined
    })
  | { readonly isAnswering: false; readonly reason: string }

/** The part of its limit from which on a durable Redis is told of: it evicts nothing, so when it is full, jobs are refused. */
export const FULL_WARNING_RATIO = 0.8

/** The part of its limit that a Redis uses; undefined without a limit. */
export function memoryRatioOf({
  usedMemoryBytes,
  maxMemoryBytes,
}: Pick<RedisFacts, 'usedMemoryBytes' | 'maxMemoryBytes'>): number | undefined {
  return maxMemoryBytes === undefined ? undefined : usedMemoryBytes / maxMemoryBytes
}

/** Asks a server what it is. Throws what Redis throws. */
export async function readRedisFacts(redis: Redis): Promise<RedisFacts> {
  const info = await redis.info()
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  const count = (name: string) => Number(field(name) ?? 0)
  return {
    version: field('redis_version') ?? '0',
    evictionPolicy: field('maxmemory_policy'),
    usedMemoryBytes: count('used_memory'),
    maxMemoryBytes: count('maxmemory') || undefined,
    evictedKeys: count('evicted_keys'),
    hits: count('keyspace_hits'),
    misses: count('keyspace_misses'),
    clients: count('connected_clients'),
    isClusterNode: field('cluster_enabled') === '1',
  }
}

/** Asks a role's server how it is. Never rejects. */
export async function readRoleStats(redis: Redis, keyPrefix: string): Promise<RoleStats> {
  try {
    const [facts, clientsByProcess] = await Promise.all([
      readRedisFacts(redis),
      // A login may be allowed less than this; the rest is told all the same.
      countClients(redis, keyPrefix).catch(() => undefined),
    ])
    const lookups = facts.hits + facts.misses
    return { isAnswering: true, ...facts, hitRate: lookups > 0 ? facts.hits / lookups : undefined, clientsByProcess }
  } catch (error) {
    return { isAnswering: false, reason: (error as Error).message }
  }
}

async function countClients(redis: Redis, keyPrefix: string): Promise<Record<string, number>> {
  const list = (await redis.client('LIST')) as string
  const counts = new Map<string, number>()
  for (const [, name = ''] of list.matchAll(/ name=(\S*)/g)) {
    const process = processOfClient(name, keyPrefix) ?? 'other'
    counts.set(process, (counts.get(process) ?? 0) + 1)
  }
  return Object.fromEntries([...counts].sort())
}
