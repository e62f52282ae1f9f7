import { z } from 'zod'
import { listSessionsOfOperators } from '../../../shared/store/sessions.ts'
import { readInTime } from '../../../shared/store/with-store-errors.ts'
import { endSessions } from '../../actions/end-sessions.ts'
import { definePage } from '../../console/define-page.ts'
import { id, optional } from '../../console/fields.ts'
import { html } from '../../html.ts'
import { offer } from '../../view/act.ts'
import { address } from '../../view/links.ts'
import { olderLink, table } from '../../view/table.ts'
import { timeWithAge } from '../../view/times.ts'

const PAGE_ROWS = 50

/** The people who are logged in here, by their sessions. Those whom a proxy names have none. */
export const sessionsPage = definePage({
  path: '/sessions',
  title: 'Sessions',
  permission: 'sessions',
  query: z.object({ beforeId: optional(id) }),
  async show({ database }, { query: { beforeId }, viewer, now }) {
    const sessions = await readInTime(listSessionsOfOperators(database, { beforeId, limit: PAGE_ROWS }))
    const columns = [
      { title: 'User' },
      { title: 'Logged in', kind: 'wide' },
      { title: 'Last seen', kind: 'wide' },
      { title: 'Ends', kind: 'wide' },
      { title: 'Action' },
    ] as const
    const rows = sessions.map(({ userId, createdAt, lastSeenAt, expiresAt }) => [
      userId,
      timeWithAge(createdAt, now),
      timeWithAge(lastSeenAt, now),
      timeWithAge(expiresAt, now),
      offer(viewer, endSessions, { user: userId }),
    ])
    const older = sessions.length < PAGE_ROWS ? undefined : address('/sessions', { beforeId: sessions.at(-1)?.id })
    return {
      body: html`${table(columns, rows, 'Nobody has a session in the store: a proxy names who comes, or the dashboard keeps sessions in its own memory.')}${olderLink(older)}`,
    }
  },
})
