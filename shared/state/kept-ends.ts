import { LRUCache } from 'lru-cache'
import type { ChainEnd } from './chain.ts'

/** The newest states that this process has seen, to compare the next ones with. Guarantees: bounded in bytes; the store says whether they are still right. */
export type KeptEnds<Seen> = {
  get(key: string): Kept<Seen> | undefined
  set(key: string, kept: Kept<Seen>): void
  delete(key: string): void
  stats(): { readonly entries: number; readonly bytes: number }
}

/** The end of a chain, and what else was known of its owner. */
export type Kept<Seen> = { readonly end: ChainEnd; readonly seen: Seen }

const ENTRY_BYTES = 500

export function createKeptEnds<Seen>(maxBytes: number): KeptEnds<Seen> {
  const cache = new LRUCache<string, Kept<Seen>>({
    maxSize: Math.max(1, maxBytes),
    sizeCalculation: ({ end }, key) => ENTRY_BYTES + key.length + end.raw.length,
  })
  return {
    get: (key) => cache.get(key),
    set: (key, kept) => void cache.set(key, kept),
    delete: (key) => void cache.delete(key),
    stats: () => ({ entries: cache.size, bytes: cache.calculatedSize }),
  }
}
