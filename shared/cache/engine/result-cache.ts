import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import type { CallOptions } from '../../ai/model-provider.ts'
import { untilAborted } from '../../deadline.ts'
import { isAfterturnError } from '../../errors.ts'
import type { Metrics } from '../../observe/metrics.ts'
import {
  type CacheCounts,
  type CachedCost,
  type CacheName,
  type CacheStats,
  createCacheCounts,
  type FoundCounts,
  type Source,
} from './cache-counts.ts'
import type { CacheLog } from './cache-health.ts'
import { fetchMissing } from './fetch-missing.ts'
import { createFlightLeases } from './flight-leases.ts'
import { createFrameStore, type FrameSpace, type FrameStore, type Marks } from './frame-store.ts'
import { createLocalMarks, type LocalMarks } from './local-marks.ts'
import { createSingleFlight } from './single-flight.ts'

/**
 * Owns the way of a key to its value: this process's memory, then Redis, then whoever is buying it already, here or elsewhere, then the provider.
 * Guarantees: no failure of Redis is a failure of the call; a hit waits for nobody's fetchMissing; a failure is never cached, and one caller's own
 * trouble (its signal, its other inputs) is nobody else's; what was asked for before an invalidation reaches nobody who asks after it.
 */
type ResultCache<Value extends object> = {
  /**
   * The values of distinct keys, each the caller's own. What is missing is bought in one call, or awaited if others are buying it.
   * @throws what `fetch` throws, for those too who waited for it in this process if a repetition may help; the signal's reason
   */
  obtain(keys: readonly string[], request: CacheRequest<Value>): Promise<Obtained<Value>>
  /** What this process has invalidated; see `invalidate.ts`. */
  readonly localMarks: LocalMarks
  readonly counts: CacheCounts
  stats(): CacheStats
}

type CacheRequest<Value extends object> = {
  readonly space: FrameSpace<Value>
  /** One value a key, in order. */
  fetch(keys: readonly string[]): Promise<readonly Value[]>
  /** Whether a value that is there will do. @default it will */
  accepts?(key: string, value: Value): boolean
  /** Whether those who waited here get a failure too. @default one that a repetition may mend */
  isFailureShared?(failure: unknown): boolean
  readonly signal?: AbortSignal | undefined
}

type Obtained<Value extends object> = {
  /** One a key, in order. */
  readonly values: readonly Value[]
  readonly found: FoundCounts
}

/** How a call to a cache is made. */
export type CachedCallOptions = CallOptions & {
  /**
   * Asked before something is bought, after the cache was looked at. Who works on rows that may be erased throws here when they are: what is bought
   * after that is not kept if an erasure comes before it is.
   */
  beforeBuy?(): Promise<void>
}

/** What a cache of any kind is told by the runtime. */
export type CacheSettings = {
  /** The cache role: its commands answer or reject quickly. Undefined: nothing outlives this process. */
  readonly redis: Redis | undefined
  readonly keyPrefix: string
  /** How long an entry lives at most; up to a tenth less, so that entries written together do not all expire together. */
  readonly ttlSeconds: number
  readonly log: CacheLog
  readonly metrics: Pick<Metrics, 'count'>
  /** How long others wait for a process that died while it bought. @default FLIGHT_TTL_MS */
  readonly flightTtlMs?: number | undefined
}

type ResultCacheOptions<Value extends object> = CacheSettings & {
  readonly cache: CacheName
  /** What this process's memory may hold; 0 for nothing. */
  readonly memoryBytes: number
  bytesOf(value: Value): number
  copy(value: Value): Value
  /** The cost of fetching the value again. @default none is counted */
  costOf?(value: Value): CachedCost
  /** How long a value may stay in memory. @default as in Redis, at most an hour */
  memoryTtlMsOf?(value: Value): number
}

/** What is erased everywhere else is gone from each process's memory after this time at the latest. */
const MAX_MEMORY_TTL_MS = 3_600_000
const NO_STORE: FrameStore = { read: async () => undefined, write: async () => 'lost' }
/** What an entry takes in memory beside its value: its key, and the LRU's bookkeeping. */
const ENTRY_OVERHEAD_BYTES = 256

