import type { JobType, Queue } from 'bullmq'
import { AfterturnError, isAfterturnError } from '../shared/errors.ts'
import type { Jobs } from './jobs.ts'
import type { Producer } from './producer.ts'

/**
 * Owns how jobs go whose payload names what is erased. Guarantees: none is left, in whatever state; one that runs is cancelled and waited for. A wake-up
 * that later turns needed too is made up for by the sweeper.
 */
export type EraseJobs = (isNamed: (jobs: readonly ErasableJob[]) => Promise<readonly boolean[]>) => Promise<void>

/** What a job may say of whose it is, and when it was enqueued. */
export type ErasableJob = { readonly payload: unknown; readonly enqueuedAt: Date }

const STATES: JobType[] = ['active', 'waiting', 'prioritized', 'delayed', 'waiting-children', 'completed', 'failed']
const PAGE_JOBS = 500
/** Rounds in which something was found: each waits for those that run, for as long as a cancel does. */
const MAX_ROUNDS = 10

/** Erases jobs of these queues. @throws REDIS_UNAVAILABLE; ERASURE_UNFINISHED when one does not end */
export function createEraseJobs(producer: Producer, jobs: Jobs, queueNames: readonly string[]): EraseJobs {
  const eraseOne = async (name: string, jobId: string): Promise<void> => {
    const remove = () => producer.ask(name, async (queue) => (await queue.getJob(jobId))?.remove())
    try {
      await remove()
    } catch (error) {
      // It runs: its worker is told, and the next round finds it ended.
      if (!(error as Error).message.includes('locked')) throw error
      await jobs.cancel({ queue: name, jobId }).catch((failure) => {
        if (!isAfterturnError(failure, 'JOB_UNKNOWN')) throw failure
      })
    }
  }
  return async (isNamed) => {
    let left = 0
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      left = 0
      for (const name of queueNames) {
        const found = await producer.ask(name, (queue) => findJobs(queue, isNamed))
        for (const jobId of found) await eraseOne(name, jobId)
        left += found.length
      }
      if (left === 0) return
    }
    throw new AfterturnError(
      'ERASURE_UNFINISHED',
      `Expected the jobs that name what is erased to end, and ${left} still run.`,
    )
  }
}

async function findJobs(queue: Queue, isNamed: Parameters<EraseJobs>[0]): Promise<string[]> {
  const found: string[] = []
  for (const state of STATES)
    for (let start = 0; ; start += PAGE_JOBS) {
      const page = (await queue.getJobs([state], start, start + PAGE_JOBS - 1)).filter(Boolean)
      if (page.length === 0) break
      const named = await isNamed(page.map((job) => ({ payload: job.data, enqueuedAt: new Date(job.timestamp) })))
      found.push(...page.flatMap((job, index) => (named[index] && job.id ? [job.id] : [])))
      if (page.length < PAGE_JOBS) break
    }
  return found
}
