import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { savedState, stateKey, version } from '../wire/states.ts'

export const rollbackStateOperation = defineOperation({
  id: 'states.rollback',
  summary: 'Rolls a state back: saves an older version again as the newest',
  method: 'POST',
  path: '/v1/orgs/{orgId}/states/{stateId}/rollback',
  scope: 'states:write',
  reach: 'user',
  input: z.strictObject({ ...stateKey, toVersion: version }),
  output: savedState,
  errors: ['STATE_UNKNOWN', 'STATE_CONFLICT'],
  runtime: 'states.rollback',
  run: ({ states }, input) => states.rollback(input),
})
