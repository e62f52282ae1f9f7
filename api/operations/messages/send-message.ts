import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { userId, workstreamId } from '../wire/fields.ts'
import { messageShape } from '../wire/messages.ts'

export const sendMessageOperation = defineOperation({
  id: 'messages.send',
  summary: 'Sends a message to an agent. Repeating a messageId is safe',
  method: 'PUT',
  path: '/v1/orgs/{orgId}/messages/{messageId}',
  scope: 'messages:write',
  reach: 'org',
  input: z.strictObject({
    ...messageShape,
    type: z.string().min(1).meta({ description: 'What kind of message it is; routes match it' }),
    agent: z
      .string()
      .optional()
      .meta({ description: 'The agent that works on the message; by default the one that the route names' }),
    key: z.string().optional().meta({ description: 'Messages of one agent and key are worked one after the other' }),
    data: z.unknown().optional().meta({ description: 'JSON' }),
    userId: userId.optional(),
    workstreamId: workstreamId.optional(),
  }),
  output: z.object({ deduplicated: z.boolean() }),
  errors: ['MESSAGE_CONFLICT'],
  runtime: 'messages.send',
  run: ({ messages }, input) => messages.send(input),
})
