import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { deadLetterFilter } from './dead-letter.ts'

export const replayAllDeadLettersOperation = defineOperation({
  id: 'dead-letters.replayAll',
  summary: 'Replays all dead letters that match, newest first',
  method: 'POST',
  path: '/v1/orgs/{orgId}/dead-letters/replay-all',
  scope: 'operate:write',
  reach: 'org',
  isForFleet: true,
  input: z.strictObject({
    orgId,
    ...deadLetterFilter,
    limit: z
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .meta({ description: 'Most letters to replay in one call, up to 10,000' }),
  }),
  output: z.object({
    replayed: z.int(),
    refused: z.int().meta({ description: 'Those that cannot be replayed; to see why, replay one by its id' }),
  }),
  errors: [],
  runtime: 'deadLetters.replayAll',
  run: ({ deadLetters }, input, { keyId }) => deadLetters.replayAll({ ...input, by: keyId }),
})
