import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { idSchema, parseInput } from '../../parse-input.ts'
import type { CacheStats } from '../engine/cache-counts.ts'
import { entryKey, entryPattern, erasureMarkKey, tagMarkKey } from '../engine/cache-keys.ts'
import type { Life } from '../engine/entry-frame.ts'
import type { Invalidation } from '../engine/invalidate.ts'
import type { CachePlace, LoadedCache } from '../engine/loaded-cache.ts'

/**
 * Owns tokens of machines. Guarantees: those of `loaded-cache.ts`; one process of the fleet fetches or renews a token while the others use the valid one; a token is not served in its
 * last 30 s; outside this process it is sealed, and without SECRET_KEYS it never leaves. Must not hold refresh tokens: those are truth, not cache.
 */
export type TokenCache = {
  /** A valid token. @throws INPUT_INVALID, and what `fetchToken` throws; `invalid_client` and `unauthorized_client` again for 5 s without another request */
  get(request: TokenRequest & { fetchToken: FetchToken }): Promise<MachineToken>
  /** The API has refused this token: this process does not use it again, and the next `get` replaces it for all. */
  rejected(token: { readonly accessToken: string }): void
  /** Drops the tokens of a client, an issuer or a whole org. */
  forget(what: { readonly orgId: string; readonly issuer?: string; readonly clientId?: string }): Promise<Invalidation>
  stats(): CacheStats
}

/** Everything that a token is bound to. */
export type TokenRequest = {
  readonly orgId: string
  readonly issuer: string
  readonly clientId: string
  readonly scopes?: readonly string[]
  readonly audience?: string
  readonly subject?: string
  /** The thumbprint of the key that the token is bound to (DPoP, mTLS). */
  readonly confirmation?: string
  readonly signal?: AbortSignal
}

export type FetchToken = (options: { readonly signal: AbortSignal }) => Promise<{
  readonly accessToken: string
  /** Missing or absurd: the token is shared by those who wait for it, and not kept. */
  readonly expiresInSeconds?: number | undefined
  /** When the issuer wants it renewed. @default after half of its life, or 2 minutes before its end */
  readonly refreshInSeconds?: number | undefined
}>

export type MachineToken = {
  readonly accessToken: string
  /** Undefined if the issuer did not say. */
  readonly expiresAt: Date | undefined
}

const SKEW_MS = 30_000
const LATEST_REFRESH_MS = 120_000
const JITTER = 0.1
export const MAX_TOKEN_LIFE_MS = 86_400_000
/** Of entries of size 1: `max` of the cache would make lists for all of them at once, which takes 1 ms and 200 KB. */
const MAX_REJECTED = 10_000
const FATAL_MS = 5_000
const FATAL = ['invalid_client', 'unauthorized_client']

const text = z.string().min(1).max(2_048)
const requestSchema = z.object({
  orgId: idSchema,
  issuer: text,
  clientId: text,
  scopes: z.array(text).max(1_000).optional(),
  audience: text.optional(),
  subject: text.optional(),
  confirmation: text.optional(),
})
const answerSchema = z.object({
  accessToken: z.string().min(1).max(65_536),
  expiresInSeconds: z.number().optional().catch(undefined),
  refreshInSeconds: z.number().optional().catch(undefined),
})
type Held = { readonly accessToken: string; readonly lifeMs: number | null }

export function createTokenCache(cache: LoadedCache, keyPrefix: string): TokenCache {
  const rejected = new LRUCache<string, true>({ maxSize: MAX_REJECTED, sizeCalculation: () => 1 })
  const tagsOf = (...parts: string[]) => [[], parts.slice(0, 1), parts].map((part) => ['tokens', ...part])
  const placeOf = ({ orgId, issuer, clientId, scopes = [], ...bound }: Omit<TokenRequest, 'signal'>): CachePlace => {
    const { audience = '', subject = '', confirmation = '' } = bound
    const rest = [audience, subject, confirmation, ...[...new Set(scopes)].sort()]
    return {
      key: entryKey(keyPrefix, 'm2m:tokens', orgId, [[issuer], [clientId], rest]),
      markKeys: [
        erasureMarkKey(keyPrefix, { orgId }),
        ...tagsOf(issuer, clientId).map((tag) => tagMarkKey(keyPrefix, orgId, tag)),
      ],
    }
  }

  return {
    async get({ fetchToken, signal, ...request }) {
      const place = placeOf(parseInput(requestSchema, request, 'request for a token') as TokenRequest)
      const { value, loadedAt } = await cache.get<Held>(
        place,
        async (loadSignal) => {
          const answer = parseInput(answerSchema, await fetchToken({ signal: loadSignal }), 'answer of the issuer')
          const { lifeMs, life } = boundToken(answer)
          return { value: { accessToken: answer.accessToken, lifeMs }, life }
        },
        { signal, accepts: (held) => !rejected.has(digestOf((held as Held).accessToken)) },
      )
      const { accessToken, lifeMs } = value as Held
      return { accessToken, expiresAt: lifeMs === null ? undefined : new Date(loadedAt.getTime() + lifeMs) }
    },
    rejected: ({ accessToken }) => void rejected.set(digestOf(accessToken), true),
    async forget({ orgId, issuer, clientId }) {
      const parts = [issuer, clientId].flatMap((part) => part ?? [])
      parseInput(z.object({ orgId: idSchema, parts: z.array(text) }), { orgId, parts }, 'tokens to forget')
      return cache.invalidate(
        tagMarkKey(keyPrefix, orgId, ['tokens', ...parts]),
        entryPattern(
          keyPrefix,
          'm2m:tokens',
          orgId,
          parts.map((part) => [part]),
        ),
      )
    },
    stats: cache.stats,
  }
}

/** How long a failure is remembered although there is no token: a fleet that repeats it locks the account. */
export function fatalMsOf(error: unknown): number {
  const { error: name, code } = (error ?? {}) as { error?: unknown; code?: unknown }
  return FATAL.some((fatal) => fatal === name || fatal === code) ? FATAL_MS : 0
}

function boundToken(answer: z.infer<typeof answerSchema>): { readonly lifeMs: number | null; readonly life: Life } {
  const { expiresInSeconds, refreshInSeconds = Number.POSITIVE_INFINITY } = answer
  const lifeMs =
    expiresInSeconds === undefined ? null : Math.min(Math.max(0, expiresInSeconds * 1_000), MAX_TOKEN_LIFE_MS)
  const usableMs = Math.max(0, (lifeMs ?? 0) - SKEW_MS)
  const half = (lifeMs ?? 0) - Math.min((lifeMs ?? 0) / 2, Math.max((lifeMs ?? 0) / 5, LATEST_REFRESH_MS))
  const refreshMs = Math.max(0, Math.min(refreshInSeconds * 1_000, half)) * (1 - Math.random() * JITTER)
  const freshMs = Math.min(refreshMs, usableMs)
  return { lifeMs, life: { freshMs, revalidateMs: usableMs - freshMs, staleIfErrorMs: 0 } }
}

function digestOf(accessToken: string): string {
  return hash('sha256', accessToken, 'base64url')
}
