import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { stateKey } from '../wire/states.ts'

export const deleteStateOperation = defineOperation({
  id: 'states.delete',
  summary: 'Deletes a state with all its versions',
  method: 'DELETE',
  path: '/v1/orgs/{orgId}/states/{stateId}',
  scope: 'states:write',
  reach: 'user',
  input: z.strictObject(stateKey),
  output: z.object({ versions: z.int() }),
  errors: [],
  runtime: 'states.delete',
  run: ({ states }, input) => states.delete(input),
})
