import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import type { CallOptions } from '../ai/model-provider.ts'
import type { Metrics } from '../observe/metrics.ts'
import { createFrameStore, type ErasureMark, type FrameSpace } from './binary-cache.ts'
import { type CacheStats, type Cost, createCacheCounts, type Found, type Source } from './cache-counts.ts'
import type { CacheLog } from './cache-health.ts'
import { purchase } from './fetch-missing.ts'
import { createFlightLeases } from './flight-leases.ts'
import { createFlights } from './single-flight.ts'

/**
 * Owns the way of a key to its value: this process's memory, then Redis, then whoever is buying it already, here or elsewhere, then the provider.
 * Guarantees: no failure of Redis is a failure of the call; a hit waits for nobody's purchase; a failure is never cached, and one caller's own
 * trouble (its signal, its other inputs) is nobody else's.
 */
export type ResultCache<Value extends object> = {
  /**
   * The values of distinct keys, each the caller's own. What is missing is bought in one call, or awaited if others are buying it.
   * @throws what `buy` throws, for those too who waited for it in this process if a repetition may help; the signal's reason
   */
  obtain(keys: readonly string[], request: CacheRequest<Value>): Promise<Obtained<Value>>
  stats(): CacheStats
}

export type CacheRequest<Value extends object> = {
  readonly space: FrameSpace<Value>
  /** One value a key, in order. */
  buy(keys: readonly string[]): Promise<readonly Value[]>
  readonly signal?: AbortSignal | undefined
}

export type Obtained<Value extends object> = {
  /** One a key, in order. */
  readonly values: readonly Value[]
  readonly found: Found
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

export type ResultCacheOptions<Value extends object> = CacheSettings & {
  readonly cache: 'embedding' | 'completion'
  /** What this process's memory may hold; 0 for nothing. */
  readonly memoryBytes: number
  bytesOf(value: Value): number
  copy(value: Value): Value
  /** What it costs to buy the value again. */
  costOf(value: Value): Cost
}

/** What is erased everywhere else is gone from each process's memory after this time at the latest. */
const MAX_MEMORY_TTL_MS = 3_600_000
/** What an entry takes in memory beside its value: its key, and the LRU's bookkeeping. */
const ENTRY_OVERHEAD_BYTES = 256

/** A cache of what is paid for. Two of them meet in Redis only. */
export function createResultCache<Value extends object>(options: ResultCacheOptions<Value>): ResultCache<Value> {
  const { cache, redis, copy, costOf } = options
  const counts = createCacheCounts(cache, options.metrics)
  const store = createFrameStore({ ...options, counts })
  const leases = redis && createFlightLeases(redis, options.flightTtlMs)
  const memory = createMemory(options)
  const flights = createFlights<Value>()

  return {
    async obtain(keys, { space, buy, signal }) {
      signal?.throwIfAborted()
      // By place and not by key: a map of a hundred values costs a twentieth of the time in which they are read.
      const values = new Array<Value | undefined>(keys.length)
      const found = { memory: 0, redis: 0, waited: 0, bought: 0 }
      const saved = { tokens: 0, usd: 0 }
      const keyAt = (place: number) => keys[place] as string
      const isMissing = (place: number) => values[place] === undefined

      const take = (place: number, value: Value, source: Source) => {
        values[place] = value
        found[source] += 1
        if (source === 'bought') return
        const { tokens, usd } = costOf(value)
        saved.tokens += tokens
        saved.usd += usd
      }
      const keep = (place: number, value: Value, source: Source) => {
        take(place, value, source)
        memory?.set(keyAt(place), copy(value))
      }
      /** Takes what is in memory, and answers what is not. */
      const recall = (places: number[]) => {
        if (!memory) return places
        for (const place of places) {
          const value = memory.get(keyAt(place))
          if (value) take(place, copy(value), 'memory')
        }
        return places.filter(isMissing)
      }
      const lead = (places: readonly number[], mark: ErasureMark | undefined) => {
        const placeOf = new Map(places.map((place) => [keyAt(place), place]))
        const own = [...placeOf.keys()]
        return flights.lead(own, signal, (land) => {
          const onValue = (key: string, value: Value, source: Source) => {
            keep(placeOf.get(key) as number, value, source)
            land(key, copy(value))
          }
          const isStoreUp = mark !== undefined
          return purchase(own, { leases: isStoreUp ? leases : undefined, store, space, mark, buy, onValue, signal })
        })
      }

      const asked = recall([...keys.keys()])
      if (asked.length > 0) {
        const onRead = (index: number, value: Value) => keep(asked[index] as number, value, 'redis')
        const mark = await store.read(asked.map(keyAt), space, onRead)
        // Once more in memory, because another call may have bought while this one read.
        for (let left = recall(asked.filter(isMissing)); left.length > 0; left = left.filter(isMissing)) {
          signal?.throwIfAborted()
          const awaited = left.map((place) => ({ place, flight: flights.find(keyAt(place)) }))
          const own = awaited.filter(({ flight }) => flight === undefined)
          if (own.length > 0)
            await lead(
              own.map(({ place }) => place),
              mark,
            )
          for (const { place, flight } of awaited) {
            const landing = flight && (await untilAborted(flight, signal))
            if (landing === undefined) continue
            if ('value' in landing) take(place, copy(landing.value), 'waited')
            else if (landing.isShared) throw landing.failure
          }
        }
      }
      counts.found(found, saved)
      return { values: values as Value[], found }
    },
    stats: counts.stats,
  }
}

function createMemory<Value extends object>({ memoryBytes, ttlSeconds, bytesOf }: ResultCacheOptions<Value>) {
  if (memoryBytes === 0) return undefined
  return new LRUCache<string, Value>({
    maxSize: memoryBytes,
    sizeCalculation: (value) => bytesOf(value) + ENTRY_OVERHEAD_BYTES,
    ttl: Math.min(ttlSeconds * 1_000, MAX_MEMORY_TTL_MS),
  })
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
