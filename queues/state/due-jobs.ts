import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'

/** BullMQ's score of a delayed job: its due time in ms, times this, plus a number that preserves order. */
export const DELAYED_SCORE_PER_MS = 0x1000

/** The number of due jobs of a queue, and whether it is blocked: paused, full or rate-limited. */
export type DueJobs = { readonly due: number; readonly isBlocked: boolean }

/** Counts the jobs of a queue that wait or whose delay is over. A job in line for a slot, and a halted one, is delayed until its turn. */
export async function readDueJobs(queue: Queue, redis: Redis): Promise<DueJobs> {
  const [counts, due, isPaused, isMaxed, rateLimitMs] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized'),
    redis.zcount(queue.toKey('delayed'), '-inf', Date.now() * DELAYED_SCORE_PER_MS),
    queue.isPaused(),
    queue.isMaxed(),
    queue.getRateLimitTtl(),
  ])
  const { waiting = 0, prioritized = 0 } = counts
  return { due: waiting + prioritized + due, isBlocked: isPaused || isMaxed || rateLimitMs > 0 }
}

/** True for a queue with jobs that a free worker would start now: some wait or are due, and the queue is neither paused nor full. */
export async function hasWork(queue: Queue, redis: Redis): Promise<boolean> {
  const { due, isBlocked } = await readDueJobs(queue, redis)
  return due > 0 && !isBlocked
}
