import type { Redis } from 'ioredis'
import pLimit from 'p-limit'
import type { Producer } from '../../queues/producer.ts'
import { DELAYED_SCORE_PER_MS } from './queue-work.ts'

/**
 * Owns jobs that wait for longer than anything makes them wait. BullMQ reckons delays by the clock of the process that asks: one that is hours
 * ahead for a moment leaves a wake-up that sleeps for hours, and absorbs by its key all those that would heal that.
 */

/** Back-off, a provider's wish, a full org and a halted one make a job wait for less. */
const LONGEST_WAIT_MS = 60 * 60_000
/** What is left is found the next time. */
const WOKEN_AT_ONCE = 1_000

const PROMOTED_AT_ONCE = 50

/** Wakes the jobs of a queue of wake-ups that are delayed beyond `maxDelayMs` and every other wait, by the clock of Redis; returns how many. */
export async function wakeFarDelayed(
  producer: Pick<Producer, 'ask'>,
  name: string,
  redis: Redis,
  maxDelayMs: number,
): Promise<number> {
  const [seconds] = await redis.time()
  const lastDueMs = Number(seconds) * 1_000 + Math.max(maxDelayMs, LONGEST_WAIT_MS)
  const beyond = `(${lastDueMs * DELAYED_SCORE_PER_MS}`
  const ids = await producer.ask(name, (queue) =>
    redis.zrangebyscore(queue.toKey('delayed'), beyond, '+inf', 'LIMIT', 0, WOKEN_AT_ONCE),
  )
  // Each has the deadline of a question, however many there are.
  await pLimit(PROMOTED_AT_ONCE).map(ids, (id) =>
    producer.ask(name, async (queue) => {
      // Somebody else may have woken it just now, and a broken one cannot be read.
      const job = await queue.getJob(id).catch(() => undefined)
      await job?.promote().catch(() => {})
    }),
  )
  return ids.length
}
