import { LRUCache } from 'lru-cache'
import { type Clock, systemClock } from '../../clock.ts'
import { withinDeadline } from '../../deadline.ts'
import { AfterturnError } from '../../errors.ts'
import type { CacheName, CacheStats } from './cache-counts.ts'
import { type CachedEntry, createEntryCodec, freeze, type Life, lifeMsOf, type Sealing } from './entry-frame.ts'
import { createInvalidator, type Invalidation } from './invalidate.ts'
import { type CacheSettings, createResultCache } from './result-cache.ts'

/**
 * Owns values that age: fresh ones are served at once; for a while after that they are served while one process of the fleet loads a newer one; then they serve only if loading fails.
 * Guarantees: those of `result-cache.ts` and `invalidate.ts`; a load that throws or hangs replaces nothing; "there is none" is kept only briefly.
 */
export type LoadedCache = {
  /**
   * One value, frozen and shared by all who ask; undefined if the source has none.
   * @throws what `load` throws if no older value may be served; STORE_UNAVAILABLE after `loadTimeoutMs`; the signal's reason
   */
  get<Value>(place: CachePlace, load: Load<Value>, options?: GetOptions): Promise<Loaded<Value>>
  /** Loads a value unless one younger than this is there. @throws what `load` throws, also again while a source that has failed is left alone */
  renew<Value>(place: CachePlace, load: Load<Value>, olderThanMs: number): Promise<Loaded<Value>>
  /** Ends everything under a mark. */
  invalidate(markKey: string, pattern: string): Promise<Invalidation>
  /** Ends everything under a mark in this process, where others set the mark in Redis. */
  endHere(markKey: string): void
  stats(): CacheStats
  /** Loads that nobody waits for have ended. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** Where a value lies, and under which marks: those of its org's erasures and of its tags. */
export type CachePlace = { readonly key: string; readonly markKeys: readonly string[] }

/** Fetches a value from its source. Its life may be shorter or longer than the cache's. */
export type Load<Value> = (signal: AbortSignal) => Promise<{ readonly value: Value | undefined; readonly life?: Life }>

type GetOptions = {
  readonly signal?: AbortSignal | undefined
  /** Whether a value that is there will do; otherwise it is not served even if loading fails. @default it will */
  accepts?(value: unknown): boolean
}

export type Loaded<Value> = {
  readonly value: Value | undefined
  /** Whether it is served although a newer one could not be loaded yet. */
  readonly isStale: boolean
  readonly loadedAt: Date
  /** What is left of its fresh time; 0 if it is stale. */
  readonly freshForMs: number
}

export type LoadedCacheOptions = Omit<CacheSettings, 'ttlSeconds'> & {
  readonly cache: CacheName
  readonly life: Life
  /** What this process's memory may hold; 0 for nothing. */
  readonly memoryBytes: number
  /** How long this process serves from memory without looking at Redis: for that long it does not hear of others' invalidations. @default 5,000 */
  readonly memoryTtlMs?: number
  /** A larger value is returned and not kept. @default 1 MiB */
  readonly maxBytes?: number
  /** A load that takes longer is aborted and fails. @default 30,000 */
  readonly loadTimeoutMs?: number
  /** The longest pause after failures of a source; the first is 1 s, each next one twice that. @default 30,000 */
  readonly maxBackoffMs?: number
  /** How long a failure is remembered although there is nothing older to serve, in ms. @default not at all */
  fatalMsOf?(failure: unknown): number
  /** The longest life that `load` may give. @default that of `life` */
  readonly maxLifeMs?: number
  /** Seals what leaves this process. @default undefined: values are not secret */
  readonly sealing?: { readonly ring: Sealing; readonly label: string } | undefined
  readonly clock?: Clock
}

/** How long "there is none" is kept. */
const NEGATIVE_MS = 5_000
const MEMORY_TTL_MS = 5_000
const MAX_BYTES = 1_024 * 1_024
const LOAD_TIMEOUT_MS = 30_000
const MAX_EARLY_SHARE = 0.1
const FIRST_BACKOFF_MS = 1_000
const MAX_BACKOFF_MS = 30_000
/** Of entries of size 1: `max` of the cache would make lists for all of them at once, which takes 1 ms and 200 KB. */
const MAX_BACKOFFS = 10_000

export function createLoadedCache(options: LoadedCacheOptions): LoadedCache {
  const { life, maxBytes = MAX_BYTES, loadTimeoutMs = LOAD_TIMEOUT_MS } = options
  const { clock = systemClock, memoryTtlMs = MEMORY_TTL_MS, maxBackoffMs = MAX_BACKOFF_MS } = options
  const wholeMs = (one: Life) => one.freshMs + one.revalidateMs + one.staleIfErrorMs
  const maxLifeMs = Math.max(options.maxLifeMs ?? 0, wholeMs(life))
  const codec = createEntryCodec({ maxBytes, sealing: options.sealing, monotonicMs: clock.monotonicMs })
  const ageOf = (entry: CachedEntry) => clock.monotonicMs() - entry.loadedAtMs
  const results = createResultCache<CachedEntry>({
    ...options,
    ttlSeconds: maxLifeMs / 1_000,
    bytesOf: ({ bytes }) => bytes,
    // They are frozen.
    copy: (entry) => entry,
    memoryTtlMsOf: (entry) =>
      entry.bytes > maxBytes ? 0 : Math.min(memoryTtlMs, Math.floor(lifeMsOf(entry) - ageOf(entry))),
  })
  const { localMarks, counts } = results
  const invalidator = createInvalidator(options.redis, localMarks, maxLifeMs)
  const backoffs = new LRUCache<
    string,
    { readonly untilMs: number; readonly ms: number; readonly error: unknown; readonly isFatal: boolean }
  >({
    maxSize: MAX_BACKOFFS,
    sizeCalculation: () => 1,
  })
  const refreshes = new Map<string, Promise<void>>()
  const closing = new AbortController()

  const toEntry = (given: unknown, granted: Life, loadedAtMs: number): CachedEntry => {
    const json = toJson(given)
    const bytes = Buffer.byteLength(json)
    if (bytes > maxBytes) counts.tooLarge()
    return {
      value: json === '' ? undefined : bytes > maxBytes ? given : freeze(JSON.parse(json)),
      life: json === '' ? { freshMs: NEGATIVE_MS, revalidateMs: 0, staleIfErrorMs: 0 } : boundLife(granted, maxLifeMs),
      loadedAtMs,
      costMs: clock.monotonicMs() - loadedAtMs,
      id: Math.random(),
      bytes,
    }
  }

  const load = async <Value>(key: string, ask: Load<Value>, signal: AbortSignal | undefined): Promise<CachedEntry> => {
    const startedMs = clock.monotonicMs()
    const signals = [AbortSignal.timeout(loadTimeoutMs), closing.signal, ...(signal ? [signal] : [])]
    try {
      const asked = withinDeadline(ask(AbortSignal.any(signals)), loadTimeoutMs, () => late(loadTimeoutMs))
      const { value, life: granted = life } = await asked
      backoffs.delete(key)
      return toEntry(value, granted, startedMs)
    } catch (error) {
      const fatalMs = options.fatalMsOf?.(error) ?? 0
      const ms = fatalMs || Math.min(2 * (backoffs.get(key)?.ms ?? FIRST_BACKOFF_MS / 2), maxBackoffMs)
      if (!signal?.aborted) backoffs.set(key, { ms, untilMs: clock.monotonicMs() + ms, error, isFatal: fatalMs > 0 })
      throw error
    }
  }

  type Demand = {
    readonly signal: AbortSignal | undefined
    accepts(entry: CachedEntry): boolean
    /** Whether there is something else to serve, so that a source that has just failed need not be asked again. */
    hasOther(): boolean
  }
  const obtain = async <Value>(
    { key, markKeys }: CachePlace,
    ask: Load<Value>,
    { signal, accepts, hasOther }: Demand,
  ) => {
    const { values, found } = await results.obtain([key], {
      space: { codec, markKeys, lifeMsOf: (entry) => lifeMsOf(entry) - ageOf(entry) },
      signal,
      accepts: (_, entry) => accepts(entry),
      // One key has one outcome: those who waited would only fail one after the other.
      isFailureShared: () => true,
      async fetch() {
        const backoff = backoffs.get(key)
        const isTooSoon = backoff && clock.monotonicMs() < backoff.untilMs
        if (isTooSoon && (backoff.isFatal || hasOther())) throw backoff.error
        return [await load(key, ask, signal)]
      },
    })
    return { entry: values[0] as CachedEntry, isNew: found.bought + found.waited > 0 }
  }

  const refresh = (place: CachePlace, ask: Load<unknown>, old: CachedEntry): void => {
    const backoff = backoffs.get(place.key)
    const isTooSoon = backoff && clock.monotonicMs() < backoff.untilMs
    if (isTooSoon || refreshes.has(place.key) || closing.signal.aborted) return
    const accepts = (entry: CachedEntry) => entry.id !== old.id
    const done = () => void refreshes.delete(place.key)
    // A failure is remembered by the load itself; the older value serves on.
    refreshes.set(
      place.key,
      obtain(place, ask, { signal: closing.signal, accepts, hasOther: () => true }).then(done, done),
    )
  }

  const show = <Value>(entry: CachedEntry, isStale: boolean): Loaded<Value> => {
    if (isStale) counts.stale()
    return {
      value: entry.value as Value | undefined,
      isStale,
      loadedAt: new Date(clock.now().getTime() - ageOf(entry)),
      freshForMs: Math.max(0, entry.life.freshMs - ageOf(entry)),
    }
  }

  return {
    async get(place, ask, { signal, accepts = () => true } = {}) {
      let fallback: CachedEntry | undefined
      const usable = (entry: CachedEntry) => {
        const ageMs = ageOf(entry)
        if (entry.value !== undefined && !accepts(entry.value)) return false
        if (ageMs < entry.life.freshMs + entry.life.revalidateMs) return true
        if (ageMs < lifeMsOf(entry)) fallback = entry
        return false
      }
      try {
        const hasOther = () => fallback !== undefined
        const { entry, isNew } = await obtain(place, ask, { signal, accepts: usable, hasOther })
        const freshForMs = entry.life.freshMs - ageOf(entry)
        if (isDue(freshForMs, entry)) refresh(place, ask, entry)
        return show(entry, !isNew && freshForMs <= 0)
      } catch (error) {
        if (signal?.aborted || fallback === undefined || ageOf(fallback) >= lifeMsOf(fallback)) throw error
        return show(fallback, true)
      }
    },
    async renew(place, ask, olderThanMs) {
      const accepts = (entry: CachedEntry) => ageOf(entry) < olderThanMs
      const { entry } = await obtain(place, ask, { signal: closing.signal, accepts, hasOther: () => true })
      return show(entry, false)
    },
    invalidate: invalidator.invalidate,
    endHere: (markKey) => localMarks.mark([markKey]),
    stats: results.stats,
    async settled() {
      while (refreshes.size > 0) await Promise.all(refreshes.values())
    },
    async close() {
      closing.abort(new AfterturnError('RUNTIME_CLOSED', 'The runtime is closed; what was being loaded is not needed.'))
      invalidator.close()
      await Promise.all(refreshes.values())
    },
  }
}

/**
 * XFetch (Vattani et al.): the costlier a load, the earlier somebody begins it, at a random moment, so that no instant exists at which all are late. Bounded, because
 * under much traffic a costly load would otherwise halve a short life.
 */
function isDue(freshForMs: number, { costMs, life }: CachedEntry): boolean {
  // What may not be served once it is old is loaded when somebody wants it.
  if (life.revalidateMs <= 0) return false
  return freshForMs <= Math.min(life.freshMs * MAX_EARLY_SHARE, -costMs * Math.log(1 - Math.random()))
}

/** A source may say anything: no times below nothing, and none beyond the marks that end them. */
function boundLife({ freshMs, revalidateMs, staleIfErrorMs }: Life, maxLifeMs: number): Life {
  let leftMs = maxLifeMs
  const take = (ms: number) => {
    const taken = Math.min(leftMs, Math.max(0, Number.isFinite(ms) ? ms : ms > 0 ? leftMs : 0))
    leftMs -= taken
    return taken
  }
  return { freshMs: take(freshMs), revalidateMs: take(revalidateMs), staleIfErrorMs: take(staleIfErrorMs) }
}

function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? ''
  } catch (error) {
    throw new AfterturnError('INPUT_INVALID', `A source gave a value that is not JSON: ${(error as Error).message}.`)
  }
}

function late(loadTimeoutMs: number): AfterturnError {
  return new AfterturnError('STORE_UNAVAILABLE', `A source did not answer within ${loadTimeoutMs} ms.`, {
    remedy: 'Repeat the call. If it persists, check the source that `load` asks.',
  })
}
