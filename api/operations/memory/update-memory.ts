import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { memoryId, orgId } from '../wire/fields.ts'
import { memoryMetadata } from '../wire/memories.ts'
import { writtenMemory } from './add-memory.ts'
import { WRITE_ERRORS } from './write-errors.ts'

export const updateMemoryOperation = defineOperation({
  id: 'memory.update',
  summary: 'Rewrites a memory; the old version stays in its history',
  method: 'PATCH',
  path: '/v1/orgs/{orgId}/memory/{memoryId}',
  scope: 'memory:write',
  reach: 'memory',
  input: z.strictObject({
    orgId,
    memoryId,
    fact: z.string().min(1).meta({ description: 'The new wording, which can be understood on its own' }),
    metadata: memoryMetadata.optional(),
  }),
  output: writtenMemory,
  errors: ['MEMORY_UNKNOWN', ...WRITE_ERRORS],
  runtime: 'memory.update',
  run: ({ memory }, input, { keyId }) => memory.update({ ...input, by: keyId }),
})
