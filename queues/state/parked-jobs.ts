import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { parkedKey } from '../../shared/redis/keys.ts'

/** Counts the jobs of a queue that wait for a slot, by slot key, most first. Each such job shows the reason in its progress. */
export async function readParked(queue: Queue): Promise<Map<string, number>> {
  // The producer opens every queue with a connection, not with an address.
  const redis = queue.opts.connection as Redis
  const found = await redis.zrange(
    parkedKey(queue.opts.prefix as string, queue.name),
    '+inf',
    '-inf',
    'BYSCORE',
    'REV',
    'WITHSCORES',
  )
  return new Map(
    Array.from({ length: found.length / 2 }, (_, at) => [found[2 * at] as string, Number(found[2 * at + 1])]),
  )
}
