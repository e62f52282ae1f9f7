import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { AfterturnError } from '../../errors.ts'
import { idSchema, parseInput } from '../../parse-input.ts'
import type { CacheStats } from '../engine/cache-counts.ts'
import { entryKey, entryPattern, erasureMarkKey, tagMarkKey } from '../engine/cache-keys.ts'
import type { Invalidation } from '../engine/invalidate.ts'
import type { CachePlace, Loaded, LoadedCache } from '../engine/loaded-cache.ts'

/**
 * Owns cached lists of tools, as MCP's `ttlMs` and `cacheScope` say. Guarantees: those of `loaded-cache.ts`; a list reaches only callers with the same credentials, and unless its
 * server says `public`, only the same user; of credentials only a digest is in a key; a failed refresh keeps the last good list, marked stale. Must not keep results of tools.
 */
export type ToolCache = {
  /** The tools of a server, all pages. @throws INPUT_INVALID, and what `fetch` throws if there is no older list */
  list(of: ToolListRequest): Promise<ToolList>
  /** The server's list has changed: it is fetched again, for everybody. */
  changed(what: { readonly orgId: string; readonly server: string }): Promise<Invalidation>
  /** A user has connected or disconnected an account: the lists of that user are fetched again. */
  forget(what: { readonly orgId: string; readonly userId: string }): Promise<Invalidation>
  stats(): CacheStats
}

export type ToolListRequest = {
  readonly orgId: string
  /** Unset: the list is the org's own. */
  readonly userId?: string
  /** What tells the server from others: its URL or command line. */
  readonly server: string
  /** Every credential and header that is sent along. Neither stored nor logged. */
  readonly credentials?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Asks the server for one page. */
  fetch(page: { readonly cursor?: string; readonly signal: AbortSignal }): Promise<ToolPage>
}

/** A page as `tools/list` of MCP returns it. */
export type ToolPage = {
  readonly tools: readonly unknown[]
  readonly nextCursor?: string | undefined
  /** How long the list is fresh. @default 0: callers share a fetch */
  readonly ttlMs?: number | undefined
  /** @default 'private' */
  readonly cacheScope?: 'public' | 'private' | undefined
}

export type ToolList = {
  readonly tools: readonly Tool[]
  /** Whether a newer list could not be fetched yet: the agent can be told that tools may be missing. */
  readonly isStale: boolean
  readonly loadedAt: Date
}
export type Tool = z.infer<typeof toolSchema>

/** The longest time that a server may ask for. */
export const MAX_TOOL_TTL_MS = 3_600_000
/** How long the last good list serves while its server fails. */
const STALE_IF_ERROR_MS = 86_400_000
const MAX_REVALIDATE_MS = 30_000
const MAX_PAGES = 100
/** Of entries of size 1: `max` of the cache would make lists for all of them at once, which takes 1 ms and 200 KB. */
const MAX_SERVERS = 10_000
/** Shorter values stand in any text. */
const MIN_SECRET_CHARS = 8

const json = z.record(z.string(), z.unknown())
/** The metadata of a tool; whatever else a client adds, such as the connection it came over, is dropped. */
const toolSchema = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: json.optional(),
  outputSchema: json.optional(),
  annotations: json.optional(),
  icons: z.array(json).optional(),
})
const pageSchema = z.object({
  tools: z.array(toolSchema),
  nextCursor: z.string().optional(),
  ttlMs: z.number().optional().catch(undefined),
  cacheScope: z.enum(['public', 'private']).optional().catch(undefined),
})
const requestSchema = z.object({
  orgId: idSchema,
  userId: idSchema.optional(),
  server: z.string().min(1).max(8_192),
  credentials: z.record(z.string(), z.string()).optional(),
})

