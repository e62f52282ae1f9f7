import { z } from 'zod'
import { compositeKey } from '../shared/redis/keys.ts'
import { defineQueue, orgSlots, workstreamPayload } from './define-queue.ts'

/** A wake-up for one workstream: while its row wants a compaction, what is too much for its budget is summarised. */
export const contextCompaction = defineQueue({
  name: 'context-compaction',
  description: 'Compacts the context of a workstream that takes too much of its window',
  payload: z.strictObject(workstreamPayload),
  retry: { retries: 2, backoffBaseMs: 10_000, backoffCapMs: 600_000, jitter: 0.25 },
  deduplicationKey: ({ orgId, workstreamId }) => compositeKey(orgId, workstreamId),
  isRepeatedWhenActive: true,
  slots: orgSlots,
})
