import { type Html, html } from '../html.ts'
import { maskSecrets } from '../mask-secrets.ts'
import type { Halt, ShownDeadLetter } from './overview.ts'

/** Owns what the first page shows of the kill switch and of dead letters. Texts come from people and providers: secrets in them are masked. */

/** Longer reasons are cut; `npm run dead-letters -- show ID` has all of it. */
const MAX_REASON_LENGTH = 200

/** Says what is halted, before everything else; nothing when nothing is. */
export function haltBanner(halts: readonly Halt[]): Html {
  if (halts.length === 0) return html``
  const items = halts.map(
    ({ what, by, since, reason }) =>
      html`<li>${capitalised(what)}, by ${by}${since === null ? '' : html` since ${timeOf(since)}`}${reason === '' ? '' : `: ${masked(reason)}`}</li>`,
  )
  return html`<div class="notice bad" role="alert"><strong>The kill switch is on.</strong> Turns are recorded; what is named here does not start, and has no effect.<ul>${items}</ul></div>`
}

/** The newest dead letters; nothing when there is none. */
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
  return html`<tr role="row"><th role="rowheader" scope="row">${String(id)}</th><td role="cell" class="wide" data-label="Of">${subject}</td><td role="cell" class="wide brief" data-label="Queue">${queue}</td><td role="cell" class="wide" data-label="Died">${timeOf(diedAt)}</td><td role="cell" class="wide" data-label="Reason">${code}: ${masked(reason)}</td></tr>
`
}

/** A reason as the page may show it: without secrets, and cut. */
export function masked(reason: string): string {
  const text = String(maskSecrets(reason))
  return text.length > MAX_REASON_LENGTH ? `${text.slice(0, MAX_REASON_LENGTH).toWellFormed()}…` : text
}

/** A moment to the minute. */
export function timeOf(at: Date): Html {
  const time = at.toISOString()
  return html`<time datetime="${time}">${time.slice(0, 16).replace('T', ' ')}</time>`
}

/** With a capital at its beginning. */
export function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
