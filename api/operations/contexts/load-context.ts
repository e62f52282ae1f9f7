import { z } from 'zod'
import { CONTEXT_TARGETS } from '../../../shared/context/load-context.ts'
import { defineOperation } from '../define-operation.ts'
import { budgetTokens, orgId, workstreamId } from '../wire/fields.ts'

export const loadContextOperation = defineOperation({
  id: 'contexts.load',
  summary: 'Loads a conversation as messages for a model, within a budget of tokens',
  method: 'POST',
  path: '/v1/orgs/{orgId}/workstreams/{workstreamId}/context',
  scope: 'contexts:read',
  reach: 'workstream',
  input: z.strictObject({
    orgId,
    workstreamId,
    budgetTokens,
    model: z
      .string()
      .optional()
      .meta({ description: 'The model that the messages are for: it decides how tokens are counted' }),
    tools: z
      .array(z.looseObject({}))
      .optional()
      .meta({ description: 'Definitions of tools, which count towards the budget' }),
    // Messages of the AI SDK for a model hold addresses and bytes that JSON has no form for.
    target: z
      .enum(CONTEXT_TARGETS)
      .exclude(['ai-sdk'])
      .optional()
      .meta({ description: 'The API for which the messages are shaped' }),
  }),
  output: z.object({
    messages: z.array(z.looseObject({ role: z.string().optional() })),
    system: z.unknown().optional().meta({ description: 'With the target anthropic' }),
    parts: z.array(
      z.object({
        kind: z.enum(['raw', 'offloaded', 'excerpt', 'summary', 'omitted']),
        message: z.int().nullable(),
        id: z.string(),
        messages: z.int(),
        tokens: z.int(),
        turnId: z.string().optional(),
      }),
    ),
    tokens: z.int(),
    toolTokens: z.int(),
    liveTokens: z.int(),
    totalMessages: z.int(),
    compaction: z.int().nullable(),
  }),
  errors: ['WORKSTREAM_UNKNOWN', 'CONTEXT_TOO_SMALL'],
  runtime: 'context.load',
  // The types of the overloads meet here: what each target returns fits the output.
  run: ({ context }, input) => context.load(input as Parameters<typeof context.load>[0]),
})
