import { commandText } from '../../shared/processes/command-text.ts'
import { FULL_WARNING_RATIO } from '../../shared/redis/redis-stats.ts'
import { type Html, html } from '../html.ts'
import { orgLink, queueAddress } from '../view/links.ts'
import { tile } from '../view/table.ts'
import { capitalised, counted, formatAge, masked } from '../view/texts.ts'
import type { Overview, QueueCounts } from './overview.ts'
import { contextTable, deadLetterTable, haltBanner } from './overview-sections.ts'

/** The overview page: the state of the fleet, problems first. */

/** A queue's name and the title of its board. */
type QueueTitle = { readonly name: string; readonly title: string }

/** Seconds between two fetches of the page in live mode. */
export const LIVE_SECONDS = 5

const COUNT_COLUMNS = ['waiting', 'active', 'delayed', 'completed', 'failed'] as const

/** Renders the page from the figures as of `at`; `titles` are the queues with a board to link to. */
export function overviewPage(overview: Overview, titles: readonly QueueTitle[], at: Date, isLive: boolean): Html {
  return html`${heading(at, isLive)}
${haltBanner(overview.halts)}
${news(overview)}
${deadLetterTable(overview.newestDeadLetters)}
<h2>Turns</h2>
<dl class="tiles">
${tile({ label: 'Pending', value: counted(overview.turns.pending), note: 'wait for their digest', to: '/orgs' })}
${tile({ label: 'Oldest pending', value: formatAge(overview.oldestPendingMs), note: `late from ${formatAge(overview.lateAfterMs)}`, tone: isLate(overview) ? 'warn' : undefined })}
${tile({ label: 'Extracted', value: counted(overview.turns.extracted), note: 'are in memory' })}
${tile({ label: 'Dead-lettered', value: counted(overview.turns.deadLettered), note: 'given up, with a reason', to: '/dead-letters', tone: overview.turns.deadLettered > 0 ? 'bad' : undefined })}
</dl>
<h2>Queues</h2>
${queueTable(overview.queues, titles)}
${contextTable(overview.newestContexts)}
<h2>Memory and model</h2>
<dl class="tiles">
${tile({ label: 'Memories', value: counted(overview.memories), note: 'facts kept' })}
${tile({ label: 'Held for review', value: counted(overview.heldMemories), note: 'approve or reject', to: '/held' })}
${tile({ label: overview.model.isLocal ? 'Local passes' : 'Model calls', value: counted(overview.model.calls), note: 'so far', to: '/costs' })}
${tile({ label: 'Tokens', value: counted(overview.model.tokens), note: 'so far', to: '/costs' })}
${tile({ label: 'Provider', value: overview.model.provider, note: overview.hasCache ? 'embedding cache on' : 'no embedding cache', tone: 'words' })}
</dl>`
}

/** Renders the page without figures, when PostgreSQL or Redis does not respond. */
export function overviewUnavailablePage(at: Date, isLive: boolean): Html {
  return html`${heading(at, isLive)}
<p class="notice bad" role="status"><strong>The figures cannot be read.</strong> PostgreSQL or Redis does not respond; the log of this process says which. <code>${commandText('doctor')}</code> checks both.</p>`
}

function heading(at: Date, isLive: boolean): Html {
  const time = at.toISOString()
  return html`<div class="heading">
<h1>Overview</h1>
<p class="as-of">As of <time datetime="${time}">${time.slice(11, 19)} UTC</time> ·
${isLive ? html`every ${LIVE_SECONDS} s · <a href="/">Stop</a>` : html`<a href="/">Refresh</a> · <a href="/?live=1">Live</a>`}</p>
</div>`
}

/** Failed jobs are no news: what they could not do is a dead letter until somebody settles it, and the boards keep them as history. */
function news(overview: Overview): Html {
  const items: Html[] = []
  if (overview.deadLetters > 0)
    items.push(
      html`<li><a href="/dead-letters"><strong>${counted(overview.deadLetters)}</strong> dead ${plural(overview.deadLetters, 'letter', 'letters')}</a>: given up for good</li>`,
    )
  if (isLate(overview))
    items.push(
      html`<li>A turn${overview.oldestPendingOrgId === undefined ? '' : html` of ${orgLink(overview.oldestPendingOrgId)}`} has waited <strong>${formatAge(overview.oldestPendingMs)}</strong> for its digest: <a href="/fleet">are workers running?</a></li>`,
    )
  if (overview.oldestFailure !== null)
    items.push(
      html`<li>Turns wait for another try, as <code>${overview.oldestFailure.code}</code>: ${masked(overview.oldestFailure.reason)} · <a href="/orgs">whose</a></li>`,
    )
  if (isNearlyFull(overview))
    items.push(
      html`<li>The <a href="/services">durable Redis</a> is <strong>${Math.round(100 * (overview.durableMemoryRatio ?? 0))} %</strong> full: once it is, it refuses jobs</li>`,
    )
  // The banner above already shows a problem: do not say that all is well.
  if (items.length === 0 && overview.halts.length > 0) return html``
  if (items.length === 0)
    return html`<p class="notice good" role="status"><strong>All well.</strong> No dead letter, no late turn.</p>`
  const isBad = overview.deadLetters > 0
  return html`<div class="notice ${isBad ? 'bad' : 'warn'}" role="status"><strong>Needs a look</strong><ul>${items}</ul></div>`
}

function isLate(overview: Overview): boolean {
  return overview.oldestPendingMs !== null && overview.oldestPendingMs > overview.lateAfterMs
}

function isNearlyFull({ durableMemoryRatio }: Overview): boolean {
  return durableMemoryRatio !== null && durableMemoryRatio >= FULL_WARNING_RATIO
}

function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many
}

/** The roles are explicit because the narrow layout overrides the table's display, which removes the implied roles. */
function queueTable(queues: readonly QueueCounts[], titles: readonly QueueTitle[]): Html {
  if (queues.length === 0) return html`<p class="card empty">No queue yet.</p>`
  return html`<table class="card rows" role="table">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Queue</th>${COUNT_COLUMNS.map((column) => html`<th role="columnheader" scope="col" class="count">${capitalised(column)}</th>`)}</tr></thead>
<tbody role="rowgroup">
${queues.map((queue) => queueRow(queue, titles))}
</tbody>
</table>`
}

function queueRow(queue: QueueCounts, titles: readonly QueueTitle[]): Html {
  const title = titles.find(({ name }) => name === queue.name)
  const board = html`<a href="${queueAddress(queue.name)}">${title?.title ?? queue.name}</a>`
  return html`<tr role="row"><th role="rowheader" scope="row">${title === undefined ? html`${queue.name}` : board}</th>${COUNT_COLUMNS.map(
    (column) =>
      html`<td role="cell" class="count ${toneOf(column, queue[column])}" data-label="${capitalised(column)}">${counted(queue[column])}</td>`,
  )}</tr>
`
}

function toneOf(column: (typeof COUNT_COLUMNS)[number], count: number): string | undefined {
  if (count === 0) return 'zero'
  return column === 'failed' ? 'bad' : undefined
}
