import type { Redis } from 'ioredis'

const SCAN_COUNT = 1_000
const UNLINK_BATCH = 500

/** Removes the keys that match a pattern and are meant, in bounded commands; returns how many. Throws what Redis throws. */
export async function unlinkMatching(
  redis: Redis,
  pattern: string,
  isMeant: (key: string) => boolean = () => true,
): Promise<number> {
  let removed = 0
  let cursor = '0'
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT)
    const keys = found.filter(isMeant)
    for (let from = 0; from < keys.length; from += UNLINK_BATCH)
      removed += await redis.unlink(keys.slice(from, from + UNLINK_BATCH))
    cursor = next
  } while (cursor !== '0')
  return removed
}
