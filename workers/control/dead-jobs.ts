import type { Job, Queue, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { AnyQueueContract } from '../../queues/define-queue.ts'
import type { Clock } from '../../shared/clock.ts'
import { ERROR_CATALOGUE, type ErrorCode, isAfterturnError } from '../../shared/errors.ts'
import type { Log } from '../../shared/observe/log.ts'
import { type DeadJob, findUnkeptJobs, insertDeadJobs } from '../../shared/store/control/dead-letters.ts'
import type { Database } from '../../shared/store/database.ts'
import { claimPeriodicTask } from '../../shared/store/periodic-tasks.ts'
import type { FailedTry } from '../../shared/store/schema.ts'
import { failedTry, MAX_KEPT_TRIES } from '../../shared/store/turns/failed-tries.ts'
import { orgOf, ownersOf } from '../fleet/job-context.ts'

/**
 * Makes dead letters of jobs that failed for good, for contracts whose work is the job itself. Guarantees: each final failure makes one letter,
 * however often it is reported; a failure without an event is found in the set of failed jobs.
 */
export type DeadJobs = {
  /** Records the failures of a worker's jobs as they happen. */
  attachTo(worker: Worker): void
  /** Makes missing letters, queue by queue, unless another process has just done so; returns how many. */
  collect(): Promise<number>
}

type DeadJobsOptions = {
  readonly database: Database
  readonly redis: Redis
  readonly clock: Clock
  /** How often `collect` is called. */
  readonly collectEveryMs: number
  readonly contracts: readonly AnyQueueContract[]
  readonly log: Log
  queue(name: string): Queue
}

const COLLECTED_AT_ONCE = 200
/** The longest JSON of a payload that is kept; ids are shorter. */
const MAX_PAYLOAD_LENGTH = 16_384
/** BullMQ's failure reason for a job whose workers died too often. */
const STALLED_REASON = 'job stalled more than allowable limit'

/** Creates the dead letters of those contracts whose dead letters are jobs. */
export function createDeadJobs(options: DeadJobsOptions): DeadJobs {
  const { database, redis, contracts, clock, log, queue } = options
  const kept = new Map(
    contracts.filter(({ deadLetters }) => deadLetters === 'jobs').map((contract) => [contract.name, contract]),
  )

  const keep = async (jobs: readonly Job[]) => {
    const letterOfOne = (job: Job) => letterOf(job, queue(job.queueName), kept.get(job.queueName) as AnyQueueContract)
    const letters = await Promise.all(jobs.map(letterOfOne))
    await insertDeadJobs(database, letters)
    // A job that still has no letter is covered by an open letter with the same cause; kept, it would be read again by each sweep.
    for (const [name, of] of Map.groupBy(letters, (letter) => letter.queue))
      for (const id of await findUnkeptJobs(database, name, of)) await queue(name).remove(id)
  }
  const onFailed = async (job: Job, error: Error) => {
    await job.log(lineOf(failedTry({ at: clock.now(), ...causeOf(error.message, error) })))
    if (job.finishedOn !== undefined) await keep([job])
  }
  const collectQueue = async (name: string): Promise<number> => {
    const failed = await redis.zrange(queue(name).toKey('failed'), '0', '-1', 'WITHSCORES')
    const deaths = Array.from({ length: failed.length / 2 }, (_, index) => ({
      jobId: failed[2 * index] as string,
      diedAt: new Date(Number(failed[2 * index + 1])),
    }))
    const unkept = deaths.length === 0 ? [] : await findUnkeptJobs(database, name, deaths)
    for (let start = 0; start < unkept.length; start += COLLECTED_AT_ONCE) {
      const page = unkept.slice(start, start + COLLECTED_AT_ONCE)
      const jobs = await Promise.all(page.map((id) => queue(name).getJob(id)))
      await keep(jobs.filter((job): job is Job => job?.finishedOn !== undefined && job.failedReason !== undefined))
    }
    return unkept.length
  }

  return {
    attachTo(worker) {
      if (!kept.has(worker.name)) return
      worker.on('failed', (job, error) => {
        if (!job) return
        onFailed(job as Job, error).catch((failure: Error) =>
          log.warn(
            { queue: worker.name, jobId: job.id, ...ownersOf(job as Job), error: failure.message },
            'could not store a dead letter; the sweeper will',
          ),
        )
      })
    },
    async collect() {
      let count = 0
      for (const name of kept.keys()) {
        // Half an interval: the claim must have ended when its holder returns.
        const isMine = await claimPeriodicTask(database, `dead-jobs:${name}`, clock.now(), options.collectEveryMs / 2)
        if (isMine) count += await collectQueue(name)
      }
      return count
    },
  }
}

async function letterOf(job: Job, queue: Queue, contract: AnyQueueContract): Promise<DeadJob> {
  const { logs } = await queue.getJobLogs(job.id as string, -MAX_KEPT_TRIES)
  const diedAt = new Date(job.finishedOn as number)
  const failedTries = logs.flatMap(tryOf)
  const last = failedTries.at(-1)
  const { code, reason } = last ?? causeOf(job.failedReason ?? '')
  return {
    queue: job.queueName,
    jobId: job.id as string,
    orgId: storableOrNull(orgOf(job)),
    payload: keptPayload(contract, job.data),
    code,
    reason: job.failedReason ?? reason,
    attempts: job.attemptsMade,
    diedAt,
    failedTries: last ? failedTries : [failedTry({ at: diedAt, code, reason })],
  }
}

/** What does not fit is kept too: the program that made it may be newer, and can replay it. */
function keptPayload(contract: AnyQueueContract, payload: unknown): object | null {
  const { data } = contract.payload.safeParse(payload)
  return storableOrNull(data ?? (typeof payload === 'object' && payload !== null ? payload : undefined))
}

/** Returns the value unless it is too long or has a character that the store refuses: NUL or a lone surrogate, which JSON escapes. */
function storableOrNull<T extends string | object>(value: T | undefined): T | null {
  const json = JSON.stringify(value ?? null)
  return value !== undefined && json.length <= MAX_PAYLOAD_LENGTH && !/\\u(0000|d[89a-f])/.test(json) ? value : null
}

/** Returns the code of a failure: the error's own, or the one at the start of its message. */
function causeOf(message: string, error?: Error): { code: string; reason: string } {
  if (isAfterturnError(error)) return { code: error.code, reason: message }
  const [, head = '', rest = ''] = /^([A-Z_]+): (.*)$/s.exec(message) ?? []
  if (Object.hasOwn(ERROR_CATALOGUE, head)) return { code: head as ErrorCode, reason: rest }
  return { code: message === STALLED_REASON ? 'WORKER_DIED' : 'UNEXPECTED', reason: message }
}

/** Formats an attempt as a line of BullMQ's job log, which its board shows too. */
const lineOf = ({ at, code, reason }: FailedTry) => `${at} ${code} ${reason}`

function tryOf(line: string): FailedTry[] {
  const [, at, code, reason] = /^(\d{4}-\S+Z) ([A-Z_]+) (.*)$/s.exec(line) ?? []
  return at && code && reason !== undefined ? [{ at, code, reason }] : []
}
