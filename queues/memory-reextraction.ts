import { z } from 'zod'
import { compositeKey } from '../shared/redis/keys.ts'
import { defineQueue, orgPayload, orgSlots } from './define-queue.ts'

/** Many turns with a slow model. A run that is ended continues where it was. */
const TIMEOUT_MS = 14_400_000

/** After a change of the model or of an org's instructions: extracts turns once more (`memory.reextract`). */
export const memoryReextraction = defineQueue({
  name: 'memory-reextraction',
  description: 'Extracts turns once more, after a change of the model or of the instructions',
  payload: z.strictObject(orgPayload),
  concurrency: 1,
  timeoutMs: TIMEOUT_MS,
  deduplicationKey: ({ orgId }) => compositeKey(orgId),
  isRepeatedWhenActive: true,
  slots: orgSlots,
})
