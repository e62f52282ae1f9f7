import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { memoryId, nothing, orgId } from '../wire/fields.ts'
import { WRITE_ERRORS } from './write-errors.ts'

export const forgetMemoryOperation = defineOperation({
  id: 'memory.forget',
  summary: 'Ends a memory now without replacing it; its history stays',
  method: 'DELETE',
  path: '/v1/orgs/{orgId}/memory/{memoryId}',
  scope: 'memory:erase',
  reach: 'memory',
  input: z.strictObject({ orgId, memoryId }),
  output: nothing,
  errors: ['MEMORY_UNKNOWN', ...WRITE_ERRORS],
  runtime: 'memory.forget',
  run: async ({ memory }, input, { keyId }) => {
    await memory.forget({ ...input, by: keyId })
    return undefined
  },
})
