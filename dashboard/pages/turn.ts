import { z } from 'zod'
import { DROP_REASONS } from '../../shared/fact-verdicts.ts'
import { readTurnOutcome, type TurnOutcome } from '../../shared/store/console/org-places.ts'
import type { TurnStatus } from '../../shared/store/turns/turn-status.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { extractNow } from '../actions/now-actions.ts'
import { eraseData } from '../actions/org-data.ts'
import { reveal } from '../actions/reveal.ts'
import { definePage } from '../console/define-page.ts'
import { name, orgIdField } from '../console/fields.ts'
import { type Html, html } from '../html.ts'
import { hiddenWords, offer, offers } from '../view/act.ts'
import { letterAddress, link, memoryAddress, orgLink, workstreamAddress } from '../view/links.ts'
import { facts, table } from '../view/table.ts'
import { counted, heldBecause, memoryState, several } from '../view/texts.ts'
import { timeWithAge } from '../view/times.ts'
import { triesTable } from '../view/tries.ts'

/** One turn: what came of it, or why nothing did. */
export const turnPage = definePage({
  path: '/turn',
  title: 'Turn',
  permission: 'see',
  query: z.object({ orgId: orgIdField, workstreamId: name, turnId: name }),
  async show({ memory, database }, { query: key, viewer, now }) {
    const [status, outcome] = await Promise.all([memory.turnStatus(key), readInTime(readTurnOutcome(database, key))])
    const { orgId, workstreamId, turnId } = key
    const characters = outcome?.messages.reduce((sum, message) => sum + message.characters, 0) ?? 0
    return {
      title: `Turn ${turnId}`,
      body: html`<p class="notice ${status.state === 'dead_lettered' ? 'bad' : 'good'}" role="status">${outcomeLine(status, outcome)}</p>
${facts([
  ['Org', orgLink(orgId)],
  ['Workstream', link(workstreamAddress(orgId, workstreamId), workstreamId)],
  ['User', outcome?.userId ?? '–'],
  ['Recorded', timeWithAge(status.recordedAt, now)],
  ['Happened', timeWithAge(status.at, now)],
  ['Settled', timeWithAge(status.settledAt, now)],
  [
    'Messages',
    html`${outcome?.messages.map(({ role }) => role).join(', ') ?? ''} ${hiddenWords(viewer, reveal, key, characters)}`,
  ],
])}
${offers(offer(viewer, extractNow, key), offer(viewer, eraseData, key))}
<h2>What came of it</h2>
${table(
  [
    { title: 'Memory' },
    { title: 'Kind' },
    { title: 'State' },
    { title: 'How', kind: 'wide' },
    { title: 'Words', kind: 'wide' },
  ],
  (outcome?.memories ?? []).map((one) => [
    link(memoryAddress(orgId, one.id), String(one.id)),
    one.kind,
    memoryState(one.status, one.validTo === null ? null : new Date(one.validTo), now),
    [one.isFirstSource ? 'said here first' : 'was known, and said here again', one.reason && heldBecause(one.reason)]
      .filter(Boolean)
      .join('; '),
    hiddenWords(viewer, reveal, { orgId, memoryId: one.id }, one.characters),
  ]),
  'No memory.',
)}
${droppedList(outcome?.dropped ?? [])}
<h2>Failed tries</h2>
${triesTable(status.failedTries)}`,
    }
  },
})

/** Their words are not kept anywhere, so that only the reasons can be shown. */
function droppedList(reasons: TurnOutcome['dropped'] & object): Html {
  if (reasons.length === 0) return html``
  const rows = [...Map.groupBy(reasons, (reason) => reason)].map(
    ([reason, same]) => html`<li>${several(same.length, 'fact')}: ${DROP_REASONS[reason] ?? reason}</li>`,
  )
  return html`<h2>Proposed and dropped</h2><ul class="card messages">${rows}</ul>`
}

function outcomeLine({ state, failedTries }: TurnStatus, outcome: TurnOutcome | undefined): Html {
  const memories = outcome?.memories.length ?? 0
  const [letter] = outcome?.letters ?? []
  if (state === 'dead_lettered')
    return html`It is dead: ${failedTries.at(-1)?.code ?? 'its tries failed'}. ${letter === undefined ? html`` : link(letterAddress(letter), `Dead letter ${letter}`)}`
  if (state === 'pending')
    return html`It waits for its extraction${failedTries.length === 0 ? '' : `, after ${several(failedTries.length, 'failed try', 'failed tries')}`}.`
  const held = outcome?.memories.filter(({ status }) => status === 'quarantined').length ?? 0
  const dropped = outcome?.dropped?.length ?? 0
  const droppedText = dropped === 0 ? '' : `; ${several(dropped, 'fact was', 'facts were')} dropped`
  if (memories === 0)
    return html`It was read, and ${dropped === 0 ? 'no fact was found in it' : 'no memory came of it'}${droppedText}.`
  const heldText = held === 0 ? '' : held === memories ? ', held for review' : `, ${counted(held)} held for review`
  return html`It was read, and is a source of ${several(memories, 'memory', 'memories')}${heldText}${droppedText}.`
}
