import type { Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { slotKeys } from '../../shared/redis/keys.ts'
import { loadScript } from '../../shared/redis/script.ts'

/**
 * Owns the slots of one queue in Redis: who holds one and who stands in line, by key. Guarantees: each change is one script, so that nobody sees
 * half of it and no wake-up falls between. Must not know what a slot is for.
 */
export type SlotLine = {
  /** Takes a slot for a running job; one that gets none is parked, and not its worker's any more. Answers whether it may run. */
  take(share: Share, job: Job, token: string): Promise<boolean>
  /** Gives the slot of a job back, to the first in line. */
  give(share: Share, jobId: string, token: string): Promise<void>
  /** The next jobs of the wait list, without taking them. */
  peek(count: number): Promise<WaitingJob[]>
  /** Parks those of the next `count` waiting jobs that are named, if their key is full; answers how many. */
  parkWaiting(share: Share, jobs: readonly WaitingJob[], count: number): Promise<number>
}

/** A key and how many slots it has. */
export type Share = { readonly key: string; readonly limit: number }
export type WaitingJob = {
  readonly id: string
  readonly name: string
  readonly timestamp: string
  readonly data: string
}

/** A parked job wakes by itself after about this time, if the line was lost. */
const LAST_WAKE_MS = 30 * 60_000
/** A slot is kept so long for a job that was promoted and waits, or whose worker died. */
const RESERVED_MS = 10 * 60_000
const KEY_TTL_MS = 24 * 3_600_000
/** The share of each wait that is left to chance, so that orgs do not wake together. */
const JITTER = 0.25
const MAX_DOUBLINGS = 5
/** A promotion of this process is believed for so long without asking; far below `RESERVED_MS`. */
const PROMOTION_TRUST_MS = 10_000

const SETTLE = loadScript(new URL('./settle-slots.lua', import.meta.url))
const PEEK = loadScript(new URL('./peek-waiting.lua', import.meta.url))
/** BullMQ's keys of a queue, in the order in which the script expects them. */
const BULLMQ_KEYS = ['wait', 'active', 'delayed', 'prioritized', 'pc', 'meta', 'events', 'marker', 'stalled']

export type SlotLineOptions = {
  readonly redis: Redis
  readonly keyPrefix: string
  readonly queue: string
  /** The first in line looks again after this time: then a dead holder's lock has ended. */
  readonly jobLockMs: number
}

export function createSlotLine({ redis, keyPrefix, queue, jobLockMs }: SlotLineOptions): SlotLine {
  const jobPrefix = `${keyPrefix}:${queue}:`
  const bullmqKeys = BULLMQ_KEYS.map((name) => jobPrefix + name)

  type Change = {
    readonly from: 'active' | 'wait' | 'none'
    readonly giver?: string
    readonly token?: string
    readonly peeked?: number
    /** How often the arrival has been parked before. */
    readonly parkings?: number
    readonly arrivals?: readonly { readonly id?: string | undefined; readonly timestamp: string | number }[]
  }

  /** What this process promoted and may soon fetch itself: the start of which the slot is, of how many, and when. It saves the question of `take`. */
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

  /** Whether this very start is one that we promoted, under a limit that still holds: a later start of the same job has another number. */
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
        ...arrivals.flatMap(({ id = '', timestamp }) => [id, timestamp]),
      ],
    )) as [parked: number, ...promoted: string[]]
    notePromotions(promoted, limit)
    return parked
  }

  return {
    async take(share, job, token) {
      if (isPromoted(job, share.limit)) return true
      const parkings = Math.max(0, job.attemptsStarted - job.attemptsMade - 1)
      return (await settle(share, { from: 'active', token, parkings, arrivals: [job] })) === 0
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
