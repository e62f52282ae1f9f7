import type { Sessions } from '../../shared/session/sessions.ts'
import { type DashboardSessions, DEFAULT_SESSION_TTL_MS } from './sessions.ts'

/** Sessions of operators as rows: a restart logs nobody out, and every replica knows them. */
export function createStoredSessions(
  sessions: Sessions,
  user: string,
  lifeMs = DEFAULT_SESSION_TTL_MS,
): DashboardSessions {
  return {
    open: async () => (await sessions.start({ userId: user, lifeMs })).sessionId,
    async isOpen(sessionId) {
      const session = await sessions.find({ sessionId })
      // A user of an app has a session in the same table.
      return session !== undefined && session.orgId === undefined
    },
    close: (sessionId) => sessions.end({ sessionId }),
  }
}
