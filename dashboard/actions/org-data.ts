import { z } from 'zod'
import { defineAction } from '../console/define-action.ts'
import { id, name, optional, orgIdField } from '../console/fields.ts'
import { html } from '../html.ts'
import { orgAddress } from '../view/links.ts'

/** All that is kept of an org or one of its users: given out, or erased. */

export const exportData = defineAction({
  name: 'org.export',
  label: 'Export',
  permission: 'export',
  runtime: 'memory.export',
  fields: z.object({ orgId: orgIdField, userId: optional(name) }),
  async look(_services, { orgId, userId }) {
    return {
      subject: userId === undefined ? 'the org' : `user ${userId}`,
      orgId,
      state: null,
      shows: html`<p>Download all that is kept of ${userId === undefined ? html`the org <b>${orgId}</b>` : html`the user <b>${userId}</b> of ${orgId}`}, words included, as lines of JSON.</p>`,
    }
  },
  async run({ memory }, { orgId, userId }) {
    const lines = memory.export({ orgId, ...(userId !== undefined && { userId }) })
    return { message: 'Downloaded.', file: { name: 'export.jsonl', lines } }
  },
})

export const eraseData = defineAction({
  name: 'org.erase',
  label: 'Erase',
  permission: 'erase',
  runtime: 'memory.erase',
  fields: z.object({
    orgId: orgIdField,
    userId: optional(name),
    workstreamId: optional(name),
    turnId: optional(name),
    memoryId: optional(id),
  }),
  async look({ memory }, { orgId, ...part }) {
    const set = Object.entries(part).flatMap(([kind, value]) => (value === undefined ? [] : [`${kind} ${value}`]))
    const subject = set.length === 0 ? 'the whole org' : set.join(', ')
    const { turns, memories } = await memory.status({ orgId })
    return {
      subject,
      orgId,
      // What is recorded meanwhile stays: it changes nothing about what is to be erased.
      state: subject,
      typed: orgId,
      shows: html`<p class="notice bad">Erase <b>${subject}</b> of the org <b>${orgId}</b>, with all that is derived from it, caches included. The org has ${turns.pending + turns.extracted + turns.deadLettered} turns and ${memories} memories.</p>`,
    }
  },
  async run({ memory }, { orgId, ...part }, { name: by }) {
    const given = Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined))
    const { turns, memories } = await memory.erase({ orgId, ...given, by })
    return { message: `Erased ${turns} turns and ${memories} memories.`, next: orgAddress(orgId) }
  },
})
