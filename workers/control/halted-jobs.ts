import { DelayedError, type Job, type Queue, type Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { KillSwitchWatch } from '../../shared/control/kill-switch-watch.ts'
import type { Log } from '../../shared/observe/log.ts'
import { haltedJobsKey, haltedPlacesKey } from '../../shared/redis/keys.ts'
import { loadScript } from '../../shared/redis/script.ts'
import { orgOf } from '../fleet/job-context.ts'
import { type HaltedPlace, holdWaiting, releaseHalted } from './many-halted.ts'

/**
 * Holds jobs back under the kill switch. Guarantees: a halted job costs no attempt and does not spin. While its queue is halted nothing is
 * fetched; while its org is halted it waits in a set of halted jobs, in order, and is promoted once the switch is off. If that set is lost,
 * its jobs wake by themselves after a while.
 */
export type HaltedJobs = {
  /** Keeps a worker from fetching jobs while its whole queue is halted. */
  attachTo(worker: Worker): void
  /** Returns the signal of a run, which fires with KILL_SWITCH_ON when the switch halts it. */
  guard: KillSwitchWatch['guard']
  /** Gives a job back without costing an attempt, to resume when the switch is off. Never returns. */
  giveBack(job: Job, token: string | undefined): Promise<never>
  stop(): Promise<void>
}

type HaltedJobsOptions = {
  readonly watch: Omit<KillSwitchWatch, 'stop'>
  readonly redis: Redis
  readonly keyPrefix: string
  readonly pollMs: number
  readonly log: Log
  queue(name: string): Queue
}

/** Delay of a job that was running when its queue was halted: by then no worker fetches, and the job is first in line again. */
const PAUSED_DELAY_MS = 1_000
/** If nothing promotes it, a halted org's job wakes by itself after one to two times this. */
const FALL_BACK_MS = 600_000
const PROMOTED_AT_ONCE = 100
/** From this many on, a script promotes them together. */
const MANY = 100
const RELEASED_AT_ONCE = 500
const UNSEEN = 'could not scan halted jobs'

/** Each halt adds this to a job's place in line, so that a place read earlier is recognised as outdated. Exact when added to a time in ms. */
const PLACE_STEP = 1 / 1_024

const FORGET = loadScript(new URL('./forget-halted.lua', import.meta.url))

/**
 * Promotes a halted job; returns false if it must be promoted later. A job that is still running is on its way to `delayed`; one that woke by
 * itself, ended or was removed needs nothing more.
 */
async function promote(queue: Queue, id: string): Promise<boolean> {
  const job = await queue.getJob(id)
  if (!job) return true
  try {
    await job.promote()
    return true
  } catch (error) {
    // BullMQ's own errors have a numeric code; any other error is a failure of Redis.
    if (typeof (error as { code?: unknown }).code !== 'number') throw error
    // In this order: a job that was running a moment ago may be `delayed` by now.
    return !(await job.isActive()) && !(await job.isDelayed())
  }
}

type PlaceOfQueue = { readonly orgId: string; readonly name: string; readonly queue: Queue }

/** Starts holding back the halted jobs of one process's workers. */
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
      // While Redis is away nothing can run either; the next scan continues.
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
      await promotePlace(place, key, found).catch((error: Error) => log.debug({ place, error: error.message }, UNSEEN))
    }
  }
  /** All processes share the places, so a place may name a queue that only other processes know. */
  const queueOf = (place: string): PlaceOfQueue | undefined => {
    try {
      const [orgId, name] = JSON.parse(place) as [string, string]
      return { orgId, name, queue: options.queue(name) }
    } catch {
      return undefined
    }
  }
  const promotePlace = async (place: string, key: string, { orgId, name, queue }: PlaceOfQueue) => {
    for (;;) {
      const page = await redis.zrange(key, '0', String(RELEASED_AT_ONCE - 1), 'WITHSCORES')
      if (page.length === 0 || isStopped) break
      if (page.length >= 2 * MANY && (await releaseHalted(redis, keyPrefix, { orgId, queue: name }, page)) > 0) {
        // It may have been turned on again meanwhile.
        if (watch.haltOf({ orgId, queue: name }) !== undefined) return
        continue
      }
      const found = page.slice(0, 2 * PROMOTED_AT_ONCE)
      const entries = Array.from({ length: found.length / 2 }, (_, index) => found.slice(2 * index, 2 * index + 2))
      const outcomes = await Promise.allSettled(entries.map(([id = '']) => promote(queue, id)))
      const isDone = (_: unknown, index: number) => {
        const outcome = outcomes[index]
        return outcome?.status === 'fulfilled' && outcome.value
      }
      const done = entries.filter(isDone)
      if (done.length > 0) await FORGET(redis, [key], done.flat())
      // Redis failed for this job: it stays in the set for the next scan.
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

  /** Those behind the first halted job need not start to be given back. */
  const holding = new Set<string>()
  const holdFollowers = async (place: HaltedPlace) => {
    const key = JSON.stringify([place.orgId, place.queue])
    if (holding.has(key)) return
    holding.add(key)
    const isHalted = () => !isStopped && watch.haltOf(place) !== undefined
    await holdWaiting(redis, keyPrefix, place, { fallBackMs: FALL_BACK_MS, placeStep: PLACE_STEP, isHalted })
      .catch((error: Error) => log.debug({ ...place, error: error.message }, 'could not hold waiting jobs together'))
      .finally(() => holding.delete(key))
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
      // A commit reads the switch's rows itself, and may be the first to notice it.
      if (watch.haltOf({ orgId, queue }) === undefined) await watch.lookNow()
      const isOrgHalted =
        orgId !== undefined && watch.haltOf({ queue }) === undefined && watch.haltOf({ orgId, queue }) !== undefined
      // Before the move: an unregistered job would sleep until its fall-back. A promotion in between finds it running, and tries again.
      const isParked = isOrgHalted && (await register(orgId, queue, job))
      const delayMs = isParked ? FALL_BACK_MS * (1 + Math.random()) : PAUSED_DELAY_MS
      await job.moveToDelayed(Date.now() + delayMs, token)
      // Again: if Redis died in between, it may have lost its last second, and only the move was repeated.
      if (isParked) {
        await register(orgId, queue, job)
        void holdFollowers({ orgId, queue })
      }
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
