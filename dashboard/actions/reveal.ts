import { z } from 'zod'
import { AfterturnError } from '../../shared/errors.ts'
import { readTurnOutcome } from '../../shared/store/console/org-places.ts'
import { readRevealedMemory } from '../../shared/store/console/revealed-memory.ts'
import { readTurns } from '../../shared/store/turns/turns.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { defineAction } from '../console/define-action.ts'
import { id, name, optional, orgIdField } from '../console/fields.ts'
import { html } from '../html.ts'
import { link, memoryAddress, turnAddress } from '../view/links.ts'
import { facts } from '../view/table.ts'

/** Shows the words of one turn or one memory. That somebody read them is kept in the audit. */
export const reveal = defineAction({
  name: 'content.reveal',
  label: 'Reveal',
  permission: 'content',
  isUnconfirmed: true,
  fields: z.object({ orgId: orgIdField, memoryId: optional(id), workstreamId: optional(name), turnId: optional(name) }),
  async look(_services, { orgId, memoryId, workstreamId, turnId }) {
    const subject = memoryId === undefined ? `turn ${turnId} of ${workstreamId}` : `memory ${memoryId}`
    return { subject, orgId, state: null, shows: html`<p>Show the words of ${subject}.</p>` }
  },
  async run({ database }, { orgId, memoryId, workstreamId, turnId }) {
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
