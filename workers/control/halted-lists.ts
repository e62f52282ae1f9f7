import type { Redis } from 'ioredis'
import { haltedJobsKey, haltedPlacesKey } from '../../shared/redis/keys.ts'
import { loadScript } from '../../shared/redis/script.ts'

/**
 * The lists of halted jobs in Redis. Guarantees: a script lists a job and delays it, or promotes it and takes it off the list, in one step; so none
 * sleeps unlisted, whoever else holds and releases, and whatever Redis refuses or forgets.
 */

/** A place where jobs are halted. */
export type HaltedPlace = { readonly orgId: string; readonly queue: string }

/** A job that was given back and is delayed for a moment. */
type GivenBack = { readonly id?: string | undefined; readonly timestamp: number }

/** If nothing promotes it, a halted org's job wakes by itself after one to two times this. */
const FALL_BACK_MS = 600_000
/** Jobs that one script moves; it keeps Redis busy for a few ms. */
const PAGE_JOBS = 500

const PEEK = loadScript(new URL('../slots/peek-waiting.lua', import.meta.url))
const HOLD = loadScript(new URL('./hold-halted.lua', import.meta.url))
const RELEASE = loadScript(new URL('./release-halted.lua', import.meta.url))
const HELD_IN = ['wait', 'delayed', 'events', 'marker', 'meta']
const RELEASED_IN = ['wait', 'active', 'delayed', 'prioritized', 'pc', 'meta', 'events', 'marker']

/** Holds a job of a halted org that was given back; it wakes with the others, no longer by itself. */
export async function holdGivenBack(
  redis: Redis,
  keyPrefix: string,
  place: HaltedPlace,
  { id = '', timestamp }: GivenBack,
): Promise<void> {
  await hold(redis, keyPrefix, place, [0, fallBackMs(), id, id, timestamp])
}

/** Holds the next waiting jobs of a halted org, page by page, as long as most jobs that wait are its own. */
export async function holdWaiting(
  redis: Redis,
  keyPrefix: string,
  place: HaltedPlace,
  isHalted: () => boolean,
): Promise<void> {
  const prefix = `${keyPrefix}:${place.queue}:`
  while (isHalted()) {
    const found = (await PEEK(redis, [`${prefix}wait`], [prefix, PAGE_JOBS])) as string[]
    const own: string[] = []
    for (let at = 0; at < found.length; at += 4) {
      const [id = '', , timestamp = '', data = ''] = found.slice(at, at + 4)
      if (orgOfData(data) === place.orgId) own.push(id, timestamp)
    }
    if (own.length === 0) return
    const moved = await hold(redis, keyPrefix, place, [PAGE_JOBS, fallBackMs(), '', ...own])
    if (moved < PAGE_JOBS / 2) return
  }
}

/** Releases the halted jobs of a place, page by page, until none is left or they must stay. */
export async function releaseHalted(
  redis: Redis,
  keyPrefix: string,
  place: HaltedPlace,
  mustStay: () => boolean,
): Promise<void> {
  const { keys, args } = addressOf(keyPrefix, place, RELEASED_IN)
  while (!mustStay() && Number(await RELEASE(redis, keys, [...args, PAGE_JOBS])) === PAGE_JOBS);
}

async function hold(
  redis: Redis,
  keyPrefix: string,
  place: HaltedPlace,
  jobs: readonly (string | number)[],
): Promise<number> {
  const { keys, args } = addressOf(keyPrefix, place, HELD_IN)
  return Number(await HOLD(redis, keys, [...args, ...jobs]))
}

function addressOf(keyPrefix: string, { orgId, queue }: HaltedPlace, names: readonly string[]) {
  const prefix = `${keyPrefix}:${queue}:`
  return {
    keys: [haltedJobsKey(keyPrefix, orgId, queue), haltedPlacesKey(keyPrefix), ...names.map((name) => prefix + name)],
    args: [prefix, JSON.stringify([orgId, queue])],
  }
}

const fallBackMs = () => Math.round(FALL_BACK_MS * (1 + Math.random()))

function orgOfData(data: string): unknown {
  try {
    return (JSON.parse(data) as { orgId?: unknown } | null)?.orgId
  } catch {
    // Let it start, and fail for its own reason.
    return undefined
  }
}
