import { z } from 'zod'
import type { LetterGroup } from '../../shared/store/console/dead-letter-groups.ts'
import { type DeadLetter, describeSubject, readDeadLetters } from '../../shared/store/control/dead-letters.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { dropLetters } from '../actions/drop-letters.ts'
import { replayLetters } from '../actions/replay-letters.ts'
import { startBulk } from '../actions/start-bulk.ts'
import { actionPath } from '../console/define-action.ts'
import { definePage } from '../console/define-page.ts'
import { id, letterFilter, optional } from '../console/fields.ts'
import { sampleLetterGroups } from '../console/letter-groups.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleUser } from '../login/logins.ts'
import { offer, offers } from '../view/act.ts'
import { address, letterAddress, link, orgLink } from '../view/links.ts'
import { LETTER_COLUMNS, olderLink, table } from '../view/table.ts'
import { counted, masked } from '../view/texts.ts'
import { timeElement, timeWithAge } from '../view/times.ts'

/** Dead letters, grouped by cause and one by one. */

const PAGE_ROWS = 50

const GROUP_COLUMNS = [
  { title: 'Cause', kind: 'wide' },
  { title: 'Queue' },
  { title: 'Code' },
  { title: 'Letters', kind: 'count' },
  { title: 'Orgs', kind: 'count' },
  { title: 'Newest', kind: 'wide' },
] as const

export const deadLettersPage = definePage({
  path: '/dead-letters',
  title: 'Dead letters',
  permission: 'see',
  isInMenu: true,
  query: z.object({ ...letterFilter, beforeId: optional(id), settled: optional(z.literal('1')) }),
  async show(services, { query: { beforeId, settled, ...filter }, viewer, now }) {
    const isResolved = settled === '1'
    const isFiltered = Object.values(filter).some((value) => value !== undefined)
    const [sample, letters] = await Promise.all([
      isFiltered || isResolved ? undefined : sampleLetterGroups(services),
      readInTime(readDeadLetters(services.database, { ...filter, isResolved, beforeId, limit: PAGE_ROWS })),
    ])
    const older =
      letters.length < PAGE_ROWS
        ? undefined
        : address('/dead-letters', { ...filter, settled, beforeId: letters.at(-1)?.id })
    return {
      body: html`${filterLine(filter, isResolved)}
${sample === undefined ? html`` : groupTable(sample.value.groups, sample.sampledAt, now)}
<h2>${isResolved ? 'Replayed and dropped' : 'Letter by letter, newest first'}</h2>
${isResolved ? settledTable(letters) : openTable(letters, viewer)}
${olderLink(older)}
${
  isResolved || letters.length === 0
    ? html``
    : offers(
        offer(viewer, startBulk, { action: 'replay', ...filter }, 'Replay all that match'),
        offer(viewer, startBulk, { action: 'drop', ...filter }, 'Drop all that match'),
      )
}`,
    }
  },
})

function filterLine(filter: Readonly<Record<string, string | undefined>>, isResolved: boolean): Html {
  const set = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]))
  const other = isResolved
    ? link(address('/dead-letters', filter), 'Open ones')
    : link(address('/dead-letters', { ...filter, settled: '1' }), 'Replayed and dropped ones')
  return set.length === 0
    ? html`<p>${other}</p>`
    : html`<p>Filtered by ${masked(set.join(', '))}. ${link('/dead-letters', 'All')} · ${other}</p>`
}

function groupTable(groups: readonly LetterGroup[], countedAt: Date, now: Date): Html {
  const rows = groups.map(({ queue, code, cause, letters, orgs, newestAt }) => [
    link(address('/dead-letters', { queue, code, cause }), masked(cause) || 'no reason'),
    queue,
    html`<code>${code}</code>`,
    counted(letters),
    counted(orgs),
    timeWithAge(new Date(newestAt), now),
  ])
  return html`<h2>By cause</h2>${table(GROUP_COLUMNS, rows, 'No dead letter.')}${groups.length === 0 ? html`` : html`<p class="quiet">Counted ${timeWithAge(countedAt, now)}</p>`}`
}

function cellsOf(letter: DeadLetter) {
  return [
    link(letterAddress(letter.id), String(letter.id)),
    describeSubject(letter),
    orgLink(letter.orgId),
    letter.queue,
    timeElement(letter.diedAt),
    `${letter.code}: ${masked(letter.reason)}`,
  ] as const
}

function openTable(letters: readonly DeadLetter[], viewer: ConsoleUser): Html {
  const may = viewer.may('operate')
  const rows = letters.map((letter) => {
    const [first, ...rest] = cellsOf(letter)
    const box = html`<input type="checkbox" name="ids" value="${letter.id}" aria-label="Select dead letter ${letter.id}"> `
    return [may ? html`${box}${first}` : first, ...rest]
  })
  const shown = table(LETTER_COLUMNS, rows, 'No dead letter.')
  if (!may || letters.length === 0) return shown
  return html`<form method="get">${shown}
<p class="actions"><button type="submit" formaction="${actionPath(replayLetters)}">Replay selected</button><button type="submit" formaction="${actionPath(dropLetters)}">Drop selected</button></p></form>`
}

function settledTable(letters: readonly DeadLetter[]): Html {
  const rows = letters.map((letter) => {
    const [first, of, org, queue, died] = cellsOf(letter)
    return [first, of, org, queue, died, `${letter.resolution} by ${letter.resolvedBy}`]
  })
  return table(LETTER_COLUMNS.with(5, { title: 'How', kind: 'wide' } as never), rows, 'None was replayed or dropped.')
}
