import type { Redis } from 'ioredis'
import { erasureMarkKey, orgPattern } from './engine/cache-keys.ts'
import { unlinkMatching } from './engine/unlink-matching.ts'

/**
 * Owns how an org's cached results are erased, whatever their kind. Guarantees: what was asked for before is neither there afterwards nor comes back: a
 * write that is on its way finds another mark than it has seen. What orgs share under a name is nobody's to erase, and expires.
 */

/** Longer than the longest call of a model that may be on its way. */
const MARK_TTL_MS = 86_400_000

/** Erases everything cached for an org; returns how many keys that were. Throws what Redis throws. */
export async function eraseCached(redis: Redis, keyPrefix: string, orgId: string): Promise<number> {
  await redis.set(erasureMarkKey(keyPrefix, { orgId }), crypto.randomUUID(), 'PX', MARK_TTL_MS)
  return unlinkMatching(redis, orgPattern(keyPrefix, orgId))
}
