import { type Html, html } from '../html.ts'
import { letterAddress, link, orgAddress, orgLink } from '../view/links.ts'
import { LETTER_COLUMNS, table } from '../view/table.ts'
import { capitalised, counted, masked } from '../view/texts.ts'
import { timeElement } from '../view/times.ts'
import type { Halt, ShownContext, ShownDeadLetter } from './overview.ts'

/** The overview's kill switch, dead letters and compactions. Their texts come from people and providers: secrets in them are masked. */

const CONTEXT_COLUMNS = [
  { title: 'Conversation' },
  { title: 'Before' },
  { title: 'After' },
  { title: 'Covers', kind: 'wide' },
  { title: 'By' },
  { title: 'At', kind: 'wide' },
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

/** Renders the newest compactions, or nothing. */
export function contextTable(contexts: readonly ShownContext[]): Html {
  if (contexts.length === 0) return html``
  const rows = contexts.map(({ subject, tokensBefore, tokensAfter, coveredMessages, upTo, by, at }) => [
    masked(subject),
    `${counted(tokensBefore)} tokens`,
    `${counted(tokensAfter)} tokens`,
    `${counted(coveredMessages)} messages, before ${upTo}`,
    by,
    timeElement(at),
  ])
  return html`<h2>Newest compactions</h2>${table(CONTEXT_COLUMNS, rows, '')}`
}
