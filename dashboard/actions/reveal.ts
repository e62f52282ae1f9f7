import { z } from 'zod'
import { SECTIONS, type Section, type Summary } from '../../shared/context/summary.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { readRevealedSummary } from '../../shared/store/console/context-records.ts'
import { readTurnOutcome } from '../../shared/store/console/org-places.ts'
import { readRevealedMemory } from '../../shared/store/console/revealed-memory.ts'
import { readTurns } from '../../shared/store/turns/turns.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { defineAction } from '../console/define-action.ts'
import { id, name, optional, orgIdField } from '../console/fields.ts'
import { type Html, html } from '../html.ts'
import { contextAddress, link, memoryAddress, turnAddress } from '../view/links.ts'
import { facts } from '../view/table.ts'

/** Shows the words of one turn, one memory, or the summary of one compaction. That somebody read them is kept in the audit. */
export const reveal = defineAction({
  name: 'content.reveal',
  label: 'Reveal',
  permission: 'content',
  isUnconfirmed: true,
  fields: z.object({
    orgId: orgIdField,
    memoryId: optional(id),
    workstreamId: optional(name),
    turnId: optional(name),
    compactionId: optional(id),
  }),
  async look(_services, { orgId, memoryId, workstreamId, turnId, compactionId }) {
    const subject =
      memoryId !== undefined
        ? `memory ${memoryId}`
        : compactionId !== undefined
          ? `compaction ${compactionId} of ${workstreamId}`
          : `turn ${turnId} of ${workstreamId}`
    return { subject, orgId, state: null, shows: html`<p>Show the words of ${subject}.</p>` }
  },
  async run({ database }, { orgId, memoryId, workstreamId, turnId, compactionId }) {
    if (memoryId !== undefined) {
      const memory = await readInTime(readRevealedMemory(database, orgId, memoryId))
      if (!memory) throw new AfterturnError('MEMORY_UNKNOWN', `No memory ${memoryId} is known here.`)
      const sources = memory.sources.map(
        ({ workstreamId, turnId, quote }) =>
          html`<li>${quote === '' ? 'no quote' : html`<q>${quote}</q>`}, ${link(turnAddress(orgId, workstreamId, turnId), turnId)}</li>`,
      )
      return {
        message: 'Shown.',
        shows: html`${facts([
          ['Fact', memory.fact],
          ['About', [memory.subject, memory.attribute].filter(Boolean).join(', ') || 'nothing in particular'],
          ['Said', html`<ul>${sources}</ul>`],
        ])}<p>${link(memoryAddress(orgId, memoryId), `Memory ${memoryId}`)}</p>`,
      }
    }
    const key = { orgId, workstreamId: workstreamId ?? '', turnId: turnId ?? '' }
    if (compactionId !== undefined) {
      const compaction = await readInTime(readRevealedSummary(database, key, compactionId))
      if (!compaction)
        throw new AfterturnError(
          'WORKSTREAM_UNKNOWN',
          `No compaction ${compactionId} of this workstream is known here.`,
        )
      const back = link(contextAddress(orgId, key.workstreamId), `Context of ${key.workstreamId}`)
      return { message: 'Shown.', shows: html`${summaryFacts(compaction.summary as Summary | null)}<p>${back}</p>` }
    }
    const outcome = await readInTime(readTurnOutcome(database, key))
    if (!outcome) throw new AfterturnError('TURN_UNKNOWN', `No turn ${key.turnId} is known here.`)
    const [turn] = await readInTime(readTurns(database, orgId, [outcome.row]))
    const messages = (turn?.messages ?? []).map(
      ({ role, name, content }) => html`<li><strong>${name ?? role}</strong><p class="words">${content}</p></li>`,
    )
    return {
      message: 'Shown.',
      shows: html`<ol class="card messages">${messages}</ol><p>${link(turnAddress(orgId, key.workstreamId, key.turnId), `Turn ${key.turnId}`)}</p>`,
    }
  },
})

function summaryFacts(summary: Summary | null): Html {
  if (summary === null) return html`<p class="card empty">It has no summary: large outputs became pointers.</p>`
  const list = (texts: readonly string[]) =>
    texts.length === 0 ? undefined : html`<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`
  return facts([
    ['Goal', summary.goal || undefined],
    ...Object.entries(SECTIONS).map(([name, title]) => [title, list(summary[name as Section] ?? [])] as const),
    ['Identifiers', summary.identifiers.length === 0 ? undefined : summary.identifiers.join(', ')],
    ['Quoted', list(summary.quotes.map(({ speaker, text }) => `${speaker}: ${text}`))],
  ])
}
