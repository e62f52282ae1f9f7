import { AfterturnError } from '../../shared/errors.ts'

/**
 * Renews the BullMQ locks of one worker's running jobs and knows when each may have ended. Guarantees: a run receives LEASE_LOST before another
 * worker can get its job, by a local monotonic timer that starts before the last successful request was sent. BullMQ's own renewal only emits
 * an event, and only once Redis replies: attempts were seen running for seconds beside their successors.
 */
export type JobLocks = {
  /** Keeps a job's lock renewed from now on; a lock taken long ago is renewed before this resolves. */
  hold(jobId: string, token: string, lockedAtMs: number | undefined, onLost: LossListener): Promise<JobLock>
  /** Stops all renewals: jobs that are still running lose their locks, so that other workers take them over. */
  stop(): void
}

type JobLock = { release(): void }
type LossListener = (reason: AfterturnError) => void

/** Share of a lock's time kept as a margin before its end. */
const SAFETY_MARGIN = 0.1
const RENEWALS_PER_LOCK = 3
/** A lock older than this share of its time is renewed before the job starts. Plus the time to the next tick, this stays below the margin. */
const MAX_AGE_SHARE_AT_START = 0.5

type Held = {
  readonly jobId: string
  readonly onLost: LossListener
  /** When the last request that is known to have locked the job was sent. */
  lockedAtMs: number
  deadline?: NodeJS.Timeout
}

type JobLocksOptions = {
  readonly lockMs: number
  /** Renews the locks of jobs by their tokens; returns the ids of the jobs that are no longer ours. */
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
    // Without a reply nothing is renewed, and the deadlines keep running.
    const lostIds = await extend(jobIds, tokens, lockMs).catch(() => undefined)
    for (const [token, job] of jobs) {
      // The reply may arrive after the job has ended.
      if (!lostIds || held.get(token) !== job) continue
      if (lostIds.includes(job.jobId)) {
        clearTimeout(job.deadline)
        job.onLost(lost('Redis no longer has its lock'))
      } else {
        job.lockedAtMs = sentAtMs
        arm(job)
      }
    }
  }

  let isRenewing = false
  const look = setInterval(async () => {
    // Not earlier: most jobs have ended by the first tick, and a timer for each cost more than everything else here.
    for (const job of held.values()) if (!job.deadline) arm(job)
    // A frozen connection queues every request: one pending renewal is enough.
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
        if (lostIds.length > 0) onLost(lost('its lock expired before the job could start'))
        // The reply may have taken most of the lock's time.
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
  return new AfterturnError('LEASE_LOST', `This worker no longer owns the job: ${how}.`)
}
