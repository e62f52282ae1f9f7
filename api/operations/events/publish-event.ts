import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { published } from '../wire/executions.ts'
import { agentId, orgId, userId, workstreamId } from '../wire/fields.ts'
import { memoryScope } from '../wire/memories.ts'

export const publishEventOperation = defineOperation({
  id: 'events.publish',
  summary: 'Appends an event to a stream. Repeating an eventId is safe',
  method: 'POST',
  path: '/v1/orgs/{orgId}/events',
  scope: 'events:write',
  reach: 'org',
  input: z.strictObject({
    orgId,
    stream: z.array(z.string()).meta({ description: 'The name of the stream, part by part' }),
    eventId: z.string().meta({ description: "The app's own id of the event" }),
    type: z.string().meta({ description: "What happened, as one of the app's own words" }),
    data: z.unknown().optional().meta({ description: 'JSON' }),
    userId: userId.optional(),
    agentId: agentId.optional(),
    workstreamId: workstreamId.optional(),
    scope: memoryScope
      .optional()
      .meta({ description: 'Who sees it; by default the user, agent or workstream that is named' }),
    ends: z.boolean().optional().meta({ description: 'Whether the stream ends with it' }),
  }),
  output: published,
  errors: ['EVENT_CONFLICT', 'STREAM_ENDED'],
  runtime: 'events.publish',
  run: ({ events }, input) => events.publish(input),
})
