import type { CacheStats } from '../shared/cache/engine/cache-counts.ts'
import type { Life } from '../shared/cache/engine/entry-frame.ts'
import { createLoadedCache, type LoadedCache, type LoadedCacheOptions } from '../shared/cache/engine/loaded-cache.ts'
import {
  type ContentCache,
  type ContentCacheOptions,
  createContentCache,
  REVALIDATE_MS,
} from '../shared/cache/faces/content-cache.ts'
import { createToolCache, MAX_TOOL_TTL_MS, type ToolCache } from '../shared/cache/faces/tool-cache.ts'
import type { CallGate } from '../shared/call-gate.ts'
import type { Foundation } from './foundation.ts'

/** Caches of what the host loads: each loads once for all processes, and an invalidation is final. */
export type Caches = {
  /**
   * Content by slug and version: its files, its manifest, single files.
   * @example
   * const plugins = runtime.caches.content({ load: ({ slug, version }) => readFromS3(slug, version) })
   * const { value } = await plugins.manifest({ orgId: 'acme', slug: 'calendar', version: '1.2.0' })
   * await plugins.invalidate({ orgId: 'acme', slug: 'calendar' })
   */
  content(options: ContentCacheOptions): ContentCache
  /** Lists of tools of MCP servers and the like. */
  readonly tools: ToolCache
}

export function createCaches(
  { config, connections, clock, log, metrics }: Foundation,
  calls: CallGate,
): {
  readonly caches: Caches
  readonly loaded: readonly LoadedCache[]
} {
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
  return {
    caches: {
      content: (options) => guard(calls, createContentCache(contents, keyPrefix, options)),
      tools: guard(calls, createToolCache(tools, keyPrefix)),
    },
    loaded: [contents, tools],
  }
}

type Guarded = { readonly [name: string]: (...args: never[]) => Promise<unknown> }

/** What an app may ask of a cache until the runtime is closed; its stats at any time. */
function guard<Cache extends { stats(): CacheStats }>(calls: CallGate, cache: Cache): Cache {
  const { stats, ...asked } = cache
  return { stats, ...calls.guard(asked as unknown as Guarded) } as unknown as Cache
}
