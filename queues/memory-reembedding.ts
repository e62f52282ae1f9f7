import { z } from 'zod'
import { compositeKey } from '../shared/redis/keys.ts'
import { defineQueue, orgPayload, orgSlots } from './define-queue.ts'

/** After a change of the embedding model: makes the vectors that an org lacks in the current model's space. */
export const memoryReembedding = defineQueue({
  name: 'memory-reembedding',
  description: 'Embeds what an org lacks in the space of the current embedding model',
  payload: z.strictObject(orgPayload),
  concurrency: 1,
  deduplicationKey: ({ orgId }) => compositeKey(orgId),
  slots: orgSlots,
})
