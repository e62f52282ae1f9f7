import { AfterturnError } from '../../shared/errors.ts'

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
/** A job whose lock is older than this share of its time is renewed before it starts. With the time to the next look it is below the margin. */
const MAX_AGE_SHARE_AT_START = 0.5

type Held = {
  readonly jobId: string
  readonly onLost: LossListener
  /** When the last request that is known to have locked it was sent. */
  lockedAtMs: number
  deadline?: NodeJS.Timeout
}

export type JobLocksOptions = {
  readonly lockMs: number
  /** Renews the locks of jobs by their tokens; answers the ids of those that are not ours any more. */
  extend(jobIds: string[], tokens: string[], lockMs: number): Promise<string[]>
}

export function createJobLocks({ lockMs, extend }: JobLocksOptions): JobLocks {
  const held = new Map<string, Held>()

  const arm = (job: Held) => {
    clearTimeout(job.deadline)
    const leftMs = job.lockedAtMs + lockMs * (1 - SAFETY_MARGIN) - performance.now()
    const lose = () => job.onLost(lost(`its lock could not be renewed within ${lockMs} ms`))
    job.deadline = setTimeout(lose, Math.max(0, leftMs))
  }

  async function renew(): Promise<void> {
    const sentAtMs = performance.now()
    const jobs = [...held]
    const jobIds = jobs.map(([, { jobId }]) => jobId)
    const tokens = jobs.map(([token]) => token)
    // No answer is no renewal; the deadlines go on.
    const lostIds = await extend(jobIds, tokens, lockMs).catch(() => undefined)
    for (const [token, job] of jobs) {
      // The answer may come after the job has ended.
      if (!lostIds || held.get(token) !== job) continue
      if (lostIds.includes(job.jobId)) {
        clearTimeout(job.deadline)
        job.onLost(lost('Redis does not know its lock any more'))
      } else {
        job.lockedAtMs = sentAtMs
        arm(job)
      }
    }
  }

  let isRenewing = false
  const look = setInterval(async () => {
    // Not before: most jobs have ended by their first look, and a timer for each cost more than all else here.
    for (const job of held.values()) if (!job.deadline) arm(job)
    // A frozen connection keeps what is sent: one renewal is enough to wait for.
    if (isRenewing || held.size === 0) return
    isRenewing = true
    await renew()
    isRenewing = false
  }, lockMs / RENEWALS_PER_LOCK).unref()

  return {
    async hold(jobId, token, lockedAtMs, onLost) {
      const job: Held = { jobId, onLost, lockedAtMs: lockedAtMs ?? Number.NEGATIVE_INFINITY }
      if (performance.now() - job.lockedAtMs > lockMs * MAX_AGE_SHARE_AT_START) {
        job.lockedAtMs = performance.now()
        const lostIds = await extend([jobId], [token], lockMs).catch(() => [jobId])
        if (lostIds.length > 0) onLost(lost('it was waited for so long that its lock ended'))
        // The answer may have taken most of the lock's time.
        arm(job)
      }
      held.set(token, job)
      return {
        release() {
          clearTimeout(job.deadline)
          held.delete(token)
        },
      }
    },
    stop() {
      clearInterval(look)
      for (const { deadline } of held.values()) clearTimeout(deadline)
      held.clear()
    },
  }
}

function lost(how: string): AfterturnError {
  return new AfterturnError('LEASE_LOST', `The job is not this worker's any more: ${how}.`)
}
