import type { Redis } from 'ioredis'
import pLimit from 'p-limit'
import type { Producer } from '../../queues/producer.ts'
import { DELAYED_SCORE_PER_MS } from '../../queues/state/due-jobs.ts'

/**
 * Wakes jobs that are delayed for longer than anything legitimately delays them. BullMQ computes delays by the clock of the enqueuing process:
 * if that clock is hours ahead for a moment, the wake-up sleeps for hours, and its key absorbs every later wake-up that would repair this.
 */

/** Longer than back-off, a provider's retry-after, a full org or a halted org delays a job. */
const LONGEST_WAIT_MS = 60 * 60_000
/** The rest is found the next time. */
const WOKEN_AT_ONCE = 1_000

const PROMOTED_AT_ONCE = 50

/** Wakes the jobs of a queue that are delayed beyond `maxDelayMs` and every other wait, by the clock of Redis; returns how many. */
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
  // Each call has its own deadline, however many there are.
  await pLimit(PROMOTED_AT_ONCE).map(ids, (id) =>
    producer.ask(name, async (queue) => {
      // Another process may have just woken it, and a broken job cannot be read.
      const job = await queue.getJob(id).catch(() => undefined)
      await job?.promote().catch(() => {})
    }),
  )
  return ids.length
}
