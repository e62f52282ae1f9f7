import { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import { readContextRecords } from '../../shared/store/console/context-records.ts'
import { readWorkstreamState } from '../../shared/store/console/org-places.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { compactNow } from '../actions/now-actions.ts'
import { reveal } from '../actions/reveal.ts'
import { definePage } from '../console/define-page.ts'
import { id, name, optional, orgIdField } from '../console/fields.ts'
import { html } from '../html.ts'
import { hiddenWords, offer, offers } from '../view/act.ts'
import { address, link, orgLink, workstreamAddress } from '../view/links.ts'
import { facts, olderLink, table } from '../view/table.ts'
import { counted, several } from '../view/texts.ts'
import { timeElement, timeWithAge } from '../view/times.ts'

const PAGE_ROWS = 20

const COLUMNS = [
  { title: 'At', kind: 'wide' },
  { title: 'Before', kind: 'count' },
  { title: 'After', kind: 'count' },
  { title: 'Saved', kind: 'count' },
  { title: 'Covers', kind: 'wide' },
  { title: 'By', kind: 'wide' },
  { title: 'Record', kind: 'wide' },
] as const

/** The context of a workstream before and after each compaction, the newest first. Its figures are tokens. */
export const contextPage = definePage({
  path: '/context',
  title: 'Context',
  permission: 'see',
  query: z.object({ orgId: orgIdField, workstreamId: name, beforeId: optional(id) }),
  async show({ database }, { query: { beforeId, ...key }, viewer, now }) {
    const { orgId, workstreamId } = key
    const [state, records] = await Promise.all([
      readInTime(readWorkstreamState(database, key)),
      readInTime(readContextRecords(database, key, { beforeId, limit: PAGE_ROWS })),
    ])
    if (!state) throw new AfterturnError('WORKSTREAM_UNKNOWN', `No workstream ${workstreamId} is known here.`)
    const inForce = records.find(({ isInForce }) => isInForce)
    const rows = records.map((one) => [
      timeWithAge(one.at, now),
      counted(one.tokensBefore),
      counted(one.tokensAfter),
      `${Math.round(100 * (1 - one.tokensAfter / Math.max(1, one.tokensBefore)))} %`,
      `${several(one.messages, 'message')} more, ${counted(one.totalMessages)} in all, before ${one.upTo}`,
      one.by,
      one.hasSummary
        ? html`${one.isInForce ? html`<strong>in force</strong>, ` : html``}${counted(one.summaryTokens)} tokens ${hiddenWords(viewer, reveal, { ...key, compactionId: one.id })}`
        : html`${one.isInForce ? html`<strong>in force</strong>, ` : html``}no summary: large outputs became pointers`,
    ])
    const older = records.length < PAGE_ROWS ? undefined : address('/context', { ...key, beforeId: records.at(-1)?.id })
    return {
      title: `Context of ${workstreamId}`,
      body: html`${facts([
        ['Org', orgLink(orgId)],
        ['Workstream', link(workstreamAddress(orgId, workstreamId), workstreamId)],
        ['A whole load', `${counted(state.liveTokens)} tokens`],
        [
          'Record',
          inForce === undefined
            ? undefined
            : `${counted(inForce.summaryTokens)} tokens for ${several(inForce.totalMessages, 'message')} of ${counted(state.messages)}`,
        ],
        [
          'Wanted',
          state.compactionTarget === null ? undefined : `a compaction to ${counted(state.compactionTarget)} tokens`,
        ],
        [
          'Rejected summaries',
          state.compactionFailures === 0
            ? undefined
            : html`${state.compactionFailures}${state.compactionBlockedUntil === null ? html`` : html`, blocked until ${timeElement(state.compactionBlockedUntil)}`}`,
        ],
      ])}
${offers(offer(viewer, compactNow, key))}
<h2>Compactions, newest first</h2>
${table(COLUMNS, rows, 'None: the conversation is loaded as it was recorded.')}${olderLink(older)}`,
    }
  },
})
