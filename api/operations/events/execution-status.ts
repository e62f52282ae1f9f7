import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId } from '../wire/fields.ts'

export const executionStatusOperation = defineOperation({
  id: 'executions.status',
  summary: 'Reports how an execution of a workflow stands: its state, its steps and its result',
  method: 'GET',
  path: '/v1/orgs/{orgId}/workflows/{workflowId}/executions/{executionId}',
  scope: 'events:read',
  reach: 'org',
  input: z.strictObject({ orgId, workflowId: z.string(), executionId: z.string() }),
  output: z.object({
    status: z.enum(['running', 'completed', 'failed']),
    startedAt: moment.nullable(),
    endedAt: moment.nullable(),
    subtasks: z.array(
      z.object({ subtaskId: z.string(), status: z.string(), at: moment, data: z.unknown().optional() }),
    ),
    result: z.unknown(),
    failure: z
      .object({ error: z.string(), failedStep: z.string().optional(), reason: z.string().optional() })
      .nullable(),
    cursor: z.string().meta({ description: 'From where on its events tell what happens after this' }),
  }),
  errors: ['EXECUTION_UNKNOWN'],
  runtime: 'executions.status',
  run: ({ executions }, input) => executions.status(input),
})
