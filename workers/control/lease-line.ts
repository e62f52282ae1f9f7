import { setTimeout as wait } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import pLimit from 'p-limit'
import type { Producer } from '../../queues/producer.ts'
import { tryLease } from '../../shared/lock/lease.ts'
import type { JobContext } from '../fleet/job-context.ts'

/**
 * A lease for which jobs wait in line instead of asking again and again. Guarantees: a job that finds the lease taken starts once more, when its holder
 * has ended; one that nobody wakes wakes by itself. Who holds the lease sees how far those in line want it to go, and goes that far for them.
 */
export type LineLease = {
  /** Fires before another process can hold the lease. */
  readonly signal: AbortSignal
  /** The highest rank in line; below every rank when nobody waits. */
  readWantedRank(): Promise<number>
  /** Gives the lease back and wakes those in line: all up to the rank for which the work is done, and the first of the others. */
  end(doneRank?: number): Promise<void>
}

export type LeaseLineServices = {
  readonly config: { readonly jobLockMs: number }
  readonly redis: Redis
  readonly queues: Pick<Producer, 'ask'>
}

/** The rank of a job that wants everything. */
export const LAST_RANK = Number.MAX_SAFE_INTEGER
const NO_RANK = -1
/** A job in line wakes by itself after this time, and up to as much again: its wake-up was lost. */
const FALL_BACK_MS = 300_000
const LINE_TTL_MS = 24 * 3_600_000
const WOKEN_AT_ONCE = 20
const PAGE_ENTRIES = 500
/** A job that has lined up is on its way to BullMQ's delayed jobs. */
const LOOKS = 20
const LOOK_INTERVAL_MS = 50

/** Takes the lease for a job; if it is taken, the job lines up by its rank and goes back to its queue, and this never returns. */
export async function takeLineLease(
  { redis, queues, config }: LeaseLineServices,
  key: string,
  context: JobContext,
  rank = LAST_RANK,
): Promise<LineLease> {
  const line = `${key}:line`
  const entry = `${context.queue} ${context.jobId}`
  let lease = await tryLease(redis, key, config.jobLockMs)
  if (!lease) {
    await redis.multi().zadd(line, rank, entry).pexpire(line, LINE_TTL_MS).exec()
    // The holder may have ended meanwhile, and not have seen this job.
    lease = await tryLease(redis, key, config.jobLockMs)
    if (!lease) return context.delayUntil(new Date(context.clock.now().getTime() + FALL_BACK_MS * (1 + Math.random())))
    await redis.zrem(line, entry)
  }
  const held = lease
  return {
    signal: held.signal,
    async readWantedRank() {
      const [, last] = await redis.zrange(line, '-1', '-1', 'WITHSCORES')
      return last === undefined ? NO_RANK : Number(last)
    },
    async end(doneRank = NO_RANK) {
      await held.release()
      // Nothing is lost with a wake-up: each wakes by itself.
      await wakeLine(redis, queues, line, doneRank).catch((error: Error) =>
        context.log.debug({ error: error.message }, 'those in line were not woken'),
      )
    },
  }
}

async function wakeLine(redis: Redis, queues: Pick<Producer, 'ask'>, line: string, doneRank: number): Promise<void> {
  // Out of the line first: who is woken may line up again at once.
  const wake = async (entry: string) => {
    if ((await redis.zrem(line, entry)) === 0) return
    const [queueName = '', jobId = ''] = entry.split(' ')
    await queues.ask(queueName, (queue) => promoteSoon(queue, jobId))
  }
  let page: string[]
  do {
    page = await redis.zrangebyscore(line, '-inf', doneRank, 'LIMIT', 0, PAGE_ENTRIES)
    await pLimit(WOKEN_AT_ONCE).map(page, wake)
  } while (page.length === PAGE_ENTRIES)
  const [next] = await redis.zrange(line, '0', '0')
  if (next !== undefined) await wake(next)
}

/** Promotes a delayed job, or one that is about to be. */
async function promoteSoon(queue: Queue, jobId: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const job = await queue.getJob(jobId)
    if (!job) return
    const isPromoted = await job.promote().then(
      () => true,
      () => false,
    )
    // In this order: one that ran a moment ago may be delayed by now.
    if (isPromoted || (!(await job.isActive()) && !(await job.isDelayed()))) return
    await wait(LOOK_INTERVAL_MS)
  }
}
