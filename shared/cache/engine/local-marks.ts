import { LRUCache } from 'lru-cache'

/**
 * Owns which marks this process has set itself, so that its own invalidations count at once, also in memory, among its flights and while Redis is away.
 * Guarantees: forgetting an old mark (at most `MAX_MARKS` are known) ends more than it must, never less.
 */
export type LocalMarks = {
  /** When, in invalidations of this process, something under these marks was invalidated last; 0 for never. */
  epochOf(markKeys: readonly string[]): number
  /** The number of the newest invalidation. What was read at that time is ended by a later epoch. */
  now(): number
  mark(markKeys: readonly string[]): void
  /** Marks that Redis could not be told of yet: what it holds under them is not to be read. */
  readonly untold: Set<string>
}

/** Of entries of size 1: `max` of the cache would make lists for all of them at once, which takes 1 ms and 200 KB. */
const MAX_MARKS = 10_000

export function createLocalMarks(): LocalMarks {
  let newest = 0
  let forgotten = 0
  const epochs = new LRUCache<string, number>({
    maxSize: MAX_MARKS,
    sizeCalculation: () => 1,
    dispose(epoch, _key, reason) {
      if (reason === 'evict') forgotten = Math.max(forgotten, epoch)
    },
  })
  return {
    epochOf: (markKeys) => {
      let epoch = forgotten
      if (epochs.size > 0) for (const key of markKeys) epoch = Math.max(epoch, epochs.get(key) ?? 0)
      return epoch
    },
    now: () => newest,
    mark(markKeys) {
      newest += 1
      for (const key of markKeys) epochs.set(key, newest)
    },
    untold: new Set(),
  }
}
