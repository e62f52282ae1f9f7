import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'

/** BullMQ's score of a delayed job: its due time in ms, times this, plus a number that preserves order. */
export const DELAYED_SCORE_PER_MS = 0x1000

/** Whether a queue has jobs that a free worker would start now: jobs wait or are due, and the queue is neither paused nor full. */
export async function hasWork(queue: Queue, redis: Redis): Promise<boolean> {
  const [counts, due, isPaused, isMaxed, rateLimitMs] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized'),
    redis.zcount(queue.toKey('delayed'), '-inf', Date.now() * DELAYED_SCORE_PER_MS),
    queue.isPaused(),
    queue.isMaxed(),
    queue.getRateLimitTtl(),
  ])
  const { waiting = 0, prioritized = 0 } = counts
  return waiting + prioritized + due > 0 && !isPaused && !isMaxed && rateLimitMs <= 0
}
