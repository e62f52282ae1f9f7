import { z } from 'zod'
import { notHeld } from '../../shared/memory/quarantine.ts'
import { readHeldFact } from '../../shared/store/memories/held-memories.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { defineAction } from '../console/define-action.ts'
import { id, orgIdField } from '../console/fields.ts'
import { html } from '../html.ts'
import { heldBecause } from '../view/texts.ts'

/** Reviews a held memory. */

export const approveMemory = reviewing('memory.approve', 'Approve', 'approve', 'It becomes a memory like others.')
export const rejectMemory = reviewing(
  'memory.reject',
  'Reject',
  'reject',
  'It stays refused, so that it does not come back as new.',
)

function reviewing(name: string, label: string, verb: 'approve' | 'reject', effect: string) {
  return defineAction({
    name,
    label,
    permission: 'review',
    runtime: `memory.quarantine.${verb}`,
    fields: z.object({ orgId: orgIdField, memoryId: id }),
    async look({ database }, { orgId, memoryId }) {
      const held = await readInTime(readHeldFact(database, orgId, memoryId))
      if (!held) throw notHeld(memoryId)
      return {
        subject: `memory ${memoryId}`,
        orgId,
        state: [held.status, held.statusReason],
        shows: html`<p>${label} the held memory <b>${memoryId}</b>, a ${held.kind}${held.statusReason === null ? '' : ` that is held because ${heldBecause(held.statusReason)}`}. ${effect}</p>`,
      }
    },
    async run({ memory }, { orgId, memoryId }, { name: by }) {
      await memory.quarantine[verb]({ orgId, memoryId, by })
      return { message: `Memory ${memoryId} is ${verb === 'approve' ? 'approved' : 'rejected'}.` }
    },
  })
}
