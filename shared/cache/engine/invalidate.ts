import type { Redis } from 'ioredis'
import type { LocalMarks } from './local-marks.ts'
import { unlinkMatching } from './unlink-matching.ts'

/**
 * Owns how entries are ended before their time. Guarantees: once it has resolved with `reached`, no call that begins later is served what was loaded before:
 * in this process at once, in others once their memory has expired (`memoryTtlMs`). With the cache Redis away it is repeated until it succeeds or this process ends.
 */
export type Invalidation = {
  /** How many keys were removed. */
  readonly deleted: number
  /** Whether the whole fleet knows of it; otherwise this process alone does, and repeats it. */
  readonly reached: boolean
}

type Invalidator = {
  /** Ends everything under a mark; `pattern` finds its keys, to free their memory. Never rejects. */
  invalidate(markKey: string, pattern: string): Promise<Invalidation>
  /** Stops repeating. */
  close(): void
}

const REPEAT_MS = 1_000
/** Marks outlive what was loaded before them by the longest load. */
const LONGEST_LOAD_MS = 3_600_000
const MAX_UNTOLD = 10_000

export function createInvalidator(redis: Redis | undefined, localMarks: LocalMarks, maxLifeMs: number): Invalidator {
  const ttlMs = Math.ceil(maxLifeMs) + LONGEST_LOAD_MS
  let repeating: NodeJS.Timeout | undefined
  const setMark = async (markKey: string) => {
    if (!redis) return true
    return redis.set(markKey, crypto.randomUUID(), 'PX', ttlMs).then(
      () => true,
      () => false,
    )
  }
  const tellRest = async () => {
    for (const markKey of localMarks.untold) {
      if (!(await setMark(markKey))) return
      localMarks.untold.delete(markKey)
    }
    clearInterval(repeating)
    repeating = undefined
  }

  return {
    async invalidate(markKey, pattern) {
      localMarks.mark([markKey])
      if (!(await setMark(markKey))) {
        if (localMarks.untold.size < MAX_UNTOLD) localMarks.untold.add(markKey)
        repeating ??= setInterval(() => void tellRest(), REPEAT_MS).unref()
        return { deleted: 0, reached: false }
      }
      const deleted = redis ? await unlinkMatching(redis, pattern).catch(() => 0) : 0
      return { deleted, reached: true }
    },
    close() {
      clearInterval(repeating)
    },
  }
}
