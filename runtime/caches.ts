import { ANSWER_LIFE } from '../shared/answers/answers.ts'
import type { CacheStats } from '../shared/cache/engine/cache-counts.ts'
import { erasureMarkKey } from '../shared/cache/engine/cache-keys.ts'
import type { Life, Sealing } from '../shared/cache/engine/entry-frame.ts'
import { createLoadedCache, type LoadedCache, type LoadedCacheOptions } from '../shared/cache/engine/loaded-cache.ts'
import {
  type ContentCache,
  type ContentCacheOptions,
  createContentCache,
  REVALIDATE_MS,
} from '../shared/cache/faces/content-cache.ts'
import { createPrefetched, type Prefetched, type PrefetchedOptions } from '../shared/cache/faces/prefetcher.ts'
import { createTokenCache, fatalMsOf, MAX_TOKEN_LIFE_MS, type TokenCache } from '../shared/cache/faces/token-cache.ts'
import { createToolCache, MAX_TOOL_TTL_MS, type ToolCache } from '../shared/cache/faces/tool-cache.ts'
import type { CallGate } from '../shared/call-gate.ts'
import type { Foundation } from './foundation.ts'

/** Caches of what the host loads: each loads once for all processes, and an invalidation is final. */
export type Caches = {
  /** Content by slug and version: its files, its manifest, single files. See `docs/guides/caches.md`. */
  content(options: ContentCacheOptions): ContentCache
  /** Lists of tools of MCP servers and the like. */
  readonly tools: ToolCache
  /** Metadata that are refreshed ahead of their use, until the runtime is closed. */
  metadata<Value>(options: PrefetchedOptions<Value>): Prefetched<Value>
}

type CachesOfRuntime = {
  readonly caches: Caches
  readonly tokens: TokenCache
  /** Where answers of models are kept; see `shared/answers/`. */
  readonly answers: LoadedCache
  /** Something of an org was erased: what this process holds of it is ended at once. */
  erased(orgId: string): void
  /** Ends what loads in the background. */
  close(): Promise<void>
}

const REFRESH_LOOK_MS = 1_000
const MAX_METADATA_LIFE_MS = 86_400_000

export function createCaches(
  { config, connections, clock, log, metrics }: Foundation,
  calls: CallGate,
  ring: Sealing | undefined,
): CachesOfRuntime {
  const keyPrefix = config.redisKeyPrefix
  const create = (cache: LoadedCacheOptions['cache'], life: Life, more: Partial<LoadedCacheOptions> = {}) =>
    createLoadedCache({
      cache,
      life,
      redis: connections.getCacheConnection(),
      keyPrefix,
      memoryBytes: config.cacheMemoryBytes,
      clock,
      log,
      metrics,
      // With keys, nothing that hosts load lies in Redis in the clear.
      ...(ring && { sealing: { ring, label: cache } }),
      ...more,
    })
  const freshMs = config.contentCacheTtlSeconds * 1_000
  const contents = create('content', {
    freshMs,
    revalidateMs: Math.min(freshMs, REVALIDATE_MS),
    staleIfErrorMs: freshMs,
  })
  const tools = create(
    'tools',
    { freshMs: 0, revalidateMs: 0, staleIfErrorMs: 0 },
    { maxLifeMs: 48 * MAX_TOOL_TTL_MS, maxBytes: 8 * 1_024 * 1_024 },
  )
  const none = { freshMs: 0, revalidateMs: 0, staleIfErrorMs: 0 }
  const metadata = create('metadata', none, { maxLifeMs: MAX_METADATA_LIFE_MS, maxBackoffMs: 600_000 })
  // Never in the clear outside this process.
  const sealed = (label: string) => (ring ? { sealing: { ring, label } } : { redis: undefined })
  const tokens = create('tokens', none, { maxLifeMs: MAX_TOKEN_LIFE_MS, fatalMsOf, ...sealed('machine tokens') })
  const answers = create('answers', ANSWER_LIFE, sealed('answers'))
  const timers: NodeJS.Timeout[] = []
  const all = [contents, tools, metadata, tokens, answers]
  return {
    caches: {
      content: (options) => guard(calls, createContentCache(contents, keyPrefix, options)),
      tools: guard(calls, createToolCache(tools, keyPrefix)),
      metadata(options) {
        const { refreshDue, ...prefetched } = createPrefetched(metadata, keyPrefix, options, clock)
        let isBusy = false
        const look = () => {
          if (isBusy) return
          isBusy = true
          void refreshDue().finally(() => {
            isBusy = false
          })
        }
        timers.push(setInterval(look, REFRESH_LOOK_MS).unref())
        return guard(calls, prefetched)
      },
    },
    tokens: guardTokens(calls, createTokenCache(tokens, keyPrefix)),
    answers,
    erased(orgId) {
      for (const cache of all) cache.endHere(erasureMarkKey(keyPrefix, { orgId }))
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(all.map((cache) => cache.close()))
    },
  }
}

function guardTokens(calls: CallGate, { rejected, ...tokens }: TokenCache): TokenCache {
  return { rejected, ...guard(calls, tokens) }
}

type Guarded = { readonly [name: string]: (...args: never[]) => Promise<unknown> }

/** What an app may ask of a cache until the runtime is closed; its stats at any time. */
function guard<Cache extends { stats(): CacheStats }>(calls: CallGate, cache: Cache): Cache {
  const { stats, ...asked } = cache
  return { stats, ...calls.guard(asked as unknown as Guarded) } as unknown as Cache
}
