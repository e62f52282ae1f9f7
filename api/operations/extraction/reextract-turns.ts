import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, workstreamId } from '../wire/fields.ts'

export const reextractTurnsOperation = defineOperation({
  id: 'memory.reextract',
  summary: 'Extracts turns again with the current model and instructions; the status of the org shows the progress',
  method: 'POST',
  path: '/v1/orgs/{orgId}/reextract',
  scope: 'operate:write',
  reach: 'org',
  input: z.strictObject({
    orgId,
    workstreamId: workstreamId.optional(),
    since: moment.optional().meta({ description: 'Only turns from this time on; by default all' }),
  }),
  output: z.object({ id: z.int() }),
  errors: [],
  runtime: 'memory.reextract',
  run: ({ memory }, input, { keyId }) => memory.reextract({ ...input, by: keyId }),
})
