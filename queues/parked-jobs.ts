import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { parkedKey } from '../shared/redis/keys.ts'

/** How many jobs of a queue wait for a slot, by the key whose slots are taken; those with the most first. Each shows why in its progress. */
export async function readParked(queue: Queue): Promise<Map<string, number>> {
  // The producer opens every queue on a connection, not on its address.
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
