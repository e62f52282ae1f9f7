import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { stateKey, stateVersion, version } from '../wire/states.ts'

export const listVersionsOperation = defineOperation({
  id: 'states.versions',
  summary: 'Lists the versions of a state, newest first',
  method: 'GET',
  path: '/v1/orgs/{orgId}/states/{stateId}/versions',
  scope: 'states:read',
  reach: 'user',
  input: z.strictObject({
    ...stateKey,
    before: version.optional(),
    limit: z.int().min(1).max(1_000).optional().meta({ description: 'Most versions to return, up to 1,000' }),
  }),
  output: z.object({ versions: z.array(stateVersion) }),
  errors: [],
  runtime: 'states.versions',
  returns: 'versions',
  run: async ({ states }, input) => ({ versions: await states.versions(input) }),
})
