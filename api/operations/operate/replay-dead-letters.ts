import { z } from 'zod'
import { defineOperation } from '../define-operation.ts'
import { orgId } from '../wire/fields.ts'
import { deadLetterIds, requireLetter } from './dead-letter.ts'

export const replayDeadLettersOperation = defineOperation({
  id: 'dead-letters.replay',
  summary: 'Replays dead letters: runs the failed work again, with all its attempts',
  method: 'POST',
  path: '/v1/orgs/{orgId}/dead-letters/replay',
  scope: 'operate:write',
  reach: 'org',
  isForFleet: true,
  input: z.strictObject({ orgId, ids: deadLetterIds }),
  output: z.object({ replayed: z.int() }),
  errors: [
    'DEAD_LETTER_UNKNOWN',
    'DEAD_LETTER_SETTLED',
    'TURNS_CHANGED',
    'QUEUE_UNKNOWN',
    'PAYLOAD_INVALID',
    'ENQUEUE_TIMEOUT',
  ],
  runtime: 'deadLetters.replay',
  async run(services, { orgId, ids }, { keyId }) {
    for (const id of ids) await requireLetter(services, orgId, id)
    return services.deadLetters.replay({ ids, by: keyId })
  },
})
