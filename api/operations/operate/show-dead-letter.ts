import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { deadLetterId, deadLetterShape, requireLetter } from './dead-letter.ts'

export const showDeadLetterOperation = defineOperation({
  id: 'dead-letters.show',
  summary: 'Shows a dead letter with its attempts',
  method: 'GET',
  path: '/v1/orgs/{orgId}/dead-letters/{id}',
  scope: 'operate:read',
  reach: 'org',
  isForFleet: true,
  input: z.strictObject({ orgId, id: deadLetterId }),
  output: z.object({
    ...deadLetterShape,
    failedTries: z.array(z.object({ at: z.string(), code: z.string(), reason: z.string() })),
    payload: z.looseObject({}).nullable(),
  }),
  errors: ['DEAD_LETTER_UNKNOWN'],
  runtime: 'deadLetters.show',
  run: (services, { orgId, id }) =>
    requireLetter(services, orgId, id) as Promise<
      Awaited<ReturnType<typeof requireLetter>> & { payload: Record<string, unknown> | null }
    >,
})
