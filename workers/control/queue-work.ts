import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { readDueJobs } from '../../queues/state/due-jobs.ts'

/** Whether a queue has jobs that a free worker would start now: jobs wait or are due, and the queue is neither paused nor full. */
export async function hasWork(queue: Queue, redis: Redis): Promise<boolean> {
  const { due, isBlocked } = await readDueJobs(queue, redis)
  return due > 0 && !isBlocked
}
