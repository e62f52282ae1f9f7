import { z } from 'zod'
import { compositeKey } from '../shared/redis/keys.ts'
import { defineQueue, orgSlots, workstreamPayload } from './define-queue.ts'

/** A wake-up for one workstream: when its digest is due, all its pending turns are extracted; when it is early, it goes back to wait. */
export const memoryDigest = defineQueue({
  name: 'memory-digest',
  description: 'Extracts the pending turns of a workstream once it has been quiet for the digest window',
  payload: z.strictObject(workstreamPayload),
  deduplicationKey: ({ orgId, workstreamId }) => compositeKey(orgId, workstreamId),
  isRepeatedWhenActive: true,
  deadLetters: 'turns',
  slots: orgSlots,
})
