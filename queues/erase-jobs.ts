import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import pLimit from 'p-limit'
import { AfterturnError, isAfterturnError } from '../shared/errors.ts'
import { CATALOG, isQueueName } from './catalog.ts'
import { eraseQueueEvents } from './erase-queue-events.ts'
import { type FoundJob, findJobs } from './find-jobs.ts'
import type { Jobs } from './jobs.ts'
import type { Producer } from './producer.ts'

/**
 * Removes the jobs whose payload names erased data. Guarantees: none is left in any state, neither in the product's queues nor in any
 * host's queue that was ever opened; a running job is cancelled and awaited; each step has the enqueue deadline, the search as a whole has
 * none. If a removed wake-up was needed by later turns too, the sweeper adds it again.
 */
type EraseJobs = (search: JobSearch) => Promise<void>

/** Which jobs to erase. */
type JobSearch = {
  /** The orgs that the payloads in question may name. */
  readonly orgIds: readonly string[]
  /** The smallest part of an org that a payload must name to be erased; queues whose payloads never name it are skipped. */
  readonly part: 'org' | 'workstream' | 'turn'
  /** Decides for each of these jobs, in order, whether it is to be erased. */
  isNamed(jobs: readonly FoundJob[]): Promise<readonly boolean[]>
}

/** Most rounds that still found running jobs; each round waits for them as long as a cancel does. */
const MAX_ROUNDS = 10
const REMOVED_AT_ONCE = 50
/** Return values of BullMQ's removal. */
const LOCKED = 0
const OF_A_SCHEDULER = -8

/** Erases jobs. @throws REDIS_UNAVAILABLE; ERASURE_UNFINISHED when one does not end */
export function createEraseJobs(producer: Producer, jobs: Jobs, redis: Redis): EraseJobs {
  /** Returns whether the job was running. Its worker is then asked to stop, and a later round finds it ended. */
  const eraseOne = async (name: string, jobId: string): Promise<boolean> => {
    const outcome = await producer.ask(name, (queue) => remove(queue, redis, jobId))
    if (outcome !== LOCKED) return false
    await jobs.cancel({ queue: name, jobId }).catch((error) => {
      if (!isAfterturnError(error, 'JOB_UNKNOWN')) throw error
    })
    return true
  }
  const eraseOfQueue = async (name: string, { orgIds, isNamed }: JobSearch): Promise<number> => {
    const ids = new Set<string>()
    for await (const found of findJobs((question) => producer.ask(name, question), redis, searchTextOf(orgIds))) {
      const named = await isNamed(found)
      for (const [index, { id }] of found.entries()) if (named[index]) ids.add(id)
    }
    const ran = await pLimit(REMOVED_AT_ONCE).map([...ids], (jobId) => eraseOne(name, jobId))
    return ran.filter(Boolean).length
  }
  return async (search) => {
    const product = Object.keys(CATALOG).filter((name) => isQueueName(name) && mayName(name, search.part))
    const queueNames = [...product, ...(await producer.hostQueues())]
    let running = 0
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      running = 0
      for (const name of queueNames) running += await eraseOfQueue(name, search)
      if (running > 0) continue
      // Last: a removal is an event too.
      for (const name of queueNames)
        await eraseQueueEvents((question) => producer.ask(name, question), redis, search.isNamed)
      return
    }
    throw new AfterturnError(
      'ERASURE_UNFINISHED',
      `Expected the jobs that name what is erased to end, and ${running} still run.`,
    )
  }
}

/** Removes a job that is not running, with the scheduler that would add it again; returns BullMQ's result. */
async function remove(queue: Queue, redis: Redis, jobId: string): Promise<number> {
  const answer = await queue.remove(jobId)
  if (answer !== OF_A_SCHEDULER) return answer
  const scheduler = await redis.hget(queue.toKey(jobId), 'rjk')
  if (scheduler !== null) await queue.removeJobScheduler(scheduler)
  return queue.remove(jobId)
}

/** Whether payloads of one of the product's queues can name this part of an org. */
function mayName(name: keyof typeof CATALOG, part: JobSearch['part']): boolean {
  const { payload } = CATALOG[name]
  return part === 'org' || !('shape' in payload) || `${part}Id` in (payload.shape as object)
}

/** A text that every payload with this org's id contains, however its JSON is escaped; '' if there is none, or for several orgs. */
function searchTextOf(orgIds: readonly string[]): string {
  const [orgId = '', ...others] = orgIds
  if (others.length > 0) return ''
  const plain = orgId.match(/[\w-]+/g) ?? []
  return plain.reduce((longest, run) => (run.length > longest.length ? run : longest), '')
}
