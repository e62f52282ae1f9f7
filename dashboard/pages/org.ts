import { z } from 'zod'
import { readWaitingWorkstreams } from '../../shared/store/console/org-places.ts'
import type { UsageTotals } from '../../shared/store/models/usage-ledger.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { eraseData, exportData } from '../actions/org-data.ts'
import { halt, letGo } from '../actions/turn-kill-switch.ts'
import { definePage } from '../console/define-page.ts'
import { orgIdField } from '../console/fields.ts'
import { readOrgLines } from '../console/org-lines.ts'
import { findReasons } from '../console/why-late.ts'
import { type Html, html } from '../html.ts'
import { offer, offers } from '../view/act.ts'
import { address, link, queueAddress, workstreamAddress } from '../view/links.ts'
import { table, tile } from '../view/table.ts'
import { counted, formatAge } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'

const SHOWN_WORKSTREAMS = 20

/** One org: what waits and why, its slots, its costs, what is halted. */
export const orgPage = definePage({
  path: '/org',
  title: 'Org',
  permission: 'see',
  query: z.object({ orgId: orgIdField }),
  async show(services, { query: { orgId }, viewer, now }) {
    const [status, waiting, lines, halts] = await Promise.all([
      services.memory.status({ orgId }),
      readInTime(readWaitingWorkstreams(services.database, orgId, SHOWN_WORKSTREAMS)),
      readOrgLines(services, orgId),
      services.killSwitch.status(),
    ])
    const reasons = await findReasons(services, { orgId, waiting, status, lines, halts, now })
    const isHalted = halts.switches.some((one) => one.orgId === orgId && one.queue === undefined)
    const oldestMs = status.oldestPendingAt && now.getTime() - status.oldestPendingAt.getTime()
    return {
      title: `Org ${orgId}`,
      body: html`${reasonList(reasons)}
<dl class="tiles">
${tile({ label: 'Pending', value: counted(status.turns.pending), note: `the oldest for ${formatAge(oldestMs)}` })}
${tile({ label: 'Extracted', value: counted(status.turns.extracted), note: 'are in memory' })}
${tile({ label: 'Memories', value: counted(status.memories), note: `${counted(status.held)} held for review`, to: address('/memories', { orgId }) })}
${tile({ label: 'Dead letters', value: counted(status.deadLetters.length), note: 'the newest, open', to: address('/dead-letters', { orgId }), tone: status.deadLetters.length > 0 ? 'bad' : undefined })}
</dl>
${offers(
  isHalted ? offer(viewer, letGo, { orgId }, 'Let this org go') : offer(viewer, halt, { orgId }, 'Halt this org'),
  html`<a class="button" href="${address('/repositories', { orgId })}">Repositories</a>`,
  viewer.may('audit') ? html`<a class="button" href="${address('/audit', { orgId })}">Audit</a>` : html``,
  offer(viewer, exportData, { orgId }),
  offer(viewer, eraseData, { orgId }),
)}
<h2>Waiting workstreams, the longest first</h2>
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
  lines.map(({ queue, holders, waiting }) => [link(queueAddress(queue), queue), counted(holders), counted(waiting)]),
  'Redis does not tell.',
)}
<h2>Model usage so far</h2>
${usageTable(status.usage)}`,
    }
  },
})

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
