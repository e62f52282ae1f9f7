import { type Html, html } from '../html.ts'
import { letterAddress, link, orgAddress, orgLink } from '../view/links.ts'
import { table } from '../view/table.ts'
import { capitalised, masked } from '../view/texts.ts'
import { timeElement } from '../view/times.ts'
import type { Halt, ShownContext, ShownDeadLetter } from './overview.ts'

/** The overview's kill switch, dead letters and compactions. Their texts come from people and providers: secrets in them are masked. */

const LETTER_COLUMNS = [
  { title: 'Id' },
  { title: 'Of', kind: 'wide' },
  { title: 'Org', kind: 'wide' },
  { title: 'Queue' },
  { title: 'Died', kind: 'wide' },
  { title: 'Reason', kind: 'wide' },
] as const
const COUNT = new Intl.NumberFormat('en-US')
const CONTEXT_COLUMNS = ['Conversation', 'Before', 'After', 'Covers', 'By', 'At']

/** Renders what is halted, at the top of the page, or nothing. */
export function haltBanner(halts: readonly Halt[]): Html {
  if (halts.length === 0) return html``
  const items = halts.map(
    ({ what, by, since, reason, orgId }) =>
      html`<li>${capitalised(what)}, by ${by}${since === null ? '' : html` since ${timeElement(since)}`}${reason === '' ? '' : `: ${masked(reason)}`}${orgId === undefined ? '' : html` · ${link(orgAddress(orgId), 'The org')}`}</li>`,
  )
  return html`<div class="notice bad" role="alert"><strong>The kill switch is on.</strong> Turns are still recorded; the work listed here does not start, and commits nothing. <a href="/control">Who turned it on, and resume</a><ul>${items}</ul></div>`
}

/** Renders the newest dead letters, or nothing. */
export function deadLetterTable(letters: readonly ShownDeadLetter[]): Html {
  if (letters.length === 0) return html``
  const rows = letters.map(({ id, subject, orgId, queue, diedAt, code, reason }) => [
    link(letterAddress(id), String(id)),
    subject,
    orgLink(orgId ?? null),
    queue,
    timeElement(diedAt),
    html`${code}: ${masked(reason)}`,
  ])
  return html`<h2>Newest dead letters</h2>${table(LETTER_COLUMNS, rows, '')}`
}

/** Renders the newest compactions, or nothing. The roles are explicit for the narrow layout, as in the table of queues. */
export function contextTable(contexts: readonly ShownContext[]): Html {
  if (contexts.length === 0) return html``
  return html`<h2>Newest compactions</h2>
<table class="card rows" role="table">
<thead role="rowgroup"><tr role="row">${CONTEXT_COLUMNS.map((title) => html`<th role="columnheader" scope="col">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">
${contexts.map(contextRow)}
</tbody>
</table>`
}

function contextRow({ subject, tokensBefore, tokensAfter, coveredMessages, upTo, by, at }: ShownContext): Html {
  const covers = `${COUNT.format(coveredMessages)} messages, before ${upTo}`
  return html`<tr role="row"><th role="rowheader" scope="row" class="wide">${masked(subject)}</th><td role="cell" data-label="Before">${COUNT.format(tokensBefore)} tokens</td><td role="cell" data-label="After">${COUNT.format(tokensAfter)} tokens</td><td role="cell" class="wide" data-label="Covers">${covers}</td><td role="cell" data-label="By">${by}</td><td role="cell" class="wide" data-label="At">${timeElement(at)}</td></tr>
`
}
