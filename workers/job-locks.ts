import { AfterturnError } from '../shared/errors.ts'

/**
 * Owns the BullMQ locks of one worker's running jobs: renews them and knows when each may have ended. Guarantees: a run hears LEASE_LOST
 * before another worker can have its job, by a local monotonic timer counted from before the last successful request was sent. BullMQ's own
 * renewal only emits an event, and only once Redis answers: an attempt ran on for seconds beside its successor.
 */
export type JobLocks = {
  /** Keeps a job's lock from now on; one that was taken long ago is renewed before this answers. */
  hold(jobId: string, token: string, lockedAtMs: number | undefined, onLost: LossListener): Promise<JobLock>
  /** Renews nothing any more: what still runs loses its lock, so that another worker takes it up. */
  stop(): void
}

export type JobLock = { release(): void }
type LossListener = (reason: AfterturnError) => void

/** How much of a lock's time is kept as a margin before its end. */
const SAFETY_MARGIN = 0.1
const RENEWALS_PER_LOCK = 3
/** A job that comes with less than this share of its time does not start on it. */
const LEAST_SHARE_AT_START = 0.5

type Held = { readonly jobId: string; readonly onLost: LossListener; deadline: NodeJS.Timeout }

export type JobLocksOptions = {
  readonly lockMs: number
  /** Renews the locks of jobs by their tokens; answers the ids of those that are not ours any more. */
  extend(jobIds: string[], tokens: string[], lockMs: number): Promise<string[]>
}

export function createJobLocks({ lockMs, extend }: JobLocksOptions): JobLocks {
  const held = new Map<string, Held>()

  const deadlineFrom = (sentAtMs: number, onLost: LossListener) => {
    const leftMs = sentAtMs + lockMs * (1 - SAFETY_MARGIN) - performance.now()
    return setTimeout(() => onLost(lost(`its lock could not be renewed within ${lockMs} ms`)), Math.max(0, leftMs))
  }

  async function renew(): Promise<void> {
    const tokens = [...held.keys()]
    if (tokens.length === 0) return
    const sentAtMs = performance.now()
    const jobIds = tokens.map((token) => (held.get(token) as Held).jobId)
    // No answer is no renewal; the deadlines go on.
    const lostIds = await extend(jobIds, tokens, lockMs).catch(() => undefined)
    if (!lostIds) return
    for (const [index, token] of tokens.entries()) {
      const job = held.get(token)
      // The answer may come after the job has ended.
      if (!job) continue
      clearTimeout(job.deadline)
      if (lostIds.includes(jobIds[index] as string)) job.onLost(lost('Redis does not know its lock any more'))
      else job.deadline = deadlineFrom(sentAtMs, job.onLost)
    }
  }

  let isRenewing = false
  const renewal = setInterval(async () => {
    // A frozen connection keeps what is sent: one renewal is enough to wait for.
    if (isRenewing) return
    isRenewing = true
    await renew()
    isRenewing = false
  }, lockMs / RENEWALS_PER_LOCK).unref()

  return {
    async hold(jobId, token, lockedAtMs, onLost) {
      let fromMs = lockedAtMs ?? Number.NEGATIVE_INFINITY
      if (performance.now() - fromMs > lockMs * LEAST_SHARE_AT_START) {
        fromMs = performance.now()
        const lostIds = await extend([jobId], [token], lockMs).catch(() => [jobId])
        if (lostIds.length > 0) onLost(lost('it was waited for so long that its lock ended'))
      }
      held.set(token, { jobId, onLost, deadline: deadlineFrom(fromMs, onLost) })
      return {
        release() {
          clearTimeout(held.get(token)?.deadline)
          held.delete(token)
        },
      }
    },
    stop() {
      clearInterval(renewal)
      for (const { deadline } of held.values()) clearTimeout(deadline)
      held.clear()
    },
  }
}

function lost(how: string): AfterturnError {
  return new AfterturnError('LEASE_LOST', `The job is not this worker's any more: ${how}.`)
}
