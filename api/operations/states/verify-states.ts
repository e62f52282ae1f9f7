import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { stateKey } from '../wire/states.ts'

export const verifyStatesOperation = defineOperation({
  id: 'states.verify',
  summary: 'Reads and checks every version of one state, or of all',
  method: 'GET',
  path: '/v1/orgs/{orgId}/state-damages',
  scope: 'states:read',
  reach: 'user',
  input: z.strictObject({ ...stateKey, stateId: stateKey.stateId.optional() }),
  output: z.object({
    states: z.int(),
    versions: z.int(),
    damaged: z.array(
      z.object({ userId: z.string().optional(), stateId: z.string(), version: z.int(), fault: z.string() }),
    ),
  }),
  errors: [],
  runtime: 'states.verify',
  run: ({ states }, input) => states.verify(input),
})
