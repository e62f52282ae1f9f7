import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing, orgId } from '../wire/fields.ts'

export const setInstructionsOperation = defineOperation({
  id: 'instructions.set',
  summary: "Sets an org's instructions for extraction: which memories matter, and how to word them",
  method: 'PUT',
  path: '/v1/orgs/{orgId}/instructions',
  scope: 'operate:write',
  reach: 'org',
  input: z.strictObject({
    orgId,
    text: z
      .string()
      .min(1)
      .max(2_000)
      .meta({ description: "What the model is told in addition to the product's prompt" }),
  }),
  output: nothing,
  errors: [],
  runtime: 'memory.instructions.set',
  async run({ memory }, input, { keyId }) {
    await memory.instructions.set({ ...input, by: keyId })
    return undefined
  },
})
