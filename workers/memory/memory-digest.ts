import type { PayloadOf } from '../../queues/define-queue.ts'
import type { memoryDigest } from '../../queues/memory-digest.ts'
import { readDigest } from '../../shared/store/turns/workstreams.ts'
import type { Handler } from '../fleet/job-context.ts'
import { extractNothing, extractPending } from './extraction/extract-pending.ts'
import { digestTiming, type MemoryServices } from './memory-services.ts'

/** Wakes for one workstream: early goes back to wait until the row's due time, due extracts, nothing pending is done. */
export function digestWorkstream(services: MemoryServices): Handler<PayloadOf<typeof memoryDigest>> {
  return async ({ orgId, workstreamId }, context) => {
    const digest = await readDigest(services.database, { orgId, workstreamId }, digestTiming(services))
    if (!digest) return extractNothing(services, { orgId, workstreamId }, context)
    // The job's timer stands where the first turn set it; later turns move only the row, which costs Redis nothing.
    if (!digest.isDue) return context.delayUntil(digest.dueAt)
    return extractPending(services, { orgId, workstreamId }, context)
  }
}
