import type { Redis } from 'ioredis'
import { cancelRequestKey } from '../redis/keys.ts'

/**
 * Requests to stop jobs that run in other processes: one key a job, which its worker looks for. Guarantees: a request outlives the worker that
 * it was meant for, so that a successor hears it too; it ends by itself. Keys, not messages: nobody needs to listen at the moment it is sent.
 */

/** Long enough for a successor to take the job up; a job that was cancelled and is retried later is not cancelled again. */
const REQUEST_TTL_MS = 3_600_000

type JobName = { readonly queue: string; readonly jobId: string }

export async function requestCancel(redis: Redis, keyPrefix: string, job: JobName): Promise<void> {
  await redis.set(cancelRequestKey(keyPrefix, job.queue, job.jobId), '1', 'PX', REQUEST_TTL_MS)
}

/** The job has ended: the request is of no use any more. */
export async function withdrawCancel(redis: Redis, keyPrefix: string, job: JobName): Promise<void> {
  await redis.del(cancelRequestKey(keyPrefix, job.queue, job.jobId))
}

/** Those of the jobs that are to stop. */
export async function readCancelled<Job extends JobName>(
  redis: Redis,
  keyPrefix: string,
  jobs: readonly Job[],
): Promise<Job[]> {
  const found = await redis.mget(jobs.map(({ queue, jobId }) => cancelRequestKey(keyPrefix, queue, jobId)))
  return jobs.filter((_, index) => found[index] !== null)
}
