import { z } from 'zod'
import { defineAction } from '../console/define-action.ts'
import { ids } from '../console/fields.ts'
import { several } from '../view/texts.ts'
import { lookAtLetters } from './look-at-letters.ts'

export const dropLetters = defineAction({
  name: 'dead-letters.drop',
  label: 'Drop',
  permission: 'operate',
  runtime: 'deadLetters.drop',
  fields: z.object({ ids }),
  look: (services, { ids }) => lookAtLetters(services, ids, 'each is given up for good; a turn stays dead.'),
  async run({ deadLetters }, { ids }, { name }) {
    const { dropped } = await deadLetters.drop({ ids: [...new Set(ids)], by: name })
    return { message: `Dropped ${several(dropped, 'dead letter')}.` }
  },
})
