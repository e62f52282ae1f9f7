import { setTimeout as wait } from 'node:timers/promises'
import { DelayedError, type Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import pLimit from 'p-limit'
import type { Producer } from '../../queues/producer.ts'
import { tryLease } from '../../shared/lock/lease.ts'
import { leaseLineKey } from '../../shared/redis/keys.ts'
import type { JobContext } from '../fleet/job-context.ts'

/**
 * A lease for which jobs wait in line instead of retrying. Guarantees: a job that finds the lease taken starts once more, when the holder has
 * ended, or by itself if it is not woken. The holder sees up to which rank the waiting jobs want the work done, and does it for them.
 */
type LineLease = {
  /** Fires before another process can hold the lease. */
  readonly signal: AbortSignal
  /** Reads the highest rank in line; below every rank if the line is empty. */
  readWantedRank(): Promise<number>
  /** Gives the lease back and wakes the jobs in line up to the rank for which the work is done, and the first of the others. */
  end(doneRank?: number): Promise<void>
}

type LeaseLineServices = {
  readonly config: { readonly jobLockMs: number }
  readonly redis: Redis
  readonly queues: Pick<Producer, 'ask'>
}

/** The rank of a job that wants everything. */
export const LAST_RANK = Number.MAX_SAFE_INTEGER
const NO_RANK = -1
/**
 * A job in line whose wake-up was lost wakes by itself after one to two times this; the first in line once the lease can have ended. A holder that dies
 * when it was itself the first leaves a line in which nobody is.
 */
const FALL_BACK_MS = 30_000
const FIRST_MARGIN_MS = 500
const LINE_TTL_MS = 24 * 3_600_000
const WOKEN_AT_ONCE = 20
const PAGE_ENTRIES = 500
/** How often to check for a job that has lined up and is on its way to BullMQ's delayed jobs. */
const LOOKS = 20
const LOOK_INTERVAL_MS = 50
const FAILOVER_PAUSES_MS = [250, 500, 1_000, 2_000, 4_000]

/** Takes the lease for a job. If it is taken, the job lines up by its rank and returns to its queue, and this call never returns. */
export async function takeLineLease(
  { redis, queues, config }: LeaseLineServices,
  key: string,
  context: JobContext,
  rank = LAST_RANK,
): Promise<LineLease> {
  const line = leaseLineKey(key)
  const entry = entryOf(context)
  let lease = await tryLease(redis, key, config.jobLockMs)
  try {
    if (!lease) {
      await redis.multi().zadd(line, rank, entry).pexpire(line, LINE_TTL_MS).exec()
      // The holder may have ended in the meantime without seeing this job.
      lease = await tryLease(redis, key, config.jobLockMs)
    }
    if (!lease) {
      // A holder that died wakes nobody: one job notices, so that a long run does not start all of them again and again.
      const [first] = await redis.zrange(line, '0', '0')
      const leaseMs = Math.max(0, await redis.pttl(key))
      const waitMs = first === entry ? leaseMs + FIRST_MARGIN_MS : FALL_BACK_MS
      return await context.delayUntil(new Date(context.clock.now().getTime() + waitMs * (1 + Math.random())))
    }
    // Of this start, or of an earlier one that nobody woke.
    await redis.zrem(line, entry)
  } catch (error) {
    await lease?.release()
    // A start that has lost its job meanwhile, to another or for good, does not stay in line.
    if (!(error instanceof DelayedError)) await throughFailover(() => redis.zrem(line, entry)).catch(() => {})
    throw error
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
      // A lost wake-up loses no work: each job wakes by itself.
      await wakeLine(redis, queues, line, doneRank).catch((error: Error) =>
        context.log.debug(
          { error: error.message },
          'could not wake the jobs in line for a lease; they wake by themselves',
        ),
      )
    },
  }
}

/** Leaves the line in which an earlier start of this job may stand, for a start that has nothing to do and takes no lease. */
export async function leaveLine(
  { redis }: Pick<LeaseLineServices, 'redis'>,
  key: string,
  context: JobContext,
): Promise<void> {
  await redis.zrem(leaseLineKey(key), entryOf(context))
}

function entryOf({ queue, jobId }: JobContext): string {
  return `${queue} ${jobId}`
}

async function wakeLine(redis: Redis, queues: Pick<Producer, 'ask'>, line: string, doneRank: number): Promise<void> {
  const wake = (entry: string) => {
    const [queueName = '', jobId = ''] = entry.split(' ')
    let tries = 0
    return throughFailover(async () => {
      // Remove the job from the line first: once woken, it may line up again at once. A try whose answer was lost may have removed it.
      tries += 1
      if ((await redis.zrem(line, entry)) === 0 && tries === 1) return
      await queues.ask(queueName, (queue) => promoteSoon(queue, jobId))
    })
  }
  let page: string[]
  do {
    page = await throughFailover(() => redis.zrangebyscore(line, '-inf', doneRank, 'LIMIT', 0, PAGE_ENTRIES))
    await pLimit(WOKEN_AT_ONCE).map(page, wake)
  } while (page.length === PAGE_ENTRIES)
  const [next] = await throughFailover(() => redis.zrange(line, '0', '0'))
  if (next !== undefined) await wake(next)
}

/** Tries again for as long as a new primary of Redis may take. */
async function throughFailover<T>(run: () => Promise<T>): Promise<T> {
  for (const pauseMs of FAILOVER_PAUSES_MS) {
    try {
      return await run()
    } catch {
      await wait(pauseMs)
    }
  }
  return run()
}

/** Promotes a job that is delayed or about to be. */
async function promoteSoon(queue: Queue, jobId: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const job = await queue.getJob(jobId)
    if (!job) return
    const isPromoted = await job.promote().then(
      () => true,
      () => false,
    )
    // In this order: a job that was running a moment ago may be delayed by now.
    if (isPromoted || (!(await job.isActive()) && !(await job.isDelayed()))) return
    await wait(LOOK_INTERVAL_MS)
  }
}
