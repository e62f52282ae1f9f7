import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'

export const replayAllDeadLettersOperation = defineOperation({
  id: 'dead-letters.replayAll',
  summary: 'Runs all failed work of a kind again, the oldest first',
  method: 'POST',
  path: '/v1/orgs/{orgId}/dead-letters/replay-all',
  scope: 'operate:write',
  reach: 'org',
  isForFleet: true,
  input: z.strictObject({
    orgId,
    queue: z.string().min(1).optional(),
    code: z.string().min(1).optional(),
    limit: z.int().min(1).max(10_000).optional(),
  }),
  output: z.object({
    replayed: z.int(),
    refused: z.int().meta({ description: 'Those that cannot be replayed; to see why, replay one by its id' }),
  }),
  errors: [],
  runtime: 'deadLetters.replayAll',
  run: ({ deadLetters }, input, { keyId }) => deadLetters.replayAll({ ...input, by: keyId }),
})
