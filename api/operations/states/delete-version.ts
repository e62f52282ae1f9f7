import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing } from '../wire/fields.ts'
import { stateKey, version } from '../wire/states.ts'

export const deleteVersionOperation = defineOperation({
  id: 'states.deleteVersion',
  summary: 'Deletes a version of a state, and every stored byte that only this version had',
  method: 'DELETE',
  path: '/v1/orgs/{orgId}/states/{stateId}/versions/{version}',
  scope: 'states:write',
  reach: 'user',
  input: z.strictObject({ ...stateKey, version }),
  output: nothing,
  errors: ['STATE_UNKNOWN', 'STATE_CORRUPT'],
  runtime: 'states.deleteVersion',
  run: async ({ states }, input) => {
    await states.deleteVersion(input)
    return undefined
  },
})
