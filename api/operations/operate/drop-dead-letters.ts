import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { deadLetterIds, requireLetter } from './dead-letter.ts'

export const dropDeadLettersOperation = defineOperation({
  id: 'dead-letters.drop',
  summary: 'Drops dead letters: gives up the failed work for good',
  method: 'POST',
  path: '/v1/orgs/{orgId}/dead-letters/drop',
  scope: 'operate:write',
  reach: 'org',
  isForFleet: true,
  isFinal: true,
  input: z.strictObject({ orgId, ids: deadLetterIds }),
  output: z.object({ dropped: z.int() }),
  errors: ['DEAD_LETTER_UNKNOWN', 'DEAD_LETTER_SETTLED'],
  runtime: 'deadLetters.drop',
  async run(services, { orgId, ids }, { keyId }) {
    for (const id of ids) await requireLetter(services, orgId, id)
    return services.deadLetters.drop({ ids, by: keyId })
  },
})
