import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId } from '../wire/fields.ts'

export const showInstructionsOperation = defineOperation({
  id: 'instructions.get',
  summary: "Shows an org's instructions for extraction, and who set them when",
  method: 'GET',
  path: '/v1/orgs/{orgId}/instructions',
  scope: 'operate:read',
  reach: 'org',
  input: z.strictObject({ orgId }),
  output: z.object({ instructions: z.object({ text: z.string(), setBy: z.string(), setAt: moment }).nullable() }),
  errors: [],
  runtime: 'memory.instructions.get',
  returns: 'instructions',
  run: async ({ memory }, input) => ({ instructions: await memory.instructions.get(input) }),
})
