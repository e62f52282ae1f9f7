import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { moment, orgId, turnId, workstreamId } from '../wire/fields.ts'

export const turnStatusOperation = defineOperation({
  id: 'turns.status',
  summary: 'Reports what became of a turn: pending, extracted, or a dead letter with its reason',
  method: 'GET',
  path: '/v1/orgs/{orgId}/workstreams/{workstreamId}/turns/{turnId}',
  scope: 'memory:read',
  reach: 'workstream',
  input: z.strictObject({ orgId, workstreamId, turnId }),
  output: z.object({
    state: z.enum(['pending', 'extracted', 'dead_lettered']),
    at: moment,
    recordedAt: moment,
    settledAt: moment.nullable(),
    failedTries: z.array(z.object({ at: z.string(), code: z.string(), reason: z.string() })),
  }),
  errors: ['TURN_UNKNOWN'],
  runtime: 'memory.turnStatus',
  run: ({ memory }, input) => memory.turnStatus(input),
})
