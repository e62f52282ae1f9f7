import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import pLimit from 'p-limit'
import { AfterturnError, isAfterturnError } from '../shared/errors.ts'
import { CATALOG, isQueueName } from './catalog.ts'
import { type FoundJob, findJobs } from './find-jobs.ts'
import type { Jobs } from './jobs.ts'
import type { Producer } from './producer.ts'

/**
 * Owns how jobs go whose payload names what is erased. Guarantees: none is left, in whatever state, in the product's queues and in every queue of a host
 * that was ever opened; one that runs is cancelled and waited for; each step has the enqueue deadline, the search as a whole has none. A wake-up that
 * later turns needed too is made up for by the sweeper.
 */
export type EraseJobs = (search: JobSearch) => Promise<void>

/** Which jobs to erase. */
export type JobSearch = {
  /** The orgs that payloads may name. */
  readonly orgIds: readonly string[]
  /** The smallest part of an org that a payload must name to be erased; queues whose payloads never do are passed over. */
  readonly part: 'org' | 'workstream' | 'turn'
  /** Which of these jobs go, in order. */
  isNamed(jobs: readonly FoundJob[]): Promise<readonly boolean[]>
}

/** Rounds in which something ran: each waits for those that run, for as long as a cancel does. */
const MAX_ROUNDS = 10
const REMOVED_AT_ONCE = 50
/** BullMQ's answers to a removal. */
const LOCKED = 0
const OF_A_SCHEDULER = -8

/** Erases jobs. @throws REDIS_UNAVAILABLE; ERASURE_UNFINISHED when one does not end */
export function createEraseJobs(producer: Producer, jobs: Jobs, redis: Redis): EraseJobs {
  /** Whether it ran; then its worker is told, and a later look finds it ended. */
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
      if (running === 0) return
    }
    throw new AfterturnError(
      'ERASURE_UNFINISHED',
      `Expected the jobs that name what is erased to end, and ${running} still run.`,
    )
  }
}

/** Removes a job that does not run, with the scheduler that would add it again; returns BullMQ's answer. */
async function remove(queue: Queue, redis: Redis, jobId: string): Promise<number> {
  const answer = await queue.remove(jobId)
  if (answer !== OF_A_SCHEDULER) return answer
  const scheduler = await redis.hget(queue.toKey(jobId), 'rjk')
  if (scheduler !== null) await queue.removeJobScheduler(scheduler)
  return queue.remove(jobId)
}

/** Whether a payload of one of the product's queues has the id of such a part of an org. */
function mayName(name: keyof typeof CATALOG, part: JobSearch['part']): boolean {
  const { payload } = CATALOG[name]
  return part === 'org' || !('shape' in payload) || `${part}Id` in (payload.shape as object)
}

/**
 * A text that every payload with this org's id contains, however a client's JSON escapes the id; '' if there is none, or several orgs.
 */
function searchTextOf(orgIds: readonly string[]): string {
  const [orgId = '', ...others] = orgIds
  if (others.length > 0) return ''
  const plain = orgId.match(/[\w-]+/g) ?? []
  return plain.reduce((longest, run) => (run.length > longest.length ? run : longest), '')
}
