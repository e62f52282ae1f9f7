import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { isAfterturnError } from '../errors.ts'
import type { Metrics } from '../observe/metrics.ts'
import { type CacheStats, type Cost, createCacheCounts, type Source } from './cache-counts.ts'
import type { CacheLog } from './cache-health.ts'
import { createFlightLeases } from './flight-leases.ts'
import { type Codec, createFrameStore } from './frame-store.ts'
import { purchase } from './purchase.ts'

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
  obtain(keys: readonly string[], request: CacheRequest<Value>): Promise<ReadonlyMap<string, Obtained<Value>>>
  stats(): CacheStats
}

export type CacheRequest<Value extends object> = {
  readonly codec: Codec<Value>
  /** One value a key, in order. */
  buy(keys: readonly string[]): Promise<readonly Value[]>
  readonly signal?: AbortSignal | undefined
}

export type Obtained<Value extends object> = { readonly value: Value; readonly source: Source }

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

/** What those who wait for a purchase hear of it. */
type Landing<Value> = { readonly value: Value } | { readonly failure: unknown; readonly isShared: boolean }

/** What an entry takes in memory beside its value: its key, and the LRU's bookkeeping. */
const ENTRY_OVERHEAD_BYTES = 256

/** A cache of what is paid for. Two of them meet in Redis only. */
export function createResultCache<Value extends object>(options: ResultCacheOptions<Value>): ResultCache<Value> {
  const { cache, redis, copy } = options
  const counts = createCacheCounts(cache, options.metrics)
  const store = createFrameStore({ ...options, counts })
  const leases = redis && createFlightLeases(redis, options.flightTtlMs)
  const memory = createMemory(options)
  const flights = new Map<string, Promise<Landing<Value>>>()

  /** Buys for all callers of this process. */
  async function lead(keys: readonly string[], isStoreUp: boolean, request: CacheRequest<Value>, keep: Keep<Value>) {
    const landings = new Map(keys.map((key) => [key, Promise.withResolvers<Landing<Value>>()]))
    const land = (key: string, landing: Landing<Value>) => {
      flights.delete(key)
      landings.get(key)?.resolve(landing)
      landings.delete(key)
    }
    for (const [key, { promise }] of landings) flights.set(key, promise)
    try {
      await purchase(keys, {
        ...request,
        leases: isStoreUp ? leases : undefined,
        store,
        signal: request.signal,
        onValue(key, value, source) {
          keep(key, value, source)
          land(key, { value: copy(value) })
        },
      })
    } catch (failure) {
      const isShared = request.signal?.aborted !== true && isAfterturnError(failure) && failure.retryable
      for (const key of [...landings.keys()]) land(key, { failure, isShared })
      throw failure
    }
  }

  async function find(keys: readonly string[], request: CacheRequest<Value>): Promise<Map<string, Obtained<Value>>> {
    const { codec, signal } = request
    const obtained = new Map<string, Obtained<Value>>()
    const isMissing = (key: string) => !obtained.has(key)
    const keep: Keep<Value> = (key, value, source) => {
      obtained.set(key, { value, source })
      memory?.set(key, copy(value))
    }
    const missingInMemory = (wanted: readonly string[]) => {
      if (!memory) return wanted
      for (const key of wanted) {
        const value = memory.get(key)
        if (value) obtained.set(key, { value: copy(value), source: 'memory' })
      }
      return wanted.filter(isMissing)
    }

    let left = missingInMemory(keys)
    if (left.length === 0) return obtained
    const isStoreUp = await store.read(left, codec, (key, value) => keep(key, value, 'redis'))
    signal?.throwIfAborted()
    // Again, because another call may have bought while this one read.
    left = missingInMemory(left.filter(isMissing))
    while (left.length > 0) {
      signal?.throwIfAborted()
      const awaited = left.map((key) => ({ key, flight: flights.get(key) }))
      const own = left.filter((key) => !flights.has(key))
      if (own.length > 0) await lead(own, isStoreUp, request, keep)
      for (const { key, flight } of awaited) {
        const landing = flight && (await untilAborted(flight, signal))
        if (landing === undefined) continue
        if ('value' in landing) obtained.set(key, { value: copy(landing.value), source: 'waited' })
        else if (landing.isShared) throw landing.failure
      }
      left = left.filter(isMissing)
    }
    return obtained
  }

  return {
    async obtain(keys, request) {
      request.signal?.throwIfAborted()
      const obtained = await find(keys, request)
      countFound(obtained)
      return obtained
    },
    stats: counts.stats,
  }

  function countFound(obtained: ReadonlyMap<string, Obtained<Value>>): void {
    const found = countSources(obtained)
    const saved = { tokens: 0, usd: 0 }
    for (const { value, source } of obtained.values()) {
      if (source === 'bought') continue
      const { tokens, usd } = options.costOf(value)
      saved.tokens += tokens
      saved.usd += usd
    }
    for (const [source, count] of Object.entries(found)) if (count > 0) counts.found(source as Source, count)
    if (saved.tokens > 0) counts.saved(saved)
  }
}

/** How many values came from where. */
export function countSources(obtained: ReadonlyMap<string, Obtained<object>>): Record<Source, number> {
  const found = { memory: 0, redis: 0, waited: 0, bought: 0 }
  for (const { source } of obtained.values()) found[source] += 1
  return found
}

type Keep<Value> = (key: string, value: Value, source: Source) => void

function createMemory<Value extends object>({ memoryBytes, ttlSeconds, bytesOf }: ResultCacheOptions<Value>) {
  if (memoryBytes === 0) return undefined
  return new LRUCache<string, Value>({
    maxSize: memoryBytes,
    sizeCalculation: (value) => bytesOf(value) + ENTRY_OVERHEAD_BYTES,
    ttl: ttlSeconds * 1_000,
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
