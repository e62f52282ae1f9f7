import { z } from 'zod'
import { compositeKey } from '../shared/redis/keys.ts'
import { DEFAULT_RETRY, defineQueue, orgSlots, workstreamPayload } from './define-queue.ts'

/** A wake-up for one workstream: as long as its row asks for a compaction, the part that exceeds its budget is summarised. */
export const contextCompaction = defineQueue({
  name: 'context-compaction',
  description: 'Compacts the context of a workstream that takes too much of its window',
  payload: z.strictObject(workstreamPayload),
  concurrency: 4,
  retry: { ...DEFAULT_RETRY, retries: 2 },
  deduplicationKey: ({ orgId, workstreamId }) => compositeKey(orgId, workstreamId),
  isRepeatedWhenActive: true,
  slots: orgSlots,
})
