import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, workstreamId } from '../wire/fields.ts'

export const reextractTurnsOperation = defineOperation({
  id: 'memory.reextract',
  summary:
    'Extracts turns once more, as the model and the instructions are now; the status of the org shows how far it is',
  method: 'POST',
  path: '/v1/orgs/{orgId}/reextract',
  scope: 'operate:write',
  reach: 'org',
  input: z.strictObject({
    orgId,
    workstreamId: workstreamId.optional(),
    since: moment.optional().meta({ description: 'Turns that were said from then on; by default all' }),
  }),
  output: z.object({ id: z.int() }),
  errors: [],
  runtime: 'memory.reextract',
  run: ({ memory }, input, { keyId }) => memory.reextract({ ...input, by: keyId }),
})
