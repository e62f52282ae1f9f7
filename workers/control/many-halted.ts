import type { Redis } from 'ioredis'
import { haltedJobsKey, haltedPlacesKey } from '../../shared/redis/keys.ts'
import { loadScript } from '../../shared/redis/script.ts'

/** Halted jobs by the hundred: one script holds or releases a page of them, where BullMQ takes some calls for each. */

/** A place where jobs are halted. */
export type HaltedPlace = { readonly orgId: string; readonly queue: string }

/** Jobs that one script moves; it keeps Redis busy for a few ms. */
const PAGE_JOBS = 500

const PEEK = loadScript(new URL('../slots/peek-waiting.lua', import.meta.url))
const HOLD = loadScript(new URL('./hold-waiting.lua', import.meta.url))
const RELEASE = loadScript(new URL('./release-halted.lua', import.meta.url))
const RELEASED_FROM = ['wait', 'active', 'delayed', 'prioritized', 'pc', 'meta', 'events', 'marker']

/** Holds the next waiting jobs of a halted org, page by page, as long as most jobs that wait are its own. */
export async function holdWaiting(
  redis: Redis,
  keyPrefix: string,
  { orgId, queue }: HaltedPlace,
  { fallBackMs, placeStep, isHalted }: { fallBackMs: number; placeStep: number; isHalted: () => boolean },
): Promise<void> {
  const keyOf = (name: string) => `${keyPrefix}:${queue}:${name}`
  const keys = [
    haltedJobsKey(keyPrefix, orgId, queue),
    haltedPlacesKey(keyPrefix),
    ...['wait', 'delayed', 'events', 'marker', 'meta'].map(keyOf),
  ]
  while (isHalted()) {
    const found = (await PEEK(redis, [keyOf('wait')], [keyOf(''), PAGE_JOBS])) as string[]
    const own: string[] = []
    for (let at = 0; at < found.length; at += 4) {
      const [id = '', , timestamp = '', data = ''] = found.slice(at, at + 4)
      if (orgOfData(data) === orgId) own.push(id, timestamp)
    }
    if (own.length === 0) return
    const jitteredMs = Math.round(fallBackMs * (1 + Math.random()))
    const place = JSON.stringify([orgId, queue])
    const moved = Number(await HOLD(redis, keys, [keyOf(''), place, PAGE_JOBS, jitteredMs, placeStep, ...own]))
    if (moved < PAGE_JOBS / 2) return
  }
}

/** Releases these halted jobs, as they were read from their list: ids and places; returns how many are off the list. */
export async function releaseHalted(
  redis: Redis,
  keyPrefix: string,
  { orgId, queue }: HaltedPlace,
  entries: readonly string[],
): Promise<number> {
  const keyOf = (name: string) => `${keyPrefix}:${queue}:${name}`
  const keys = [haltedJobsKey(keyPrefix, orgId, queue), ...RELEASED_FROM.map(keyOf)]
  return Number(await RELEASE(redis, keys, [keyOf(''), ...entries]))
}

function orgOfData(data: string): unknown {
  try {
    return (JSON.parse(data) as { orgId?: unknown } | null)?.orgId
  } catch {
    // Let it start, and fail for its own reason.
    return undefined
  }
}
