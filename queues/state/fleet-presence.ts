import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { fleetKey } from '../../shared/redis/keys.ts'

/**
 * The number of workers that serve each queue, and of jobs that they run at once. Each process announces itself by the clock of Redis, for a while: the
 * list of clients, which some managed servers do not give, is not needed.
 */

/** The workers of one queue. */
type QueuePresence = { readonly workers: number; readonly slots: number }

const ALIVE_MS = 30_000
const RENEWED_EVERY_MS = 10_000
const MS_PER_SECOND = 1_000

/** Says that this process serves queues, until it is stopped. A failure is repaired by the next time. */
export function announcePresence(
  redis: Redis,
  keyPrefix: string,
  served: readonly { readonly queue: string; readonly concurrency: number }[],
): { stop(): Promise<void> } {
  const id = randomUUID()
  const memberOf = (concurrency: number) => `${id} ${concurrency}`
  const announce = async () => {
    const nowMs = await redisTimeMs(redis)
    const pipeline = redis.pipeline()
    for (const { queue, concurrency } of served) {
      const key = fleetKey(keyPrefix, queue)
      pipeline.zadd(key, nowMs + ALIVE_MS, memberOf(concurrency)).pexpire(key, 2 * ALIVE_MS)
      pipeline.zremrangebyscore(key, '-inf', nowMs)
    }
    await pipeline.exec()
  }
  let announcing = announce().catch(() => {})
  const timer = setInterval(() => {
    announcing = announcing.then(announce).catch(() => {})
  }, RENEWED_EVERY_MS).unref()
  return {
    async stop() {
      clearInterval(timer)
      // Redis may be away: what was announced ends by itself.
      const leave = async () => {
        await announcing
        const pipeline = redis.pipeline()
        for (const { queue, concurrency } of served) pipeline.zrem(fleetKey(keyPrefix, queue), memberOf(concurrency))
        await pipeline.exec()
      }
      if (redis.status === 'ready') await leave().catch(() => {})
    },
  }
}

/** Reads who serves a queue now. */
export async function readPresence(redis: Redis, keyPrefix: string, queue: string): Promise<QueuePresence> {
  const members = await redis.zrange(fleetKey(keyPrefix, queue), `(${await redisTimeMs(redis)}`, '+inf', 'BYSCORE')
  const slots = members.reduce((sum, member) => sum + Number(member.split(' ')[1]), 0)
  return { workers: members.length, slots }
}

async function redisTimeMs(redis: Redis): Promise<number> {
  const [seconds] = await redis.time()
  return Number(seconds) * MS_PER_SECOND
}
