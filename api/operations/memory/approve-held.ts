import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { WRITE_ERRORS } from '../memory/write-errors.ts'
import { memoryId, nothing, orgId } from '../wire/fields.ts'

export const approveHeldOperation = defineOperation({
  id: 'memory.approve',
  summary: 'Approves a held memory: searches find it from then on',
  method: 'POST',
  path: '/v1/orgs/{orgId}/held-memories/{memoryId}/approve',
  scope: 'memory:review',
  reach: 'org',
  input: z.strictObject({ orgId, memoryId }),
  output: nothing,
  errors: ['MEMORY_NOT_HELD', ...WRITE_ERRORS],
  runtime: 'memory.quarantine.approve',
  async run({ memory }, input, { keyId }) {
    await memory.quarantine.approve({ ...input, by: keyId })
    return undefined
  },
})
