import type { PayloadOf } from '../../queues/define-queue.ts'
import type { memoryExtraction } from '../../queues/memory-extraction.ts'
import { findTurn } from '../../shared/store/turns/turns.ts'
import type { Handler } from '../fleet/job-context.ts'
import { extractNothing, extractPending } from './extraction/extract-pending.ts'
import type { MemoryServices } from './memory-services.ts'

/** Extracts one turn now, and the pending ones before it, so that a workstream keeps its order. */
export function extractTurn(services: MemoryServices): Handler<PayloadOf<typeof memoryExtraction>> {
  return async ({ orgId, workstreamId, turnId }, context) => {
    const turn = await findTurn(services.database, { orgId, workstreamId, turnId })
    if (turn?.state !== 'pending') return extractNothing(services, { orgId, workstreamId }, context)
    return extractPending(services, { orgId, workstreamId, uptoSeq: turn.seq }, context)
  }
}
