import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, workstreamId } from '../wire/fields.ts'

export const expandContextOperation = defineOperation({
  id: 'contexts.expand',
  summary: 'Returns the raw messages behind a part of a loaded context, a page at a time',
  method: 'GET',
  path: '/v1/orgs/{orgId}/workstreams/{workstreamId}/context/{id}',
  scope: 'contexts:read',
  reach: 'workstream',
  input: z.strictObject({
    orgId,
    workstreamId,
    id: z.string().min(1).max(100).meta({ description: 'The id in a pointer or a summary' }),
    limit: z.int().min(1).max(1_000).optional().meta({ description: 'Most messages to return, up to 1,000' }),
  }),
  output: z.object({
    messages: z.array(
      z.object({ id: z.string(), turnId: z.string(), at: moment, message: z.looseObject({ role: z.string() }) }),
    ),
    next: z.string().nullable().meta({ description: 'The id of the messages that are left; null when there are none' }),
  }),
  errors: ['WORKSTREAM_UNKNOWN'],
  runtime: 'context.expand',
  run: ({ context }, input) => context.expand(input),
})
