import { setTimeout as wait } from 'node:timers/promises'
import type { Job, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { requestCancel, withdrawCancel } from '../shared/control/cancel-requests.ts'
import { AfterturnError, isAfterturnError } from '../shared/errors.ts'
import type { Producer } from './producer.ts'
import { readJobState } from './state/job-state.ts'

/** Operations on enqueued jobs. Guarantees: every call settles within the enqueue deadline. */
export type Jobs = {
  /**
   * Cancels a job, from any process. A waiting job is removed. A running job is signalled within a second and fails with JOB_CANCELLED, without a retry;
   * whatever its handler has done by then stays. Turns that it was to extract remain pending, and the sweeper wakes them again; a requested index is
   * recorded as JOB_CANCELLED.
   * @throws JOB_UNKNOWN if it has ended or never existed, and nothing was changed. QUEUE_UNKNOWN. REDIS_UNAVAILABLE, with `recorded`
   */
  cancel(input: { queue: string; jobId: string }): Promise<CancelOutcome>
  /**
   * Reports the state of a job and its result, which is kept for RESULT_TTL_SECONDS in a host's queue. With an `orgId`, a job of another org is unknown.
   * @throws JOB_UNKNOWN, QUEUE_UNKNOWN, REDIS_UNAVAILABLE
   */
  status(input: { queue: string; jobId: string; orgId?: string }): Promise<JobStatus>
}

export type JobStatus = {
  readonly state: 'waiting' | 'running' | 'completed' | 'failed'
  /** The attempts that have begun. */
  readonly attempts: number
  readonly enqueuedAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  /** What its handler returned. */
  readonly result?: unknown
  readonly failure: string | null
}

/** `removed`: it never started. `stopped`: it was running and has failed. `told`: it is still running, and has been or will be signalled. */
export type CancelOutcome = 'removed' | 'stopped' | 'told'

type JobsServices = {
  readonly producer: Producer
  readonly redis: Redis
  readonly keyPrefix: string
  readonly timeoutMs: number
  /** Settles in the store the work of a job that has not started; otherwise a sweep would bring the job back. */
  settle(queue: string, payload: unknown): Promise<void>
}

const LOOK_INTERVAL_MS = 50
/** The share of the deadline for which a running job is watched. */
const WATCH_SHARE = 0.8
const NOT_STARTED = ['waiting', 'delayed', 'prioritized', 'waiting-children']

const SETTLED = ['completed', 'failed', 'active']

export function createJobs({ producer, redis, keyPrefix, timeoutMs, settle }: JobsServices): Jobs {
  /** Another process may have opened a queue of the host. */
  const ask = async <Answer>(name: string, question: (queue: Queue) => Promise<Answer>): Promise<Answer> => {
    try {
      return await producer.ask(name, question)
    } catch (error) {
      if (!isAfterturnError(error, 'QUEUE_UNKNOWN') || !(await producer.hostQueues()).includes(name)) throw error
      return producer.ask(name, question)
    }
  }
  return {
    status: ({ queue: name, jobId, orgId }) =>
      ask(name, async (queue) => {
        const job: Job | undefined = await queue.getJob(jobId)
        if (!job || (orgId !== undefined && job.data?.orgId !== orgId)) throw unknown(queue, jobId, undefined)
        const state = await readJobState(queue, jobId)
        return statusOf(job, SETTLED.includes(state) ? state : 'waiting')
      }),
    cancel: ({ queue: name, jobId }) =>
      ask(name, async (queue) => {
        const request = { queue: name, jobId }
        const endMs = performance.now() + timeoutMs * WATCH_SHARE
        for (let isTold = false; ; ) {
          const job: Job | undefined = await queue.getJob(jobId)
          const state = job && (await readJobState(queue, jobId))
          if (job && state && NOT_STARTED.includes(state)) {
            await settle(name, job.data)
            // If it starts at this moment it is locked, and the next poll finds it running.
            const isRemoved = await job.remove().then(
              () => true,
              (error: Error) => {
                if (!error.message.includes('locked')) throw error
                return false
              },
            )
            if (isRemoved) {
              if (isTold) await withdrawCancel(redis, keyPrefix, request)
              return 'removed'
            }
          } else if (!job || state !== 'active') {
            if (isTold) await withdrawCancel(redis, keyPrefix, request)
            // Read the job again: the first copy may be older than the state.
            const ended = isTold ? await queue.getJob(jobId) : undefined
            if (ended?.failedReason?.startsWith('JOB_CANCELLED')) return 'stopped'
            throw unknown(queue, jobId, state)
          } else if (!isTold) {
            await requestCancel(redis, keyPrefix, request)
            isTold = true
          }
          if (performance.now() > endMs) return 'told'
          await wait(LOOK_INTERVAL_MS)
        }
      }),
  }
}

function statusOf(job: Job, state: string): JobStatus {
  const momentOf = (ms: number | undefined) => (ms === undefined ? null : new Date(ms))
  return {
    state: state === 'active' ? 'running' : (state as JobStatus['state']),
    attempts: job.attemptsStarted ?? 0,
    enqueuedAt: new Date(job.timestamp),
    startedAt: momentOf(job.processedOn),
    endedAt: momentOf(job.finishedOn),
    ...(state === 'completed' && { result: job.returnvalue ?? null }),
    failure: state === 'failed' ? (job.failedReason ?? '') : null,
  }
}

function unknown(queue: Queue, jobId: string, state: string | undefined): AfterturnError {
  const found = state === undefined || state === 'unknown' ? 'none' : `one that has ${state}`
  return new AfterturnError(
    'JOB_UNKNOWN',
    `Expected a job of ${queue.name} that waits or runs, and found ${found} with the id ${JSON.stringify(jobId)}.`,
    { recorded: 'no' },
  )
}
