import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { executionShape, published } from '../wire/executions.ts'

export const updateExecutionOperation = defineOperation({
  id: 'executions.update',
  summary: 'Records the state of a step of an execution. With an updateId, repeating the request is safe',
  method: 'POST',
  path: '/v1/orgs/{orgId}/workflows/{workflowId}/executions/{executionId}/updates',
  scope: 'events:write',
  reach: 'org',
  input: z.strictObject({
    ...executionShape,
    subtaskId: z.string().meta({ description: 'The step of the execution' }),
    status: z.string().meta({ description: "The state of the step, in the workflow's own words" }),
    updateId: z
      .string()
      .optional()
      .meta({ description: 'Repeating an update with the same id returns its first result' }),
  }),
  output: published,
  errors: ['EXECUTION_UNKNOWN', 'STREAM_ENDED', 'EVENT_CONFLICT'],
  runtime: 'executions.updated',
  run: ({ executions }, { subtaskId, status, updateId, data, ...execution }) =>
    executions.updated(execution, { subtaskId, status, updateId, data }),
})
