import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { withinDeadline } from '../deadline.ts'
import { AfterturnError } from '../errors.ts'
import { parseInput } from '../parse-input.ts'
import type { Database } from '../store/database.ts'
import { claimRefresh, deleteSession, readSession, type SessionRow, settleRefresh } from '../store/sessions.ts'

/**
 * Owns the tokens of sessions. Guarantees: they leave the process sealed only; one process of the fleet renews them, and nobody gets an access token before the new refresh token is
 * committed; only `invalid_grant` ends the session. Between the provider's answer and the commit a crash loses the new refresh token: nothing can prevent that.
 */

/** What an identity provider gave for a session. */
export type SessionTokens = {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  /** How long the access token is valid. @default unknown: it is used until the provider of the API refuses it */
  readonly expiresInSeconds?: number | undefined
}

/** Presents a refresh token to the identity provider. */
export type RefreshTokens = (given: {
  readonly refreshToken: string
  readonly signal: AbortSignal
}) => Promise<SessionTokens>

/** Seals and opens; see `shared/access/secret-ring.ts`. */
export type SessionSealing = {
  seal(label: string, plain: string, associatedData: string): Buffer
  open(label: string, sealed: Uint8Array, associatedData: string): Buffer
}

type Services = { readonly database: Database; readonly clock: Clock; readonly sealing: SessionSealing | undefined }

const LABEL = 'session tokens'
/** A token is renewed this long before it expires. */
const SKEW_MS = 30_000
const REFRESH_TIMEOUT_MS = 10_000
/** A process that died while it renewed tokens is survived by this. */
const CLAIM_MS = 15_000
const WAIT_MS = 5_000
const LOOK_MS = 50
const MAX_TOKEN_CHARS = 16_384

const token = z.string().min(1).max(MAX_TOKEN_CHARS)
export const tokensSchema = z.object({
  accessToken: token,
  refreshToken: token.optional(),
  expiresInSeconds: z.number().optional(),
})
const storedSchema = z.object({
  accessToken: token,
  refreshToken: token.optional(),
  expiresAtMs: z.number().nullable(),
})
type Stored = z.infer<typeof storedSchema>

/** @throws CONFIG_INVALID without SECRET_KEYS: tokens are never stored in the clear */
export function sealTokens({ sealing, clock }: Services, key: string, tokens: SessionTokens): Buffer {
  if (!sealing)
    throw new AfterturnError(
      'CONFIG_INVALID',
      'secretKeys: expected keys to seal the tokens of a session, got none; set SECRET_KEYS',
    )
  const { accessToken, refreshToken, expiresInSeconds } = tokens
  const expiresAtMs = expiresInSeconds === undefined ? null : clock.now().getTime() + expiresInSeconds * 1_000
  const stored: Stored = { accessToken, expiresAtMs, ...(refreshToken !== undefined && { refreshToken }) }
  return sealing.seal(LABEL, JSON.stringify(stored), key)
}

function openTokens({ sealing }: Services, key: string, sealed: Buffer | null): Stored | undefined {
  if (!sealed || !sealing) return undefined
  return storedSchema.parse(JSON.parse(sealing.open(LABEL, sealed, key).toString()))
}

/**
 * A valid access token of a session, renewed if need be.
 * @throws SESSION_ENDED; STORE_BUSY if another process does not finish renewing it within 5 s; what `refresh` throws; SEAL_KEY_UNKNOWN; the codes of the store
 */
export async function obtainAccessToken(services: Services, idHash: Buffer, refresh: RefreshTokens): Promise<string> {
  const { database, clock } = services
  const deadlineMs = clock.monotonicMs() + WAIT_MS
  const isValid = ({ expiresAtMs }: Stored) => expiresAtMs === null || expiresAtMs - SKEW_MS > clock.now().getTime()
  do {
    const row = await readSession(database, idHash)
    const tokens = row && openTokens(services, row.key, row.tokens)
    if (!row || !tokens) throw ended()
    if (isValid(tokens)) return tokens.accessToken
    if (tokens.refreshToken === undefined) throw ended()
    const claim = row.isRefreshing ? undefined : await claimRefresh(database, idHash, CLAIM_MS)
    if (claim) {
      // Another may have renewed them between the reading and the claim.
      const current = openTokens(services, row.key, claim.tokens)
      if (current && isValid(current)) {
        await settleRefresh(database, row.key, { fence: claim.fence, tokens: undefined })
        return current.accessToken
      }
      return renew(services, row, { idHash, fence: claim.fence, refreshToken: current?.refreshToken ?? '', refresh })
    }
    await setTimeout(LOOK_MS * (0.5 + Math.random()))
  } while (clock.monotonicMs() < deadlineMs)
  throw new AfterturnError(
    'STORE_BUSY',
    `The tokens of a session were not renewed by another process within ${WAIT_MS} ms.`,
  )
}

type Renewal = {
  readonly idHash: Buffer
  readonly fence: number
  readonly refreshToken: string
  readonly refresh: RefreshTokens
}

async function renew(services: Services, { key }: SessionRow, renewal: Renewal): Promise<string> {
  const { database } = services
  const { idHash, fence, refreshToken, refresh } = renewal
  const late = () =>
    new AfterturnError('STORE_UNAVAILABLE', `The identity provider did not answer within ${REFRESH_TIMEOUT_MS} ms.`)
  try {
    const signal = AbortSignal.timeout(REFRESH_TIMEOUT_MS)
    const given = await withinDeadline(refresh({ refreshToken, signal }), REFRESH_TIMEOUT_MS, late)
    const tokens = parseInput(tokensSchema, given, 'answer of the identity provider')
    // A provider that does not rotate gives no new refresh token.
    const sealed = sealTokens(services, key, { refreshToken, ...tokens })
    if (!(await settleRefresh(database, key, { fence, tokens: sealed }))) throw ended()
    return tokens.accessToken
  } catch (error) {
    if (isInvalidGrant(error)) {
      await deleteSession(database, idHash)
      throw ended()
    }
    await settleRefresh(database, key, { fence, tokens: undefined }).catch(() => false)
    throw error
  }
}

/** As OAuth libraries say it: in `error` or `code`, of the error or its cause. */
function isInvalidGrant(error: unknown): boolean {
  const { error: name, code, cause } = (error ?? {}) as { error?: unknown; code?: unknown; cause?: unknown }
  if (name === 'invalid_grant' || code === 'invalid_grant') return true
  return cause !== undefined && cause !== error && isInvalidGrant(cause)
}

export function ended(): AfterturnError {
  return new AfterturnError('SESSION_ENDED', 'The session is unknown, has expired or was ended.')
}
