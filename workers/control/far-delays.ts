import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { DELAYED_SCORE_PER_MS } from './queue-work.ts'

/**
 * Owns jobs that wait for longer than anything makes them wait. BullMQ reckons delays by the clock of the process that asks: one that is hours
 * ahead for a moment leaves a wake-up that sleeps for hours, and absorbs by its key all those that would heal that.
 */

/** Back-off, a provider's wish, a full org and a halted one make a job wait for less. */
const LONGEST_WAIT_MS = 60 * 60_000
/** What is left is found the next time. */
const WOKEN_AT_ONCE = 1_000

/** Wakes the jobs of a queue of wake-ups that are delayed beyond `maxDelayMs` and every other wait, by the clock of Redis; answers how many. */
export async function wakeFarDelayed(queue: Queue, redis: Redis, maxDelayMs: number): Promise<number> {
  const [seconds] = await redis.time()
  const lastDueMs = Number(seconds) * 1_000 + Math.max(maxDelayMs, LONGEST_WAIT_MS)
  const beyond = `(${lastDueMs * DELAYED_SCORE_PER_MS}`
  const ids = await redis.zrangebyscore(queue.toKey('delayed'), beyond, '+inf', 'LIMIT', 0, WOKEN_AT_ONCE)
  for (const id of ids) {
    const job = await queue.getJob(id)
    // Somebody else may have woken it just now.
    await job?.promote().catch(() => {})
  }
  return ids.length
}
