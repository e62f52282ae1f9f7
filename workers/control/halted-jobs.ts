import { DelayedError, type Job, type Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { KillSwitchWatch } from '../../shared/control/kill-switch-watch.ts'
import type { Log } from '../../shared/observe/log.ts'
import { haltedPlacesKey } from '../../shared/redis/keys.ts'
import { orgOf } from '../fleet/job-context.ts'
import { type HaltedPlace, holdGivenBack, holdWaiting, releaseHalted } from './halted-lists.ts'

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
}

/** Delay of a job that is given back: unless it is held by then, it starts once more, first in line, or waits for a worker that may fetch. */
const GIVEN_BACK_DELAY_MS = 1_000
const UNRELEASED = 'could not release halted jobs'

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
  const isHalted = (place: HaltedPlace) => watch.haltOf(place) !== undefined

  let releasing: Promise<void> | undefined
  const releaseAll = (): Promise<void> => {
    releasing ??= releasePlaces()
      // While Redis is away nothing can run either; the next scan continues.
      .catch((error: Error) => log.debug({ error: error.message }, UNRELEASED))
      .finally(() => {
        releasing = undefined
      })
    return releasing
  }
  const releasePlaces = async () => {
    for (const text of await redis.smembers(haltedPlacesKey(keyPrefix))) {
      const place = parsePlace(text)
      if (!place) continue
      await releaseHalted(redis, keyPrefix, place, () => isStopped || isHalted(place)).catch((error: Error) =>
        log.debug({ ...place, error: error.message }, UNRELEASED),
      )
    }
  }

  /** Those behind the first halted job need not start to be given back. */
  const holding = new Set<string>()
  const holdFollowers = async (place: HaltedPlace) => {
    const key = JSON.stringify(place)
    if (holding.has(key)) return
    holding.add(key)
    await holdWaiting(redis, keyPrefix, place, () => !isStopped && isHalted(place))
      .catch((error: Error) => log.debug({ ...place, error: error.message }, 'could not hold waiting jobs together'))
      .finally(() => holding.delete(key))
  }

  const unsubscribe = watch.onChange(() => {
    for (const worker of workers) pauseOrResume(worker)
    void releaseAll()
  })
  const timer = setInterval(releaseAll, options.pollMs)

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
      await job.moveToDelayed(Date.now() + GIVEN_BACK_DELAY_MS, token)
      if (orgId !== undefined && watch.haltOf({ queue }) === undefined && isHalted({ orgId, queue })) {
        await holdGivenBack(redis, keyPrefix, { orgId, queue }, job).catch((error: Error) =>
          log.debug({ orgId, queue, error: error.message }, 'could not hold a halted job; it starts once more'),
        )
        void holdFollowers({ orgId, queue })
      }
      throw new DelayedError()
    },
    async stop() {
      isStopped = true
      unsubscribe()
      clearInterval(timer)
      await releasing
    },
  }
}

/** Reads a member of the set of places; undefined for what is none. */
function parsePlace(text: string): HaltedPlace | undefined {
  try {
    const [orgId, queue] = JSON.parse(text) as [unknown, unknown]
    return typeof orgId === 'string' && typeof queue === 'string' ? { orgId, queue } : undefined
  } catch {
    return undefined
  }
}
