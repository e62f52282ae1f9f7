import { LRUCache } from 'lru-cache'
import type { ApiKeyRow } from '../store/control/api-keys.ts'
import type { KeyChanges } from './key-changes.ts'

/**
 * Owns what a process remembers of keys, so that not each request asks the store. Guarantees: a key is forgotten when it is announced as changed,
 * and nothing is remembered while announcements may be missed; a row that was read before an announcement is not remembered after it.
 */

type KeyRow = ApiKeyRow & { readonly secretHash: Buffer }

/** Of entries of size 1: `max` of the cache would make lists for all of them at once, which takes 1 ms and 200 KB. */
const MAX_KEYS = 10_000
/** A last resort: announcements come in milliseconds. */
const KNOWN_MS = 10_000

type KnownKeys = {
  get(keyId: string, read: () => Promise<KeyRow | undefined>): Promise<KeyRow | undefined>
}

export function createKnownKeys(changes: KeyChanges): KnownKeys {
  const rows = new LRUCache<string, KeyRow>({ maxSize: MAX_KEYS, sizeCalculation: () => 1, ttl: KNOWN_MS })
  let generation = 0
  changes.onChange((keyId) => {
    generation += 1
    if (keyId === undefined) rows.clear()
    else rows.delete(keyId)
  })
  return {
    async get(keyId, read) {
      if (!changes.isHeard()) return read()
      const found = rows.get(keyId)
      if (found) return found
      const began = generation
      const row = await read()
      // Unknown keys are not remembered: whoever guesses would fill the memory, and a key made later must work at once.
      if (row && began === generation && changes.isHeard()) rows.set(keyId, row)
      return row
    },
  }
}
