import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { budgetTokens, orgId, workstreamId } from '../wire/fields.ts'

const ACCEPTED = 202

export const compactContextOperation = defineOperation({
  id: 'contexts.compact',
  summary: 'Requests the compaction of a conversation now',
  method: 'POST',
  path: '/v1/orgs/{orgId}/workstreams/{workstreamId}/context/compact',
  scope: 'contexts:write',
  reach: 'workstream',
  input: z.strictObject({ orgId, workstreamId, budgetTokens: budgetTokens.optional() }),
  output: z.object({
    jobId: z.string().nullable().meta({ description: 'Null when Redis is away: then a sweep queues it' }),
  }),
  errors: ['WORKSTREAM_UNKNOWN'],
  runtime: 'context.compactNow',
  statuses: [ACCEPTED],
  run: ({ context }, input) => context.compactNow(input),
})
