import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'

const SETS = ['completed', 'failed', 'delayed', 'prioritized', 'waiting-children'] as const

type JobState = (typeof SETS)[number] | 'active' | 'waiting' | 'unknown'

/**
 * Reads where a job is, however many wait: BullMQ's own way looks through the list of those that wait, which takes milliseconds of Redis from 100,000 on. A job
 * that exists and is nowhere else waits.
 */
export async function readJobState(queue: Queue, jobId: string): Promise<JobState> {
  const reading = (queue.opts.connection as Redis).multi()
  for (const set of SETS) reading.zscore(queue.toKey(set), jobId)
  reading.lpos(queue.toKey('active'), jobId)
  reading.exists(queue.toKey(jobId))
  const answers = (await reading.exec())?.map(([error, answer]) => {
    if (error) throw error
    return answer
  })
  const [place, exists] = answers?.slice(SETS.length) ?? []
  const set = SETS.find((_, at) => answers?.[at] != null)
  return set ?? (place != null ? 'active' : exists === 1 ? 'waiting' : 'unknown')
}
