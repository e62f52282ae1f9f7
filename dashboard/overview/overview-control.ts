import { type Html, html } from '../html.ts'
import { letterAddress, link, orgAddress, orgLink } from '../view/links.ts'
import { table } from '../view/table.ts'
import { capitalised, masked } from '../view/texts.ts'
import { timeElement } from '../view/times.ts'
import type { Halt, ShownDeadLetter } from './overview.ts'

/** The overview's kill switch and dead letters. Their texts come from people and providers: secrets in them are masked. */

const LETTER_COLUMNS = [
  { title: 'Id' },
  { title: 'Of', kind: 'wide' },
  { title: 'Org', kind: 'wide' },
  { title: 'Queue' },
  { title: 'Died', kind: 'wide' },
  { title: 'Reason', kind: 'wide' },
] as const

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
