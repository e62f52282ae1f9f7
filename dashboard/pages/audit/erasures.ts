import { z } from 'zod'
import { readErasureRecords } from '../../../shared/store/console/erasure-records.ts'
import { readInTime } from '../../../shared/store/with-store-errors.ts'
import { definePage } from '../../console/define-page.ts'
import { id, name, optional } from '../../console/fields.ts'
import { html } from '../../html.ts'
import { address, orgLink } from '../../view/links.ts'
import { olderLink, table } from '../../view/table.ts'
import { counted } from '../../view/texts.ts'
import { timeElement, timeWithAge } from '../../view/times.ts'

const PAGE_ROWS = 50

const COLUMNS = [
  { title: 'Asked', kind: 'wide' },
  { title: 'Org', kind: 'wide' },
  { title: 'What', kind: 'wide' },
  { title: 'By', kind: 'wide' },
  { title: 'Turns', kind: 'count' },
  { title: 'Memories', kind: 'count' },
  { title: 'State', kind: 'wide' },
] as const

type Part = Pick<
  Awaited<ReturnType<typeof readErasureRecords>>[number],
  'userId' | 'workstreamId' | 'turnId' | 'memoryId' | 'olderThan'
>

/** The erasures, of people and of retention: what was asked, by whom, and how far each is. */
export const erasuresPage = definePage({
  path: '/erasures',
  title: 'Erasures',
  permission: 'audit',
  query: z.object({ orgId: optional(name), beforeId: optional(id) }),
  async show({ database }, { query: { orgId, beforeId }, now }) {
    const erasures = await readInTime(readErasureRecords(database, { orgId, beforeId, limit: PAGE_ROWS }))
    const rows = erasures.map((one) => [
      timeWithAge(one.requestedAt, now),
      orgLink(one.orgId),
      partOf(one),
      one.requestedBy,
      counted(one.turns),
      counted(one.memories),
      one.completedAt === null
        ? html`<strong>under way</strong>, last sign of life ${timeWithAge(one.workedAt, now)}`
        : html`completed ${timeElement(one.completedAt)}`,
    ])
    const older =
      erasures.length < PAGE_ROWS ? undefined : address('/erasures', { orgId, beforeId: erasures.at(-1)?.id })
    return { body: html`${table(COLUMNS, rows, 'Nothing was erased yet.')}${olderLink(older)}` }
  },
})

function partOf({ userId, workstreamId, turnId, memoryId, olderThan }: Part): string {
  if (olderThan !== null) return `turns older than ${olderThan.toISOString().slice(0, 10)}`
  if (userId !== null) return `user ${userId}`
  if (memoryId !== null) return `memory ${memoryId}`
  if (turnId !== null) return `turn ${turnId} of ${workstreamId}`
  return workstreamId === null ? 'the whole org' : `workstream ${workstreamId}`
}
