import type { Redis } from 'ioredis'
import { erasureMarkKey, ofOrgs, orgPattern } from './engine/cache-keys.ts'
import { unlinkMatching } from './engine/unlink-matching.ts'

/**
 * Owns how the cached results of orgs are erased, whatever their kind. Guarantees: what was asked for before is neither there afterwards nor comes back: a
 * write that is on its way finds another mark than it has seen. What orgs share under a name is nobody's to erase, and expires.
 */

/** Longer than the longest call of a model that may be on its way. */
const MARK_TTL_MS = 86_400_000

/**
 * Erases everything cached for these orgs, in one walk over the keys however many they are; returns how many keys that were. Throws what Redis throws.
 */
export async function eraseCached(redis: Redis, keyPrefix: string, orgIds: readonly string[]): Promise<number> {
  const markKeys = orgIds.map((orgId) => erasureMarkKey(keyPrefix, { orgId }))
  await Promise.all(markKeys.map((key) => redis.set(key, crypto.randomUUID(), 'PX', MARK_TTL_MS)))
  const [only, ...others] = orgIds
  if (only === undefined) return 0
  if (others.length === 0) return unlinkMatching(redis, orgPattern(keyPrefix, only))
  return unlinkMatching(redis, `${keyPrefix}:*`, ofOrgs(keyPrefix, orgIds))
}
