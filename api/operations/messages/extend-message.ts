import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { nothing } from '../wire/fields.ts'
import { leasedShape, leaseMs } from '../wire/messages.ts'

export const extendMessageOperation = defineOperation({
  id: 'messages.extend',
  summary: 'Extends the lease of a message that was taken',
  method: 'POST',
  path: '/v1/orgs/{orgId}/messages/{messageId}/extend',
  scope: 'messages:write',
  reach: 'org',
  input: z.strictObject({ ...leasedShape, leaseMs }),
  output: nothing,
  errors: ['MESSAGE_SETTLED'],
  runtime: 'messages.extend',
  run: async ({ messages }, input) => {
    await messages.extend(input)
    return undefined
  },
})
