import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing } from '../wire/fields.ts'
import { leasedShape } from '../wire/messages.ts'

export const completeMessageOperation = defineOperation({
  id: 'messages.complete',
  summary: 'Completes a message; the first completion counts',
  method: 'POST',
  path: '/v1/orgs/{orgId}/messages/{messageId}/complete',
  scope: 'messages:write',
  reach: 'org',
  input: z.strictObject({ ...leasedShape, result: z.unknown().optional().meta({ description: 'JSON' }) }),
  output: nothing,
  errors: ['MESSAGE_SETTLED', 'MESSAGE_UNKNOWN'],
  runtime: 'messages.complete',
  run: async ({ messages }, input) => {
    await messages.complete(input)
    return undefined
  },
})
