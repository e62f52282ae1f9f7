import { z } from 'zod'
import type { MessageInput } from '../../../shared/memory/recording/turn-messages.ts'
import { defineOperation } from '../define-operation.ts'
import { agentId, moment, orgId, turnId, userId, workstreamId } from '../wire/fields.ts'
import { memoryMetadata, memoryScope } from '../wire/memories.ts'

const MAX_BODY_BYTES = 8 * 1_024 * 1_024
const CREATED = 201
const FOUND = 200

/** What a message may hold is checked where turns are recorded, with the path of each fault; here stands its form alone. */
const message = z
  .looseObject({
    role: z.enum(['user', 'assistant', 'system', 'developer', 'tool', 'function']),
    content: z.unknown().optional(),
  })
  .meta({ id: 'Message', description: "A message of OpenAI's chat API; fields that are not named are kept" })

export const recordTurnOperation = defineOperation({
  id: 'turns.record',
  summary: 'Records one turn. Repeating it is safe: the same id with the same content is recorded once',
  method: 'PUT',
  path: '/v1/orgs/{orgId}/workstreams/{workstreamId}/turns/{turnId}',
  scope: 'turns:write',
  reach: 'user',
  maxBodyBytes: MAX_BODY_BYTES,
  input: z.strictObject({
    orgId,
    workstreamId,
    turnId,
    messages: z
      .array(message as unknown as z.ZodType<MessageInput>)
      .min(1)
      .meta({ description: "As the app sends them to OpenAI's chat API, and as that returns them" }),
    at: moment.optional(),
    timeZone: z.string().optional().meta({ description: 'IANA time zone of who speaks, for example Europe/Lisbon' }),
    userId: userId.optional(),
    agentId: agentId.optional(),
    scope: memoryScope.optional().meta({
      description:
        'Who finds it and its memories; by default the named user, else the named agent, else the org if a speaker has a name, else the workstream',
    }),
    metadata: memoryMetadata.optional(),
    priority: z
      .enum(['live', 'backfill'])
      .optional()
      .meta({ description: "'backfill' for an imported history: live turns of the org are extracted first" }),
    replace: z
      .boolean()
      .optional()
      .meta({ description: 'Replaces the recorded turn if this turnId has other content' }),
  }),
  output: z.object({
    recorded: z.literal('yes'),
    deduplicated: z.boolean(),
    digestDueAt: moment
      .nullable()
      .meta({ description: 'When memories will be extracted from it; until then, search finds it by its words' }),
    contextTokens: z.int(),
  }),
  errors: ['TURN_CONFLICT'],
  runtime: 'memory.recordTurn',
  statuses: [CREATED, FOUND],
  statusOf: ({ deduplicated }) => (deduplicated ? FOUND : CREATED),
  run: ({ memory }, input) => memory.recordTurn(input),
})
