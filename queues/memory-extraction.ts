import { z } from 'zod'
import { idSchema } from '../shared/parse-input.ts'
import { compositeKey } from '../shared/redis/keys.ts'
import { defineQueue, orgSlots, workstreamPayload } from './define-queue.ts'

/** Extracts the pending turns of a workstream up to one turn, without waiting for the digest. */
export const memoryExtraction = defineQueue({
  name: 'memory-extraction',
  description: 'Extracts the pending turns of a workstream up to one turn, now',
  payload: z.strictObject({ ...workstreamPayload, turnId: idSchema }),
  deduplicationKey: ({ orgId, workstreamId, turnId }) => compositeKey(orgId, workstreamId, turnId),
  deadLetters: 'turns',
  slots: orgSlots,
})
