import { DelayedError, type Job, type Queue, type Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { KillSwitchWatch } from '../../shared/control/kill-switch-watch.ts'
import type { Log } from '../../shared/observe/log.ts'
import { haltedJobsKey, haltedPlacesKey } from '../../shared/redis/keys.ts'
import { loadScript } from '../../shared/redis/script.ts'
import { orgOf } from '../fleet/job-context.ts'

/**
 * Owns jobs under the kill switch. Guarantees: a halted job costs no attempt and does not spin: while its queue is halted nothing is fetched,
 * and while its org is halted it waits in a set of its own, in order, and is promoted once the switch is off. Nothing is lost with that set:
 * such a job wakes by itself after a while.
 */
export type HaltedJobs = {
  /** Fetches nothing for a worker while its whole queue is halted. */
  attachTo(worker: Worker): void
  /** The signal of a run; fires with KILL_SWITCH_ON when the switch halts it. */
  guard: KillSwitchWatch['guard']
  /** Gives a job back at no cost of an attempt, to go on when the switch is off. Never returns. */
  giveBack(job: Job, token: string | undefined): Promise<never>
  stop(): Promise<void>
}

export type HaltedJobsOptions = {
  readonly watch: Omit<KillSwitchWatch, 'stop'>
  readonly redis: Redis
  readonly keyPrefix: string
  readonly pollMs: number
  readonly log: Log
  queue(name: string): Queue
}

/** A job that ran when its queue was halted is first in line again: by then no worker fetches. */
const PAUSED_DELAY_MS = 1_000
/** A halted org's job wakes by itself after this time, and up to as much again, should nobody promote it. */
const FALL_BACK_MS = 600_000
const PROMOTED_AT_ONCE = 100
const UNSEEN = 'could not scan halted jobs'

/** What each halt of a job adds to its place in line, so that one which was read before shows that it is over. Exact beside a time in ms. */
const PLACE_STEP = 1 / 1_024

const FORGET = loadScript(new URL('./forget-halted.lua', import.meta.url))

/** Promotes a halted job; answers whether it needs no further look. One that still runs is on its way to `delayed`; one that woke by itself, ended or was removed is done with. */
async function promote(queue: Queue, id: string): Promise<boolean> {
  const job = await queue.getJob(id)
  if (!job) return true
  try {
    await job.promote()
    return true
  } catch (error) {
    // BullMQ's own answers have a number; anything else is Redis' trouble.
    if (typeof (error as { code?: unknown }).code !== 'number') throw error
    // In this order: one that ran a moment ago may have come to `delayed` since.
    return !(await job.isActive()) && !(await job.isDelayed())
  }
}

/** Starts to keep the halted jobs of one process's workers. */
export function createHaltedJobs(options: HaltedJobsOptions): HaltedJobs {
  const { watch, redis, keyPrefix, log } = options
  const workers = new Set<Worker>()
  let isStopped = false

  const pauseOrResume = (worker: Worker) => {
    const isHalted = watch.haltOf({ queue: worker.name }) !== undefined
    if (isHalted === worker.isPaused()) return
    const steering = isHalted ? worker.pause(true) : Promise.resolve(worker.resume())
    steering.catch((error: Error) =>
      log.warn({ queue: worker.name, error: error.message }, 'could not pause or resume a worker'),
    )
  }
  const places = haltedPlacesKey(keyPrefix)
  let promoting: Promise<void> | undefined
  const promoteAll = (): Promise<void> => {
    promoting ??= promotePlaces()
      // With Redis away nothing can run either; the next look goes on.
      .catch((error: Error) => log.debug({ error: error.message }, UNSEEN))
      .finally(() => {
        promoting = undefined
      })
    return promoting
  }
  const promotePlaces = async () => {
    for (const place of await redis.smembers(places)) {
      if (isStopped) return
      const found = queueOf(place)
      if (!found || watch.haltOf({ orgId: found.orgId, queue: found.name }) !== undefined) continue
      const key = haltedJobsKey(keyPrefix, found.orgId, found.name)
      await promotePlace(place, key, found.queue).catch((error: Error) =>
        log.debug({ place, error: error.message }, UNSEEN),
      )
    }
  }
  /** All processes share the places: one may be of a queue that only others know. */
  const queueOf = (place: string): { orgId: string; name: string; queue: Queue } | undefined => {
    try {
      const [orgId, name] = JSON.parse(place) as [string, string]
      return { orgId, name, queue: options.queue(name) }
    } catch {
      return undefined
    }
  }
  const promotePlace = async (place: string, key: string, queue: Queue) => {
    for (;;) {
      const found = await redis.zrange(key, '0', String(PROMOTED_AT_ONCE - 1), 'WITHSCORES')
      if (found.length === 0 || isStopped) break
      const entries = Array.from({ length: found.length / 2 }, (_, index) => found.slice(2 * index, 2 * index + 2))
      const outcomes = await Promise.allSettled(entries.map(([id = '']) => promote(queue, id)))
      const isDone = (_: unknown, index: number) => {
        const outcome = outcomes[index]
        return outcome?.status === 'fulfilled' && outcome.value
      }
      const done = entries.filter(isDone)
      if (done.length > 0) await FORGET(redis, [key], done.flat())
      // Redis did not answer for it: it stays in the set for the next look.
      const failed = outcomes.find((outcome) => outcome.status === 'rejected')
      if (failed) throw failed.reason
      if (done.length < entries.length) return
    }
    await redis.srem(places, place)
    // A job that came in between must stay findable.
    if ((await redis.exists(key)) === 1) await redis.sadd(places, place)
  }

  const register = (orgId: string, queue: string, job: Job) => {
    const key = haltedJobsKey(keyPrefix, orgId, queue)
    const id = job.id as string
    return redis
      .multi()
      .zadd(key, 'NX', String(job.timestamp), id)
      .zincrby(key, PLACE_STEP, id)
      .sadd(places, JSON.stringify([orgId, queue]))
      .exec()
      .then(
        () => true,
        () => false,
      )
  }

  const unsubscribe = watch.onChange(() => {
    for (const worker of workers) pauseOrResume(worker)
    void promoteAll()
  })
  const timer = setInterval(promoteAll, options.pollMs)

  return {
    attachTo(worker) {
      workers.add(worker)
      pauseOrResume(worker)
    },
    guard: (place) => watch.guard(place),
    async giveBack(job, token) {
      const queue = job.queueName
      const orgId = orgOf(job)
      // A commit reads the rows itself, and may be the first to see a switch.
      if (watch.haltOf({ orgId, queue }) === undefined) await watch.lookNow()
      const isOrgHalted =
        orgId !== undefined && watch.haltOf({ queue }) === undefined && watch.haltOf({ orgId, queue }) !== undefined
      // Before the move: a job that nobody finds would sleep until its fall-back. Whoever promotes meanwhile finds it running, and comes again.
      const isParked = isOrgHalted && (await register(orgId, queue, job))
      const delayMs = isParked ? FALL_BACK_MS * (1 + Math.random()) : PAUSED_DELAY_MS
      await job.moveToDelayed(Date.now() + delayMs, token)
      // Once more: a Redis that died in between may have come back without its last second, and the move was repeated there.
      if (isParked) await register(orgId, queue, job)
      throw new DelayedError()
    },
    async stop() {
      isStopped = true
      unsubscribe()
      clearInterval(timer)
      await promoting
    },
  }
}
