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
  /** Opens a session of a user and returns its id, 256 random bits in base64url; at the limit, the oldest session is closed. */
  open(user: string): string | Promise<string>
  /** Whose session an id is; undefined for one that has expired, was closed, or never was. */
  userOf(id: string | undefined): string | undefined | Promise<string | undefined>
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
  const byDigest = new Map<string, { readonly user: string; readonly expiry: number }>()
  // The map holds digests, so the duration of a look-up reveals nothing about an id.
  const digestOf = (id: string) => createHash('sha256').update(id).digest('base64')

  function dropExpired(): void {
    const now = clock.monotonicMs()
    for (const [digest, { expiry }] of byDigest) {
      // All sessions last equally long, so the map is ordered by expiry.
      if (expiry > now) return
      byDigest.delete(digest)
    }
  }

  return {
    open(user: string): string {
      dropExpired()
      for (const digest of byDigest.keys()) {
        if (byDigest.size < maxSessions) break
        byDigest.delete(digest)
      }
      const id = randomBytes(ID_BYTES).toString('base64url')
      byDigest.set(digestOf(id), { user, expiry: clock.monotonicMs() + sessionTtlMs })
      return id
    },
    userOf(id: string | undefined): string | undefined {
      dropExpired()
      return id === undefined ? undefined : byDigest.get(digestOf(id))?.user
    },
    close(id: string | undefined): void {
      if (id !== undefined) byDigest.delete(digestOf(id))
    },
  } satisfies DashboardSessions
}
