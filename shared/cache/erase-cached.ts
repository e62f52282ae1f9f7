import type { Redis } from 'ioredis'
import { cacheKeyPrefix, erasureMarkKey } from './cache-keys.ts'

/**
 * Owns how an org's cached results are erased. Guarantees: what was asked for before is neither there afterwards nor comes back: a write that is on
 * its way finds another mark than it has seen. What orgs share under a name is nobody's to erase, and expires.
 */

/** Longer than the longest call of a model that may be on its way. */
const MARK_TTL_MS = 86_400_000
const SCAN_COUNT = 1_000

/** Erases all that is cached for an org; answers how many keys that were. Throws what Redis throws. */
export async function eraseCached(redis: Redis, keyPrefix: string, orgId: string): Promise<number> {
  await redis.set(erasureMarkKey(keyPrefix, { orgId }), crypto.randomUUID(), 'PX', MARK_TTL_MS)
  let erased = 0
  for (const kind of ['emb', 'cmp'] as const) {
    let cursor = '0'
    do {
      const match = `${cacheKeyPrefix(keyPrefix, kind, { orgId })}*`
      const [next, keys] = await redis.scan(cursor, 'MATCH', match, 'COUNT', SCAN_COUNT)
      if (keys.length > 0) erased += await redis.unlink(...keys)
      cursor = next
    } while (cursor !== '0')
  }
  return erased
}
