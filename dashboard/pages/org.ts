import { z } from 'zod'
import type { MemoryStatus } from '../../shared/memory/memory.ts'
import { pricesOf } from '../../shared/memory/org-budget.ts'
import { readWaitingWorkstreams } from '../../shared/store/console/org-places.ts'
import { readDaySpend } from '../../shared/store/models/day-spend.ts'
import type { UsageTotals } from '../../shared/store/models/usage-ledger.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { eraseData, exportData } from '../actions/org-data.ts'
import { halt, resume } from '../actions/turn-kill-switch.ts'
import { definePage } from '../console/define-page.ts'
import { orgIdField } from '../console/fields.ts'
import { readMemoryLine, readOrgLines } from '../console/org-lines.ts'
import { findReasons } from '../console/why-late.ts'
import { type Html, html } from '../html.ts'
import { offer, offers } from '../view/act.ts'
import { address, link, queueAddress, workstreamAddress } from '../view/links.ts'
import { table, tile } from '../view/table.ts'
import { counted, formatAge, usdText } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'

const SHOWN_WORKSTREAMS = 20

/** One org: what waits and why, its slots, its costs, what is halted. */
export const orgPage = definePage({
  path: '/org',
  title: 'Org',
  permission: 'see',
  query: z.object({ orgId: orgIdField }),
  async show(services, { query: { orgId }, viewer, now }) {
    const [status, waiting, lines, writers, halts, spentUsd] = await Promise.all([
      services.memory.status({ orgId }),
      readInTime(readWaitingWorkstreams(services.database, orgId, SHOWN_WORKSTREAMS)),
      readOrgLines(services, orgId),
      readMemoryLine(services, orgId),
      services.killSwitch.status(),
      readInTime(readDaySpend(services.database, orgId, now, pricesOf(services.config))),
    ])
    const reasons = await findReasons(services, { orgId, waiting, status, lines, halts, now })
    const isHalted = halts.switches.some((one) => one.orgId === orgId && one.queue === undefined)
    const oldestMs = status.oldestPendingAt && now.getTime() - status.oldestPendingAt.getTime()
    return {
      title: `Org ${orgId}`,
      body: html`${reasons.length === 0 && isEmpty(status) ? unknownOrg() : reasonList(reasons)}
<dl class="tiles">
${tile({ label: 'Pending', value: counted(status.turns.pending), note: oldestMs === null ? 'none waits' : `the oldest for ${formatAge(oldestMs)}` })}
${tile({ label: 'Extracted', value: counted(status.turns.extracted), note: 'are in memory' })}
${tile({ label: 'Memories', value: counted(status.memories), note: `${counted(status.held)} held for review`, to: address('/memories', { orgId }) })}
${tile({ label: 'Dead letters', value: counted(status.deadLetters.length), note: 'the newest, open', to: address('/dead-letters', { orgId }), tone: status.deadLetters.length > 0 ? 'bad' : undefined })}
${tile({ label: 'Spent today', value: usdText(spentUsd), note: status.budget === null ? 'USD, by UTC day' : `USD, of ${usdText(status.budget.limitUsd)}`, to: '/costs', tone: status.budget?.isSpent ? 'bad' : undefined })}
</dl>
${offers(
  isHalted ? offer(viewer, resume, { orgId }, 'Resume this org') : offer(viewer, halt, { orgId }, 'Halt this org'),
  html`<a class="button" href="${address('/repositories', { orgId })}">Repositories</a>`,
  viewer.may('audit') ? html`<a class="button" href="${address('/audit', { orgId })}">Audit</a>` : html``,
  offer(viewer, exportData, { orgId }),
  offer(viewer, eraseData, { orgId }),
)}
<h2>Waiting workstreams, longest wait first</h2>
${table(
  [{ title: 'Workstream' }, { title: 'Waits', kind: 'wide' }, { title: 'Digest due', kind: 'wide' }],
  waiting.map(({ workstreamId, since, dueAt }) => [
    link(workstreamAddress(orgId, workstreamId), workstreamId),
    timeWithAge(since, now),
    timeWithAge(dueAt, now),
  ]),
  'No turn waits.',
)}
<h2>Slots</h2>
${table(
  [{ title: 'Queue' }, { title: 'Running', kind: 'count' }, { title: 'In line', kind: 'count' }],
  [
    ...lines.map(({ queue, holders, waiting }) => [
      link(queueAddress(queue), queue),
      counted(holders),
      counted(waiting),
    ]),
    ...(writers ? [['writing memories, one at a time', counted(writers.holders), counted(writers.waiting)]] : []),
  ],
  'Redis does not tell.',
)}
<h2>Model usage so far</h2>
${usageTable(status.usage)}`,
    }
  },
})

/** An org exists by what is kept of it, so that a mistyped id shows an empty page. */
function isEmpty({ turns, memories, held, deadLetters, usage }: MemoryStatus): boolean {
  return (
    turns.pending + turns.extracted + turns.deadLettered + memories + held + deadLetters.length + usage.length === 0
  )
}

function unknownOrg(): Html {
  return html`<p class="notice warn" role="status"><strong>No turn and no memory of this org is kept.</strong> It has recorded no turn, was erased, or has another id: ${link('/find', 'find an id')}.</p>`
}

function reasonList(reasons: readonly Html[]): Html {
  if (reasons.length === 0) return html`<p class="notice good" role="status"><strong>Nothing is late.</strong></p>`
  return html`<div class="notice warn" role="status"><strong>Why it waits</strong><ul>${reasons.map((reason) => html`<li>${reason}</li>`)}</ul></div>`
}

function usageTable(usage: readonly UsageTotals[]): Html {
  const columns = [
    { title: 'Task' },
    { title: 'Calls', kind: 'count' },
    { title: 'Input', kind: 'count' },
    { title: 'Output', kind: 'count' },
    { title: 'Saved by caches', kind: 'count' },
  ] as const
  const rows = usage.map(({ task, calls, inputTokens, outputTokens, cacheHits }) => [
    task,
    counted(calls),
    counted(inputTokens),
    counted(outputTokens),
    counted(cacheHits),
  ])
  return table(columns, rows, 'No model was called.')
}
