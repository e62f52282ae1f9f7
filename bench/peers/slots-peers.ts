import { DelayedError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import { Semaphore } from 'redis-semaphore'
import { systemClock } from '../../shared/clock.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { startFleet } from '../../workers/fleet/fleet.ts'

/** Three ways to serve a queue of many orgs: slots, nothing, and what one builds first: a lock, and back to the queue when it is taken. */

export const CONCURRENCY = 8
export const HOT_LIMIT = 4
export type JobData = { readonly orgId: string; readonly n: number }
export type Place = { readonly redis: Redis; readonly prefix: string; readonly queue: string }

/** Starts workers; answers how to stop them. */
export type Serve = (place: Place, handle: (data: JobData) => Promise<void>) => Promise<() => Promise<void>>

const JOB_LOCK_MS = 30_000
/** A job that found the lock taken looks again after this time, less up to half of it. */
const LOCK_RETRY_MS = 1_000
const DRAIN_MS = 5_000

export const PEERS: Readonly<Record<string, Serve>> = {
  slots: async ({ redis, prefix, queue }, handle) => {
    const worker = {
      queue,
      concurrency: CONCURRENCY,
      processor: async ({ data }: { data: JobData }) => handle(data),
      slots: { key: ({ data }: { data: JobData }) => data.orgId, limit: HOT_LIMIT },
    }
    const options = { connection: redis, keyPrefix: prefix, clock: systemClock, log: silentLog, jobLockMs: JOB_LOCK_MS }
    const fleet = await startFleet([], [worker], options)
    return () => fleet.drain(DRAIN_MS)
  },

  'BullMQ alone': async ({ redis, prefix, queue }, handle) => {
    const worker = new Worker<JobData>(queue, ({ data }) => handle(data), {
      connection: redis,
      prefix,
      concurrency: CONCURRENCY,
    })
    return () => worker.close()
  },

  'lock + moveToDelayed': async ({ redis, prefix, queue }, handle) => {
    const worker = new Worker<JobData>(
      queue,
      async (job, token) => {
        const slot = new Semaphore(redis as never, `${prefix}:${job.data.orgId}`, HOT_LIMIT, {
          acquireAttemptsLimit: 1,
        })
        if (!(await slot.tryAcquire())) {
          await job.moveToDelayed(Date.now() + LOCK_RETRY_MS * (1 - Math.random() / 2), token)
          throw new DelayedError()
        }
        try {
          return await handle(job.data)
        } finally {
          await slot.release()
        }
      },
      { connection: redis, prefix, concurrency: CONCURRENCY },
    )
    return () => worker.close()
  },
}
