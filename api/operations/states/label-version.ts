import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing } from '../wire/fields.ts'
import { stateKey, version } from '../wire/states.ts'

export const labelVersionOperation = defineOperation({
  id: 'states.label',
  summary: 'Labels a version of a state so that it is kept, or removes its label',
  method: 'PUT',
  path: '/v1/orgs/{orgId}/states/{stateId}/versions/{version}/label',
  scope: 'states:write',
  reach: 'user',
  input: z.strictObject({
    ...stateKey,
    version,
    label: z
      .string()
      .nullable()
      .meta({ description: 'Keeps the version after newer ones have replaced it; null removes the label' }),
  }),
  output: nothing,
  errors: ['STATE_UNKNOWN'],
  runtime: 'states.label',
  run: async ({ states }, input) => {
    await states.label(input)
    return undefined
  },
})
