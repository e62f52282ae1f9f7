import { refuseWhenHalted } from '../../shared/store/kill-switches.ts'
import { upsertMemories } from '../../shared/store/memories.ts'
import { type FencedTransaction, fencedTransaction } from '../../shared/store/org-fences.ts'
import { indexTerms } from '../../shared/store/postings.ts'
import { settleTurns } from '../../shared/store/turns.ts'
import { addToLedger } from '../../shared/store/usage-ledger.ts'
import { insertVectors } from '../../shared/store/vectors.ts'
import { lockWorkstream, refreshDigestDue, type WorkstreamKey } from '../../shared/store/workstreams.ts'
import type { ExtractedBatch } from './extract-batch.ts'
import { digestTiming, type MemoryServices } from './memory-services.ts'

export type CommittedBatch = {
  readonly memories: number
  readonly duplicates: number
  /** Whether the workstream has no other pending turn. */
  readonly isNothingPending: boolean
}

/**
 * Writes all effects of a batch under the org's memory lock, in one short transaction: its fence first, then the compare-and-set of its turns.
 * They land once or not at all. The signal ends the wait for the lock.
 * @throws TURNS_CHANGED when another run was first; KILL_SWITCH_ON; FENCE_LOST, and what the lock throws.
 */
export async function commitExtraction(
  services: MemoryServices,
  scope: WorkstreamKey & { readonly queue: string },
  turnIds: readonly number[],
  batch: ExtractedBatch,
  signal: AbortSignal,
): Promise<CommittedBatch> {
  const commit = async (transaction: FencedTransaction) => {
    const timing = digestTiming(services)
    await lockWorkstream(transaction, scope)
    await settleTurns(transaction, scope, turnIds, 'extracted', timing.now)
    const stored = await upsertMemories(transaction, batch.memories, timing.now)
    const added = stored.flatMap(({ id, isNew }, index) => {
      const memory = batch.memories[index]
      return isNew && memory ? [{ kind: 'memory' as const, item: id, terms: memory.terms, vector: memory.vector }] : []
    })
    const items = [...batch.turns, ...added]
    await indexTerms(transaction, items)
    await insertVectors(transaction, services.provider.embeddingModel, items)
    const duplicates = batch.memories.reduce((sum, memory) => sum + memory.sources.length, 0) - added.length
    await addToLedger(transaction, scope.orgId, timing.now, [
      { task: 'extract-facts', ...batch.usage.extraction, duplicates },
      { task: 'embed', ...batch.usage.embedding },
    ])
    const digestDueAt = await refreshDigestDue(transaction, scope, timing)
    // Last, so that no wait lies between the look and the commit.
    await refuseWhenHalted(transaction, scope)
    return { memories: added.length, duplicates, isNothingPending: digestDueAt === null }
  }
  return services.withOrgMemoryLock(scope.orgId, ({ fence }) => fencedTransaction(services.database, fence, commit), {
    signal,
  })
}
