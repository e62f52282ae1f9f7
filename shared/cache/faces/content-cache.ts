import { z } from 'zod'
import { idSchema, parseInput } from '../../parse-input.ts'
import type { CacheStats } from '../engine/cache-counts.ts'
import { type CacheKind, entryKey, entryPattern, erasureMarkKey, tagMarkKey } from '../engine/cache-keys.ts'
import type { Invalidation } from '../engine/invalidate.ts'
import type { CachePlace, Load, Loaded, LoadedCache } from '../engine/loaded-cache.ts'

/**
 * Owns cached content: the files of a slug and version, its parsed `manifest.json`, and single files, each under a key of its own.
 * Guarantees: those of `loaded-cache.ts`; one load serves all three; an invalidation ends all three at once. Must not look into files but the manifest.
 */
export type ContentCache = {
  /** All files, by path; undefined if the source has no such content. @throws INPUT_INVALID, and what `load` throws */
  content(at: ContentKey): Promise<Loaded<ContentFiles>>
  /** `manifest.json`, parsed; undefined if there is none. @throws INPUT_INVALID, also if it is not JSON; what `load` throws */
  manifest(at: ContentKey): Promise<Loaded<unknown>>
  /** One file; undefined if there is none. @throws INPUT_INVALID, and what `load` throws */
  file(at: ContentKey & { readonly path: string }): Promise<Loaded<string>>
  /** Ends one version, or all versions of a slug. @throws INPUT_INVALID */
  invalidate(what: { readonly orgId: string; readonly slug: string; readonly version?: string }): Promise<Invalidation>
  stats(): CacheStats
}

export type ContentKey = {
  readonly orgId: string
  /** Any text of 1 to 512 bytes; no character has a meaning. */
  readonly slug: string
  readonly version: string
  readonly signal?: AbortSignal
}

/** The text of each file, by its path. */
export type ContentFiles = Readonly<Record<string, string>>

export type ContentCacheOptions = {
  /** What this content is, for keys; two caches of one name share what they hold. @default 'plugin' */
  readonly name?: string
  /** Reads all files from where they really are; undefined if there is no such content. */
  load(at: Required<ContentKey>): Promise<ContentFiles | undefined>
}

const MANIFEST = 'manifest.json'
const MAX_PATH_CHARS = 4_096
const keySchema = z.object({
  orgId: idSchema,
  slug: idSchema,
  version: idSchema,
  path: z.string().max(MAX_PATH_CHARS).optional(),
})
const whatSchema = keySchema.partial({ version: true })
const filesSchema = z.record(z.string(), z.string('expected the text of a file')).optional()

export function createContentCache(
  cache: LoadedCache,
  keyPrefix: string,
  { name = 'plugin', load }: ContentCacheOptions,
): ContentCache {
  const tagOf = (slug: string, ...version: string[]) => ['content', name, slug, ...version]
  const placeOf = (kind: CacheKind, { orgId, slug, version }: ContentKey, ...path: string[]): CachePlace => ({
    key: entryKey(keyPrefix, kind, orgId, [[name, slug], [version], ...(path.length > 0 ? [path] : [])]),
    markKeys: [
      erasureMarkKey(keyPrefix, { orgId }),
      tagMarkKey(keyPrefix, orgId, tagOf(slug)),
      tagMarkKey(keyPrefix, orgId, tagOf(slug, version)),
    ],
  })
  const content = (at: ContentKey) =>
    cache.get<ContentFiles>(
      placeOf('plugin_content', at),
      async (signal) => ({
        value: parseInput(
          filesSchema,
          await load({ orgId: at.orgId, slug: at.slug, version: at.version, signal }),
          'content',
        ),
      }),
      at,
    )
  /** A part lives no longer than the content that it is taken from. */
  const takeFrom =
    <Part>(at: ContentKey, take: (files: ContentFiles) => Part | undefined): Load<Part> =>
    async (signal) => {
      const { value, freshForMs } = await content({ ...at, signal })
      const life = { freshMs: freshForMs, revalidateMs: REVALIDATE_MS, staleIfErrorMs: freshForMs }
      return { value: value && take(value), life }
    }

  return {
    async content(at) {
      parseInput(keySchema, at, 'content')
      return content(at)
    },
    async manifest(at) {
      parseInput(keySchema, at, 'content')
      return cache.get(placeOf('plugin_manifest', at), takeFrom(at, readManifest), at)
    },
    async file({ path, ...at }) {
      parseInput(keySchema, { ...at, path }, 'content')
      return cache.get(
        placeOf('plugin_files', at, path),
        takeFrom(at, (files) => fileOf(files, path)),
        at,
      )
    },
    async invalidate({ orgId, slug, version }) {
      parseInput(whatSchema, { orgId, slug, version }, 'content')
      const versions = version === undefined ? [] : [version]
      return cache.invalidate(
        tagMarkKey(keyPrefix, orgId, tagOf(slug, ...versions)),
        entryPattern(keyPrefix, 'plugin_*', orgId, [[name, slug], ...(version === undefined ? [] : [versions])]),
      )
    },
    stats: cache.stats,
  }
}

/** Content is served this long while a newer one is loaded. */
export const REVALIDATE_MS = 60_000

function fileOf(files: ContentFiles, path: string): string | undefined {
  return Object.hasOwn(files, path) ? files[path] : undefined
}

function readManifest(files: ContentFiles): unknown {
  const text = fileOf(files, MANIFEST)
  if (text === undefined) return undefined
  const json = z.string().transform((given, context) => {
    try {
      return JSON.parse(given) as unknown
    } catch {
      context.addIssue('expected JSON')
      return z.NEVER
    }
  })
  return parseInput(json, text, MANIFEST)
}
