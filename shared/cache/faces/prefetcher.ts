import { LRUCache } from 'lru-cache'
import pLimit from 'p-limit'
import { z } from 'zod'
import { type Clock, systemClock } from '../../clock.ts'
import { idSchema, parseInput } from '../../parse-input.ts'
import type { CacheStats } from '../engine/cache-counts.ts'
import { entryKey, entryPattern, erasureMarkKey, tagMarkKey } from '../engine/cache-keys.ts'
import type { Invalidation } from '../engine/invalidate.ts'
import type { CachePlace, Load, Loaded, LoadedCache } from '../engine/loaded-cache.ts'

/**
 * Owns metadata that is refreshed before anybody waits for it, such as the entries of a menu. Guarantees: those of `loaded-cache.ts`; only keys that were asked for lately are refreshed, the
 * most used and costliest first, within a budget per process; a list depends on its viewer where it says so.
 */
export type Prefetched<Value> = {
  /** @throws INPUT_INVALID, and what `load` throws if there is nothing older to serve */
  get(at: MetadataKey): Promise<Loaded<Value>>
  /** Loads what is missing ahead of the first question, within the budget; failures are left to `get`. Returns how many were loaded. */
  warm(at: { readonly orgId: string; readonly keys: readonly string[]; readonly viewer?: string }): Promise<number>
  /** A key, or all keys of the org, have changed. */
  changed(what: { readonly orgId: string; readonly key?: string }): Promise<Invalidation>
  stats(): CacheStats
}

export type MetadataKey = {
  readonly orgId: string
  readonly key: string
  /** Who looks, or a digest of their rights, where the list depends on it. */
  readonly viewer?: string
  readonly signal?: AbortSignal
}

export type PrefetchedOptions<Value> = {
  /** What these metadata are. Two of one name share what they hold. */
  readonly name: string
  /** @default 60,000 */
  readonly ttlMs?: number
  /** A key that nobody asked for this long is no longer refreshed. @default 300,000 */
  readonly activeForMs?: number
  /** Of this process. @default 60 */
  readonly maxRefreshesPerMinute?: number
  load(at: Omit<MetadataKey, 'signal'> & { readonly signal: AbortSignal }): Promise<Value | undefined>
}

type Active = {
  readonly place: CachePlace
  readonly ask: Load<unknown>
  readonly leadMs: number
  uses: number
  costMs: number
  usedAtMs: number
  freshUntilMs: number
}

const TTL_MS = 60_000
const ACTIVE_FOR_MS = 300_000
const MAX_PER_MINUTE = 60
/** Of entries of size 1: `max` of the cache would make lists for all of them at once, which takes 1 ms and 200 KB. */
const MAX_ACTIVE = 10_000
const CONCURRENCY = 2
/** In this part of its life a key is refreshed. */
const LEAD = 0.15
const JITTER = 0.1
const keySchema = z.object({ orgId: idSchema, key: z.string().max(2_048), viewer: z.string().max(2_048).optional() })

/** The metadata of one kind, and what their refresher calls every second. */
export function createPrefetched<Value>(
  cache: LoadedCache,
  keyPrefix: string,
  options: PrefetchedOptions<Value>,
  clock: Clock = systemClock,
): Prefetched<Value> & { refreshDue(): Promise<number> } {
  const { name, ttlMs = TTL_MS, activeForMs = ACTIVE_FOR_MS, maxRefreshesPerMinute = MAX_PER_MINUTE } = options
  const active = new LRUCache<string, Active>({ maxSize: MAX_ACTIVE, sizeCalculation: () => 1 })
  const limit = pLimit(CONCURRENCY)
  const life = { freshMs: ttlMs, revalidateMs: ttlMs, staleIfErrorMs: 10 * ttlMs }
  let budget = maxRefreshesPerMinute
  let filledAtMs = clock.monotonicMs()

  const tagOf = (...key: string[]) => ['metadata', name, ...key]
  const activate = ({ orgId, key, viewer }: Omit<MetadataKey, 'signal'>): Active => {
    const place = {
      key: entryKey(keyPrefix, 'cache:metadata', orgId, [[name], [key], viewer === undefined ? [] : [viewer]]),
      markKeys: [
        erasureMarkKey(keyPrefix, { orgId }),
        tagMarkKey(keyPrefix, orgId, tagOf()),
        tagMarkKey(keyPrefix, orgId, tagOf(key)),
      ],
    }
    const known = active.get(place.key)
    if (known) return known
    const at = { orgId, key, ...(viewer !== undefined && { viewer }) }
    const one: Active = {
      place,
      leadMs: ttlMs * (LEAD + Math.random() * JITTER),
      uses: 0,
      costMs: 1,
      usedAtMs: clock.monotonicMs(),
      freshUntilMs: 0,
      async ask(signal) {
        const startedMs = clock.monotonicMs()
        const value = await options.load({ ...at, signal })
        one.costMs = clock.monotonicMs() - startedMs + 1
        return { value, life }
      },
    }
    active.set(place.key, one)
    return one
  }
  const note = (one: Active, { freshForMs }: Loaded<unknown>) => {
    one.freshUntilMs = clock.monotonicMs() + freshForMs
  }
  /** As many as the budget has left, taken from it. */
  const spend = (wanted: number): number => {
    const nowMs = clock.monotonicMs()
    budget = Math.min(maxRefreshesPerMinute, budget + ((nowMs - filledAtMs) * maxRefreshesPerMinute) / 60_000)
    filledAtMs = nowMs
    const taken = Math.min(wanted, Math.floor(budget))
    budget -= taken
    return taken
  }
  const renewAll = async (due: readonly Active[], olderThanMs: number): Promise<number> => {
    const renewed = await limit.map([...due], (one) =>
      cache.renew(one.place, one.ask, olderThanMs).then(
        (loaded) => {
          note(one, loaded)
          one.uses = 0
          return 1
        },
        () => 0,
      ),
    )
    return renewed.reduce<number>((sum, count) => sum + count, 0)
  }

  return {
    async get({ signal, ...at }) {
      const one = activate(parseInput(keySchema, at, 'key of metadata') as MetadataKey)
      one.uses += 1
      one.usedAtMs = clock.monotonicMs()
      const loaded = await cache.get<Value>(one.place, one.ask as Load<Value>, { signal })
      note(one, loaded)
      return loaded
    },
    async warm({ orgId, keys, viewer }) {
      const wanted = keys.map((key) =>
        activate(parseInput(keySchema, { orgId, key, viewer }, 'key of metadata') as MetadataKey),
      )
      return renewAll(wanted.slice(0, spend(wanted.length)), ttlMs)
    },
    async changed({ orgId, key }) {
      parseInput(keySchema.partial({ key: true }), { orgId, key }, 'change of metadata')
      const groups = key === undefined ? [[name]] : [[name], [key]]
      return cache.invalidate(
        tagMarkKey(keyPrefix, orgId, key === undefined ? tagOf() : tagOf(key)),
        entryPattern(keyPrefix, 'cache:metadata', orgId, groups),
      )
    },
    async refreshDue() {
      const nowMs = clock.monotonicMs()
      const due: Active[] = []
      for (const [key, one] of active.entries()) {
        if (one.usedAtMs + activeForMs < nowMs) active.delete(key)
        else if (one.freshUntilMs - one.leadMs <= nowMs) due.push(one)
      }
      due.sort((a, b) => b.uses * b.costMs - a.uses * a.costMs)
      return renewAll(due.slice(0, spend(due.length)), ttlMs * (1 - LEAD - JITTER))
    },
    stats: cache.stats,
  }
}
