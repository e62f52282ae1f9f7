import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { WRITE_ERRORS } from '../memory/write-errors.ts'
import { memoryId, nothing, orgId } from '../wire/fields.ts'

export const rejectHeldOperation = defineOperation({
  id: 'memory.reject',
  summary: 'Rejects a held memory for good',
  method: 'POST',
  path: '/v1/orgs/{orgId}/held-memories/{memoryId}/reject',
  scope: 'memory:review',
  reach: 'org',
  input: z.strictObject({ orgId, memoryId }),
  output: nothing,
  errors: ['MEMORY_NOT_HELD', ...WRITE_ERRORS],
  runtime: 'memory.quarantine.reject',
  async run({ memory }, input, { keyId }) {
    await memory.quarantine.reject({ ...input, by: keyId })
    return undefined
  },
})
