import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment } from '../wire/fields.ts'
import { messageShape } from '../wire/messages.ts'

export const messageStatusOperation = defineOperation({
  id: 'messages.status',
  summary: 'Reports the state of a message, and its result when there is one',
  method: 'GET',
  path: '/v1/orgs/{orgId}/messages/{messageId}',
  scope: 'messages:read',
  reach: 'org',
  input: z.strictObject(messageShape),
  output: z.object({
    state: z.enum(['received', 'routed', 'running', 'completed', 'dead']),
    agent: z.string().nullable(),
    attempts: z.int(),
    receivedAt: moment,
    settledAt: moment.nullable(),
    result: z.unknown(),
    failure: z.object({ code: z.string(), reason: z.string() }).nullable(),
  }),
  errors: ['MESSAGE_UNKNOWN'],
  runtime: 'messages.status',
  run: ({ messages }, input) => messages.status(input),
})
