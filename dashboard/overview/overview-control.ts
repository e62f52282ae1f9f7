import { type Html, html } from '../html.ts'
import { maskSecrets } from '../mask-secrets.ts'
import type { Halt, ShownDeadLetter } from './overview.ts'

/** The overview's kill switch and dead letters. Their texts come from people and providers: secrets in them are masked. */

/** Longer reasons are cut; `npm run dead-letters -- show ID` shows all of it. */
const MAX_REASON_LENGTH = 200

/** Renders what is halted, at the top of the page, or nothing. */
export function haltBanner(halts: readonly Halt[]): Html {
  if (halts.length === 0) return html``
  const items = halts.map(
    ({ what, by, since, reason }) =>
      html`<li>${capitalised(what)}, by ${by}${since === null ? '' : html` since ${timeElement(since)}`}${reason === '' ? '' : `: ${masked(reason)}`}</li>`,
  )
  return html`<div class="notice bad" role="alert"><strong>The kill switch is on.</strong> Turns are still recorded; the work listed here does not start, and commits nothing.<ul>${items}</ul></div>`
}

/** Renders the newest dead letters, or nothing. */
export function deadLetterTable(letters: readonly ShownDeadLetter[]): Html {
  if (letters.length === 0) return html``
  return html`<h2>Newest dead letters</h2>
<table class="card queues" role="table">
<thead role="rowgroup"><tr role="row">${['Id', 'Of', 'Queue', 'Died', 'Reason'].map((title) => html`<th role="columnheader" scope="col">${title}</th>`)}</tr></thead>
<tbody role="rowgroup">
${letters.map(letterRow)}
</tbody>
</table>`
}

function letterRow({ id, subject, queue, diedAt, code, reason }: ShownDeadLetter): Html {
  return html`<tr role="row"><th role="rowheader" scope="row">${String(id)}</th><td role="cell" class="wide" data-label="Of">${subject}</td><td role="cell" class="wide brief" data-label="Queue">${queue}</td><td role="cell" class="wide" data-label="Died">${timeElement(diedAt)}</td><td role="cell" class="wide" data-label="Reason">${code}: ${masked(reason)}</td></tr>
`
}

/** Masks secrets in a reason and cuts it, so that the page can show it. */
export function masked(reason: string): string {
  const text = String(maskSecrets(reason))
  return text.length > MAX_REASON_LENGTH ? `${text.slice(0, MAX_REASON_LENGTH).toWellFormed()}…` : text
}

/** Renders a time to the minute. */
export function timeElement(at: Date): Html {
  const time = at.toISOString()
  return html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')}</time>`
}

/** Capitalises the first letter. */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
