import type { Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { slotKeys } from '../../shared/redis/keys.ts'
import { loadScript } from '../../shared/redis/script.ts'

/**
 * The slots of one queue in Redis: the holders and the line of each key. Guarantees: each change is one script, so no process sees half of it
 * and no wake-up is lost. Must not know what a slot is for.
 */
export type SlotLine = {
  /** Takes a slot for a running job; returns whether it may run. A job that gets none is parked, and its worker no longer owns it. */
  take(share: Share & Yielding, job: Job, token: string): Promise<boolean>
  /** Gives a job's slot to the first in line. */
  give(share: Share, jobId: string, token: string): Promise<void>
  /** Reads the next jobs of the wait list, without taking them. */
  peek(count: number): Promise<WaitingJob[]>
  /** Parks those of the given jobs that are among the next `count` waiting ones, if the key is full or they yield; returns how many. */
  parkWaiting(share: Share, jobs: readonly (WaitingJob & Yielding)[], count: number): Promise<number>
}

/** A key and its number of slots. */
export type Share = { readonly key: string; readonly limit: number }
/** True for a job that lets the others of its key go first. */
type Yielding = { readonly yields?: boolean | undefined }
type WaitingJob = {
  readonly id: string
  readonly name: string
  readonly timestamp: string
  readonly data: string
}

/** A parked job wakes by itself after about this time, if the line was lost. */
const LAST_WAKE_MS = 30 * 60_000
/** How long a slot is reserved for a promoted job that is waiting, or for a job whose worker died. */
const RESERVED_MS = 10 * 60_000
const KEY_TTL_MS = 24 * 3_600_000
/** Random share added to each wait, so that orgs do not wake together. */
const JITTER = 0.25
const MAX_DOUBLINGS = 5
/** How long we trust our own promotion without asking Redis; far below `RESERVED_MS`. */
const PROMOTION_TRUST_MS = 10_000

const SETTLE = loadScript(new URL('./settle-slots.lua', import.meta.url))
const PEEK = loadScript(new URL('./peek-waiting.lua', import.meta.url))
/** BullMQ's keys of a queue, in the order of the script's KEYS. */
const BULLMQ_KEYS = ['wait', 'active', 'delayed', 'prioritized', 'pc', 'meta', 'events', 'marker', 'stalled']

type SlotLineOptions = {
  readonly redis: Redis
  readonly keyPrefix: string
  readonly queue: string
  /** The first in line tries again after this time, when a dead holder's lock has expired. */
  readonly jobLockMs: number
}

export function createSlotLine({ redis, keyPrefix, queue, jobLockMs }: SlotLineOptions): SlotLine {
  const jobPrefix = `${keyPrefix}:${queue}:`
  const bullmqKeys = BULLMQ_KEYS.map((name) => jobPrefix + name)

  type Arrival = Yielding & { readonly id?: string | undefined; readonly timestamp: string | number }
  type Change = {
    readonly from: 'active' | 'wait' | 'none'
    readonly giver?: string
    readonly token?: string
    readonly peeked?: number
    /** How many times the arrival has been parked before. */
    readonly parkings?: number
    readonly arrivals?: readonly Arrival[]
  }

  /**
   * Jobs that this process promoted and may soon fetch itself: the number of the start that has the slot, the limit, and the time of the
   * promotion. `take` needs no call to Redis for them.
   */
  const promotions = new Map<string, { readonly start: number; readonly limit: number; readonly atMs: number }>()

  function notePromotions(promoted: readonly string[], limit: number): void {
    const nowMs = performance.now()
    for (let index = 0; index < promoted.length; index += 2)
      promotions.set(promoted[index] as string, { start: Number(promoted[index + 1]) + 1, limit, atMs: nowMs })
    for (const [id, { atMs }] of promotions) {
      if (nowMs - atMs < PROMOTION_TRUST_MS) break
      promotions.delete(id)
    }
  }

  /** Whether we promoted exactly this start, under a limit that still holds: a later start of the same job has another number. */
  function isPromoted({ id = '', attemptsStarted }: Job, limit: number): boolean {
    const promotion = promotions.get(id)
    promotions.delete(id)
    if (promotion?.start !== attemptsStarted || promotion.limit > limit) return false
    return performance.now() - promotion.atMs < PROMOTION_TRUST_MS
  }

  async function settle({ key, limit }: Share, change: Change): Promise<number> {
    const { from, giver = '', token = '', peeked = 0, parkings = 0, arrivals = [] } = change
    const jitter = 1 + JITTER * Math.random()
    const firstWakeMs = Math.round(jobLockMs * 2 ** Math.min(parkings, MAX_DOUBLINGS) * jitter)
    const lastWakeMs = Math.round(LAST_WAKE_MS * jitter)
    const progress = JSON.stringify({ waitsFor: `one of the ${limit} slot(s) of ${key}` })
    const [parked, ...promoted] = (await SETTLE(
      redis,
      [...slotKeys(keyPrefix, queue, key), ...bullmqKeys],
      [
        ...[jobPrefix, key, limit, from, giver, token, peeked, firstWakeMs, lastWakeMs, RESERVED_MS, KEY_TTL_MS],
        progress,
        ...arrivals.flatMap(({ id = '', timestamp, yields }) => [id, timestamp, yields ? 1 : 0]),
      ],
    )) as [parked: number, ...promoted: string[]]
    notePromotions(promoted, limit)
    return parked
  }

  return {
    async take(share, job, token) {
      if (isPromoted(job, share.limit)) return true
      const parkings = Math.max(0, job.attemptsStarted - job.attemptsMade - 1)
      const arrivals = [{ id: job.id, timestamp: job.timestamp, yields: share.yields }]
      return (await settle(share, { from: 'active', token, parkings, arrivals })) === 0
    },
    async give(share, jobId, token) {
      await settle(share, { from: 'none', giver: jobId, token })
    },
    async peek(count) {
      const found = (await PEEK(redis, [`${jobPrefix}wait`], [jobPrefix, count])) as string[]
      return Array.from({ length: found.length / 4 }, (_, index) => {
        const [id, name, timestamp, data] = found.slice(index * 4, index * 4 + 4) as [string, string, string, string]
        return { id, name, timestamp, data }
      })
    },
    parkWaiting: (share, jobs, count) => settle(share, { from: 'wait', peeked: count, arrivals: jobs }),
  }
}
