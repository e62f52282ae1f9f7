import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { executionShape, published } from '../wire/executions.ts'

export const failExecutionOperation = defineOperation({
  id: 'executions.fail',
  summary: 'Ends an execution as failed. Repeating the request is safe',
  method: 'POST',
  path: '/v1/orgs/{orgId}/workflows/{workflowId}/executions/{executionId}/fail',
  scope: 'events:write',
  reach: 'org',
  input: z.strictObject({
    ...executionShape,
    error: z.string().meta({ description: 'Why it failed' }),
    failedStep: z.string().optional().meta({ description: 'The step that failed' }),
  }),
  output: published,
  errors: ['EXECUTION_UNKNOWN', 'STREAM_ENDED', 'EVENT_CONFLICT'],
  runtime: 'executions.failed',
  run: ({ executions }, { error, failedStep, data, ...execution }) =>
    executions.failed(execution, { error, failedStep, data }),
})
