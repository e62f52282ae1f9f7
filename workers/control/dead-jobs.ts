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
import { orgOf } from '../fleet/job-context.ts'

/**
 * Makes dead letters of jobs that failed for good, for contracts whose work is the job itself. Guarantees: each death is one letter, however
 * often it is told; one that no event told is found in the set of failed jobs. Payloads that do not fit their contract are not kept.
 */
export type DeadJobs = {
  /** Keeps the failures of a worker's jobs as they happen. */
  attachTo(worker: Worker): void
  /** Makes the letters that are missing, queue by queue, unless another process has just done it; answers how many. */
  collect(): Promise<number>
}

export type DeadJobsOptions = {
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
/** What a payload may take; ids are shorter. */
const MAX_PAYLOAD_LENGTH = 16_384
/** BullMQ's reason for a job whose workers died too often. */
const STALLED_REASON = 'job stalled more than allowable limit'

/** Keeps dead jobs for those of the contracts whose dead letters are jobs. */
export function createDeadJobs(options: DeadJobsOptions): DeadJobs {
  const { database, redis, contracts, clock, log, queue } = options
  const kept = new Map(
    contracts.filter(({ deadLetters }) => deadLetters === 'jobs').map((contract) => [contract.name, contract]),
  )

  const keep = async (jobs: readonly Job[]) => {
    const letterOfOne = (job: Job) => letterOf(job, queue(job.queueName), kept.get(job.queueName) as AnyQueueContract)
    const letters = await Promise.all(jobs.map(letterOfOne))
    await insertDeadJobs(database, letters)
    // What has no letter now is told by an open one of the same cause: each sweep would read it again.
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
            { queue: worker.name, jobId: job.id, error: failure.message },
            'could not store a dead letter; the sweeper will',
          ),
        )
      })
    },
    async collect() {
      let count = 0
      for (const name of kept.keys()) {
        // Half an interval: the claim must be over when its holder comes again.
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
    payload: fittingPayload(contract, job.data),
    code,
    reason: job.failedReason ?? reason,
    attempts: job.attemptsMade,
    diedAt,
    failedTries: last ? failedTries : [failedTry({ at: diedAt, code, reason })],
  }
}

function fittingPayload(contract: AnyQueueContract, payload: unknown): object | null {
  const { data } = contract.payload.safeParse(payload)
  return storableOrNull(data)
}

/** What is not too long and has no character that the store refuses: a NUL, half a surrogate pair. JSON escapes both. */
function storableOrNull<T extends string | object>(value: T | undefined): T | null {
  const json = JSON.stringify(value ?? null)
  return value !== undefined && json.length <= MAX_PAYLOAD_LENGTH && !/\\u(0000|d[89a-f])/.test(json) ? value : null
}

/** The code of a failure: the error's own, or the one that its message begins with. */
function causeOf(message: string, error?: Error): { code: string; reason: string } {
  if (isAfterturnError(error)) return { code: error.code, reason: message }
  const [, head = '', rest = ''] = /^([A-Z_]+): (.*)$/s.exec(message) ?? []
  if (Object.hasOwn(ERROR_CATALOGUE, head)) return { code: head as ErrorCode, reason: rest }
  return { code: message === STALLED_REASON ? 'WORKER_DIED' : 'UNEXPECTED', reason: message }
}

/** A try as a line of BullMQ's log of the job, which its board shows too. */
const lineOf = ({ at, code, reason }: FailedTry) => `${at} ${code} ${reason}`

function tryOf(line: string): FailedTry[] {
  const [, at, code, reason] = /^(\d{4}-\S+Z) ([A-Z_]+) (.*)$/s.exec(line) ?? []
  return at && code && reason !== undefined ? [{ at, code, reason }] : []
}
