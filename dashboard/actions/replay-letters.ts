import { z } from 'zod'
import { defineAction } from '../console/define-action.ts'
import { ids } from '../console/fields.ts'
import { several } from '../view/texts.ts'
import { lookAtLetters } from './look-at-letters.ts'

export const replayLetters = defineAction({
  name: 'dead-letters.replay',
  label: 'Replay',
  permission: 'operate',
  runtime: 'deadLetters.replay',
  fields: z.object({ ids }),
  look: (services, { ids }) => lookAtLetters(services, ids, 'each starts over, with all its tries.'),
  async run({ deadLetters }, { ids }, { name }) {
    const { replayed } = await deadLetters.replay({ ids: [...new Set(ids)], by: name })
    return { message: `Replayed ${several(replayed, 'dead letter')}.` }
  },
})
