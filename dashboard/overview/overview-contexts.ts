import { type Html, html } from '../html.ts'
import { masked } from '../view/texts.ts'
import { timeElement } from '../view/times.ts'
import type { ShownContext } from './overview.ts'

/** The overview's table of the newest compactions: tokens before and after, and the messages they cover. */

const COUNT = new Intl.NumberFormat('en-US')
const COLUMNS = ['Conversation', 'Before', 'After', 'Covers', 'By', 'At']

/** Renders the newest compactions, or nothing. The roles are explicit for the narrow layout, as in the table of queues. */
export function contextTable(contexts: readonly ShownContext[]): Html {
  if (contexts.length === 0) return html``
  return html`<h2>Newest compactions</h2>
<table class="card rows" role="table">
<thead role="rowgroup"><tr role="row">${COLUMNS.map((title) => html`<th role="columnheader" scope="col">${title}</th>`)}</tr></thead>
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
