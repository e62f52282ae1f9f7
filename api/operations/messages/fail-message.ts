import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing } from '../wire/fields.ts'
import { leasedShape } from '../wire/messages.ts'

export const failMessageOperation = defineOperation({
  id: 'messages.fail',
  summary: 'Reports that the work on a message failed; it is tried again unless the failure is final',
  method: 'POST',
  path: '/v1/orgs/{orgId}/messages/{messageId}/fail',
  scope: 'messages:write',
  reach: 'org',
  input: z.strictObject({
    ...leasedShape,
    error: z.string().min(1).meta({ description: 'Why it failed' }),
    isFinal: z.boolean().optional().meta({ description: 'True ends it: it is not tried again' }),
  }),
  output: nothing,
  errors: ['MESSAGE_SETTLED', 'MESSAGE_UNKNOWN'],
  runtime: 'messages.fail',
  run: async ({ messages }, input) => {
    await messages.fail(input)
    return undefined
  },
})