/** A cache of what is paid for. Two of them meet in Redis only. */
export function createResultCache<Value extends object>(options: ResultCacheOptions<Value>): ResultCache<Value> {
  const { cache, redis, copy, costOf, memoryTtlMsOf } = options
  const counts = createCacheCounts(cache, options.metrics)
  const store = createFrameStore({ ...options, counts })
  const leases = redis && createFlightLeases(redis, options.flightTtlMs)
  const memory = createMemory(options)
  const flights = createSingleFlight<Value>()
  const localMarks = createLocalMarks()

  return {
    async obtain(keys, { space, fetch, accepts = () => true, isFailureShared = isWorthRepeating, signal }) {
      signal?.throwIfAborted()
      const epoch = localMarks.epochOf(space.markKeys)
      const seenAt = localMarks.now()
      // By place and not by key: a map of a hundred values costs a twentieth of the time in which they are read.
      const values = new Array<Value | undefined>(keys.length)
      const found = { memory: 0, redis: 0, waited: 0, bought: 0 }
      const saved = { tokens: 0, usd: 0 }
      const keyAt = (place: number) => keys[place] as string
      const isMissing = (place: number) => values[place] === undefined

      const take = (place: number, value: Value, source: Source) => {
        values[place] = value
        found[source] += 1
        if (source === 'bought' || !costOf) return
        const { tokens, usd } = costOf(value)
        saved.tokens += tokens
        saved.usd += usd
      }
      const remember = (key: string, value: Value) => {
        const ttl = memoryTtlMsOf?.(value)
        if (ttl === undefined || ttl > 0)
          memory?.set(key, { value: copy(value), seenAt }, { ...(ttl !== undefined && { ttl }) })
      }
      /** Takes what is in memory, and answers what is not. */
      const recall = (places: number[]) => {
        if (!memory) return places
        for (const place of places) {
          const held = memory.get(keyAt(place))
          if (held && epoch <= held.seenAt && accepts(keyAt(place), held.value)) take(place, copy(held.value), 'memory')
        }
        return places.filter(isMissing)
      }
      // Redis still holds what it was not told to have ended.
      const isTold = localMarks.untold.size === 0 || space.markKeys.every((key) => !localMarks.untold.has(key))
      const fetchFor = (places: readonly number[], marks: Marks | undefined) => {
        const placeOf = new Map(places.map((place) => [keyAt(place), place]))
        const own = [...placeOf.keys()]
        const flightOf = (key: string) => flightKey(key, epoch, marks)
        return flights.run(own.map(flightOf), { signal, isFailureShared }, (resolve) => {
          const onValue = (key: string, value: Value, source: Source) => {
            take(placeOf.get(key) as number, value, source)
            resolve(flightOf(key), copy(value))
          }
          const onKept = (kept: ReadonlyMap<string, Value>) => {
            for (const [key, value] of kept) remember(key, value)
          }
          const isStoreUp = marks !== undefined
          return fetchMissing(own, {
            leases: isStoreUp ? leases : undefined,
            store: isTold ? store : NO_STORE,
            space,
            marks,
            fetch,
            accepts,
            onValue,
            onKept,
            signal,
          })
        })
      }

      const asked = recall([...keys.keys()])
      if (asked.length > 0) {
        const onRead = (index: number, value: Value) => {
          const place = asked[index] as number
          if (!accepts(keyAt(place), value)) return
          take(place, value, 'redis')
          remember(keyAt(place), value)
        }
        const marks = isTold ? await store.read(asked.map(keyAt), space, onRead) : undefined
        // Once more in memory, because another call may have bought while this one read.
        for (let left = recall(asked.filter(isMissing)); left.length > 0; left = left.filter(isMissing)) {
          signal?.throwIfAborted()
          const awaited = left.map((place) => ({ place, flight: flights.find(flightKey(keyAt(place), epoch, marks)) }))
          const own = awaited.filter(({ flight }) => flight === undefined)
          if (own.length > 0)
            await fetchFor(
              own.map(({ place }) => place),
              marks,
            )
          for (const { place, flight } of awaited) {
            const outcome = flight && (await untilAborted(flight, signal))
            if (outcome === undefined) continue
            if ('value' in outcome) take(place, copy(outcome.value), 'waited')
            else if (outcome.isShared) throw outcome.failure
          }
        }
      }
      counts.found(found, saved)
      return { values: values as Value[], found }
    },
    localMarks,
    counts,
    stats: counts.stats,
  }
}

function createMemory<Value extends object>({ memoryBytes, ttlSeconds, bytesOf }: ResultCacheOptions<Value>) {
  if (memoryBytes === 0) return undefined
  return new LRUCache<string, { readonly value: Value; readonly seenAt: number }>({
    maxSize: memoryBytes,
    sizeCalculation: ({ value }) => bytesOf(value) + ENTRY_OVERHEAD_BYTES,
    ttl: Math.min(ttlSeconds * 1_000, MAX_MEMORY_TTL_MS),
  })
}

/** Whoever asks after an invalidation joins no fetchMissing that began before it. */
function flightKey(key: string, epoch: number, marks: Marks | undefined): string {
  return `${key} ${epoch} ${marks?.join() ?? ''}`
}

function isWorthRepeating(failure: unknown): boolean {
  return isAfterturnError(failure) && failure.retryable
}
