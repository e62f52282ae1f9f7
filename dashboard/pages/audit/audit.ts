import { z } from 'zod'
import { AfterturnError } from '../../../shared/errors.ts'
import { type AuditEvent, findAuditEvent, readAuditEvents } from '../../../shared/store/console/audit-events.ts'
import { readInTime } from '../../../shared/store/with-store-errors.ts'
import { definePage } from '../../console/define-page.ts'
import { id, name, optional } from '../../console/fields.ts'
import { html } from '../../html.ts'
import { address, link, orgLink } from '../../view/links.ts'
import { facts, olderLink, table } from '../../view/table.ts'
import { masked } from '../../view/texts.ts'
import { timeWithAge } from '../../view/times.ts'

/** The audit: the actions of people, with their outcomes. */

const PAGE_ROWS = 50
/** An intent without an outcome after this belongs to a process that died. */
const UNKNOWN_AFTER_MS = 60_000

const COLUMNS = [
  { title: 'When', kind: 'wide' },
  { title: 'Who', kind: 'wide' },
  { title: 'Action' },
  { title: 'On', kind: 'wide' },
  { title: 'Org', kind: 'wide' },
  { title: 'Outcome', kind: 'wide' },
] as const

export const auditPage = definePage({
  path: '/audit',
  title: 'Audit',
  permission: 'audit',
  isInMenu: true,
  query: z.object({ orgId: optional(name), beforeId: optional(id) }),
  async show({ database }, { query: { orgId, beforeId }, viewer, now }) {
    const events = await readInTime(readAuditEvents(database, { orgId, beforeId, limit: PAGE_ROWS }))
    const rows = events.map((event) => [
      timeWithAge(event.at, now),
      `${event.actor}, ${event.role}`,
      event.action,
      masked(event.subject),
      orgLink(event.orgId),
      outcomeOf(event, now),
    ])
    const older = events.length < PAGE_ROWS ? undefined : address('/audit', { orgId, beforeId: events.at(-1)?.id })
    const others = html`<p>${link(address('/erasures', { orgId }), 'Erasures')}${viewer.may('sessions') ? html` · ${link('/sessions', 'Sessions')}` : html``}</p>`
    return { body: html`${others}${table(COLUMNS, rows, 'Nobody has done anything here yet.')}${olderLink(older)}` }
  },
})

/** The outcome of one action, to which its form leads. Those of other people need the permission to read the audit. */
export const outcomePage = definePage({
  path: '/outcome',
  title: 'Done',
  permission: 'see',
  query: z.object({ id, next: z.string().max(4_000).default('/') }),
  async show({ database }, { query, viewer, now }) {
    const event = await readInTime(findAuditEvent(database, query.id))
    if (!event || (event.actor !== viewer.name && !viewer.may('audit')))
      throw new AfterturnError('FORBIDDEN', 'Expected an action of your own.')
    const isDone = event.outcome === 'done'
    // Only a path of this site: the address can be written by anybody.
    const next = /^\/(?!\/)[^\\\p{Cc}]*$/u.test(query.next) ? query.next : '/'
    return {
      title: isDone ? 'Done' : 'Not done',
      body: html`<p class="notice ${isDone ? 'good' : 'bad'}" role="status">${event.message || outcomeOf(event, now)}</p>
${facts([
  ['Action', event.action],
  ['On', masked(event.subject)],
  ['By', `${event.actor}, ${event.role}`],
  ['When', timeWithAge(event.at, now)],
])}
<p class="actions"><a class="button primary" href="${next}">Continue</a></p>`,
    }
  },
})

function outcomeOf({ outcome, code, message, at }: AuditEvent, now: Date): string {
  if (outcome !== 'intended') return masked([outcome, code, message].filter(Boolean).join(': '))
  return now.getTime() - at.getTime() > UNKNOWN_AFTER_MS ? 'unknown: its process died meanwhile' : 'under way'
}
