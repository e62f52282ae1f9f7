import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment } from '../wire/fields.ts'
import { leaseMs, messageShape } from '../wire/messages.ts'

export const takeMessageOperation = defineOperation({
  id: 'messages.take',
  summary: 'Takes a message to work on, under a lease; null if it cannot be worked on now',
  method: 'POST',
  path: '/v1/orgs/{orgId}/messages/{messageId}/take',
  scope: 'messages:write',
  reach: 'org',
  input: z.strictObject({ ...messageShape, leaseMs }),
  output: z.object({
    message: z
      .object({
        orgId: z.string(),
        messageId: z.string(),
        type: z.string(),
        agent: z.string().nullable(),
        key: z.string().nullable(),
        data: z.unknown(),
        attempt: z.int(),
        lease: z.string(),
        leaseUntil: moment,
      })
      .nullable(),
  }),
  errors: ['MESSAGE_UNKNOWN'],
  runtime: 'messages.take',
  returns: 'message',
  run: async ({ messages }, input) => ({ message: (await messages.take(input)) ?? null }),
})
