import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, viewer } from '../wire/fields.ts'

export const executionStatusOperation = defineOperation({
  id: 'executions.status',
  summary: 'Reports an execution of a workflow as a viewer sees it: its state, steps and result',
  method: 'GET',
  path: '/v1/orgs/{orgId}/workflows/{workflowId}/executions/{executionId}',
  scope: 'events:read',
  reach: 'user',
  input: z.strictObject({
    orgId,
    workflowId: z.string().meta({ description: 'The workflow' }),
    executionId: z.string().meta({ description: 'One run of it' }),
    ...viewer,
  }),
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
    cursor: z.string().meta({ description: 'The cursor from which its events report what happens next' }),
  }),
  errors: ['EXECUTION_UNKNOWN'],
  runtime: 'executions.status',
  run: ({ executions }, input) => executions.status(input),
})
