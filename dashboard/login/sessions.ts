import { createHash, randomBytes } from 'node:crypto'
import type { Clock } from '../../shared/clock.ts'

/**
 * Sessions of a dashboard without a store: random ids, kept as digests in the memory of this process, so a restart logs everybody out.
 * Guarantees: at most `maxSessions`, none older than `sessionTtlMs`. Must not extend sessions: a stolen id expires with its session.
 */

export const DEFAULT_SESSION_TTL_MS = 8 * 60 * 60_000
const DEFAULT_MAX_SESSIONS = 1_000
const ID_BYTES = 32

export type DashboardSessions = {
  /** Opens a session and returns its id, 256 random bits in base64url; at the limit, the oldest session is closed. */
  open(): string | Promise<string>
  /** Whether an id belongs to a session that has neither expired nor been closed. */
  isOpen(id: string | undefined): boolean | Promise<boolean>
  /** Closes a session; an unknown id is ignored. */
  close(id: string | undefined): void | Promise<void>
}

/**
 * Creates an empty set of sessions.
 * @param options.sessionTtlMs milliseconds from login to expiry, whether used or not. @default 8 hours
 * @param options.maxSessions @default 1000
 */
export function createDashboardSessions(options: { clock: Clock; sessionTtlMs?: number; maxSessions?: number }) {
  const { clock, sessionTtlMs = DEFAULT_SESSION_TTL_MS, maxSessions = DEFAULT_MAX_SESSIONS } = options
  const expiryByDigest = new Map<string, number>()
  // The map holds digests, so the duration of a look-up reveals nothing about an id.
  const digestOf = (id: string) => createHash('sha256').update(id).digest('base64')

  function dropExpired(): void {
    const now = clock.monotonicMs()
    for (const [digest, expiry] of expiryByDigest) {
      // All sessions last equally long, so the map is ordered by expiry.
      if (expiry > now) return
      expiryByDigest.delete(digest)
    }
  }

  return {
    open(): string {
      dropExpired()
      for (const digest of expiryByDigest.keys()) {
        if (expiryByDigest.size < maxSessions) break
        expiryByDigest.delete(digest)
      }
      const id = randomBytes(ID_BYTES).toString('base64url')
      expiryByDigest.set(digestOf(id), clock.monotonicMs() + sessionTtlMs)
      return id
    },
    isOpen(id: string | undefined): boolean {
      dropExpired()
      return id !== undefined && expiryByDigest.has(digestOf(id))
    },
    close(id: string | undefined): void {
      if (id !== undefined) expiryByDigest.delete(digestOf(id))
    },
  } satisfies DashboardSessions
}
