import { z } from 'zod'
import { compositeKey } from '../shared/redis/keys.ts'
import { defineQueue, orgPayload, orgSlots } from './define-queue.ts'

/** After a change of the embedding model: embeds whatever an org has no vector for in the new model's space. */
export const memoryReembedding = defineQueue({
  name: 'memory-reembedding',
  description: 'Embeds again, after a change of the embedding model, whatever an org has no vector for',
  payload: z.strictObject(orgPayload),
  concurrency: 1,
  deduplicationKey: ({ orgId }) => compositeKey(orgId),
  slots: orgSlots,
})
