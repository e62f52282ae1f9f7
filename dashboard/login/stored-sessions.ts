import type { Sessions } from '../../shared/session/sessions.ts'
import { type DashboardSessions, DEFAULT_SESSION_TTL_MS } from './sessions.ts'

/** Sessions of operators as rows: a restart logs nobody out, and every replica knows them. */
export function createStoredSessions(sessions: Sessions, lifeMs = DEFAULT_SESSION_TTL_MS): DashboardSessions {
  return {
    open: async (user) => (await sessions.start({ userId: user, lifeMs })).sessionId,
    async userOf(sessionId) {
      const session = await sessions.find({ sessionId })
      // A user of an app has a session in the same table.
      return session?.orgId === undefined ? session?.userId : undefined
    },
    close: (sessionId) => sessions.end({ sessionId }),
  }
}
