import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { memoryId, moment, orgId, viewer } from '../wire/fields.ts'
import { memory } from '../wire/memories.ts'

export const memoryHistoryOperation = defineOperation({
  id: 'memory.history',
  summary: 'Shows where a memory comes from, what it replaced, and what replaced it',
  method: 'GET',
  path: '/v1/orgs/{orgId}/memory/{memoryId}/history',
  scope: 'memory:read',
  reach: 'user',
  input: z.strictObject({ orgId, memoryId, ...viewer }),
  output: z.object({
    memory,
    replaced: z.array(memory),
    replacedBy: z.array(memory),
    createdAt: moment,
    status: z.enum(['active', 'quarantined', 'rejected']),
    statusReason: z.string().nullable(),
    reviewedBy: z.string().nullable(),
    reviewedAt: moment.nullable(),
    writtenBy: z.string().nullable(),
    endedBy: z.string().nullable(),
  }),
  errors: ['MEMORY_UNKNOWN'],
  runtime: 'memory.history',
  run: ({ memory }, input) => memory.history(input),
})
