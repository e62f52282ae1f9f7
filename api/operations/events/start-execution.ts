import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { executionShape, published } from '../wire/executions.ts'

export const startExecutionOperation = defineOperation({
  id: 'executions.start',
  summary: 'Starts an execution of a workflow. Repeating the request is safe',
  method: 'PUT',
  path: '/v1/orgs/{orgId}/workflows/{workflowId}/executions/{executionId}',
  scope: 'events:write',
  reach: 'org',
  input: z.strictObject({ ...executionShape }),
  output: published,
  errors: ['EVENT_CONFLICT', 'STREAM_ENDED'],
  runtime: 'executions.started',
  run: ({ executions }, { data, ...execution }) => executions.started(execution, { data }),
})