export function createToolCache(cache: LoadedCache, keyPrefix: string): ToolCache {
  /** Servers that have said `public`. In doubt a list is one user's. */
  const publicServers = new LRUCache<string, true>({ maxSize: MAX_SERVERS, sizeCalculation: () => 1 })
  const serverTag = (server: string) => ['tools', server]
  const userTag = (userId: string) => ['tools of', userId]
  const placeOf = ({ orgId, userId, server, credentials = {} }: ToolListRequest, isPublic: boolean): CachePlace => {
    const user = isPublic || userId === undefined ? [] : [userId]
    return {
      key: entryKey(keyPrefix, 'tools', orgId, [[server], user, [digestOf(credentials)]]),
      markKeys: [
        erasureMarkKey(keyPrefix, { orgId }),
        tagMarkKey(keyPrefix, orgId, serverTag(server)),
        ...user.map((id) => tagMarkKey(keyPrefix, orgId, userTag(id))),
      ],
    }
  }

  async function get(request: ToolListRequest, isPublic: boolean): Promise<Loaded<ListOrScope>> {
    const place = placeOf(request, isPublic)
    const publicKey = placeOf(request, true).key
    return cache.get<ListOrScope>(
      place,
      async (signal) => {
        const { tools, ttlMs, scope } = await fetchAll(request, signal)
        if (scope === 'public') publicServers.set(publicKey, true)
        else {
          publicServers.delete(publicKey)
          // Others wait for this load whom the list is not for.
          if (isPublic) return { value: 'private', life: NO_LIFE }
        }
        const freshMs = Math.min(Math.max(0, ttlMs), MAX_TOOL_TTL_MS)
        const text = JSON.stringify(tools)
        const isClean = Object.values(request.credentials ?? {}).every(
          (secret) => secret.length < MIN_SECRET_CHARS || !text.includes(secret),
        )
        const life = {
          freshMs,
          revalidateMs: Math.min(freshMs / 10, MAX_REVALIDATE_MS),
          staleIfErrorMs: STALE_IF_ERROR_MS,
        }
        return { value: tools, life: isClean ? life : NO_LIFE }
      },
      request,
    )
  }

  return {
    async list(request) {
      const { orgId, userId, server, credentials } = request
      parseInput(requestSchema, { orgId, userId, server, credentials }, 'request for tools')
      const isPublic = publicServers.has(placeOf(request, true).key)
      const asked = await get(request, isPublic)
      const { value, isStale, loadedAt } = asked.value === 'private' ? await get(request, false) : asked
      return { tools: value === 'private' || !value ? [] : value, isStale, loadedAt }
    },
    async changed({ orgId, server }) {
      parseInput(requestSchema, { orgId, server }, 'change of tools')
      return cache.invalidate(
        tagMarkKey(keyPrefix, orgId, serverTag(server)),
        entryPattern(keyPrefix, 'tools', orgId, [[server]]),
      )
    },
    async forget({ orgId, userId }) {
      parseInput(z.object({ orgId: idSchema, userId: idSchema }), { orgId, userId }, 'user of tools')
      return cache.invalidate(
        tagMarkKey(keyPrefix, orgId, userTag(userId)),
        entryPattern(keyPrefix, 'tools', orgId, [undefined, [userId]]),
      )
    },
    stats: cache.stats,
  }
}

/** The list, or that a server that said `public` says so no more. */
type ListOrScope = readonly Tool[] | 'private'
const NO_LIFE = { freshMs: 0, revalidateMs: 0, staleIfErrorMs: 0 }

async function fetchAll({ fetch }: ToolListRequest, signal: AbortSignal) {
  const tools: Tool[] = []
  let ttlMs = Number.POSITIVE_INFINITY
  let scope: 'public' | 'private' = 'public'
  let cursor: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const read = parseInput(
      pageSchema,
      await fetch({ signal, ...(cursor !== undefined && { cursor }) }),
      'list of tools',
    )
    tools.push(...read.tools)
    ttlMs = Math.min(ttlMs, read.ttlMs ?? 0)
    if (read.cacheScope !== 'public') scope = 'private'
    cursor = read.nextCursor
    if (cursor === undefined) return { tools, ttlMs, scope }
  }
  throw new AfterturnError('INPUT_INVALID', `A list of tools has more than ${MAX_PAGES} pages.`)
}

function digestOf(credentials: Readonly<Record<string, string>>): string {
  return hash('sha256', JSON.stringify(Object.entries(credentials).sort()), 'base64url')
}
