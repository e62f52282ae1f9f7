import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { executionShape, published } from '../wire/executions.ts'

export const completeExecutionOperation = defineOperation({
  id: 'executions.complete',
  summary: 'Ends an execution as completed. Repeating the request is safe',
  method: 'POST',
  path: '/v1/orgs/{orgId}/workflows/{workflowId}/executions/{executionId}/complete',
  scope: 'events:write',
  reach: 'org',
  input: z.strictObject({ ...executionShape }),
  output: published,
  errors: ['EXECUTION_UNKNOWN', 'STREAM_ENDED', 'EVENT_CONFLICT'],
  runtime: 'executions.completed',
  run: ({ executions }, { data, ...execution }) => executions.completed(execution, { data }),
})
