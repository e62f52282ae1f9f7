import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing, orgId } from '../wire/fields.ts'

export const clearInstructionsOperation = defineOperation({
  id: 'instructions.clear',
  summary: "Removes an org's instructions for extraction",
  method: 'DELETE',
  path: '/v1/orgs/{orgId}/instructions',
  scope: 'operate:write',
  reach: 'org',
  input: z.strictObject({ orgId }),
  output: nothing,
  errors: [],
  runtime: 'memory.instructions.clear',
  async run({ memory }, input) {
    await memory.instructions.clear(input)
    return undefined
  },
})
