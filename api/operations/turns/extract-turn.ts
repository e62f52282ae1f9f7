import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId, turnId, workstreamId } from '../wire/fields.ts'

const ACCEPTED = 202

export const extractTurnOperation = defineOperation({
  id: 'turns.extract',
  summary: 'Queues the extraction of a turn and of the pending turns before it, without waiting for the digest',
  method: 'POST',
  path: '/v1/orgs/{orgId}/workstreams/{workstreamId}/turns/{turnId}/extract',
  scope: 'turns:write',
  reach: 'workstream',
  input: z.strictObject({ orgId, workstreamId, turnId }),
  output: z.object({ jobId: z.string() }),
  errors: ['TURN_UNKNOWN', 'ENQUEUE_TIMEOUT', 'REDIS_UNSUITABLE'],
  runtime: 'memory.extractNow',
  statuses: [ACCEPTED],
  run: ({ memory }, input) => memory.extractNow(input),
})
