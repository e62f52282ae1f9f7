import { refuseWhenHalted } from '../../../shared/store/control/kill-switches.ts'
import { type FencedTransaction, fencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import { bookCheckpoints } from '../../../shared/store/models/model-checkpoints.ts'
import { settleTurns } from '../../../shared/store/turns/turns.ts'
import { refreshDigestDue, type WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import { extractFacts } from '../facts/extract-facts.ts'
import { announceWorkstream, digestTiming, type MemoryServices } from '../memory-services.ts'
import { compareFacts } from '../reconciliation/compare-facts.ts'
import { endDone } from '../reconciliation/end-done.ts'
import { endNamed } from '../reconciliation/end-named.ts'
import type { FactPlan } from '../reconciliation/plan-facts.ts'
import { reconcileFacts } from '../reconciliation/reconcile-facts.ts'
import { storeFacts } from '../reconciliation/store-facts.ts'
import type { ExtractedBatch } from './extract-batch.ts'

type CommittedBatch = {
  readonly memories: number
  readonly duplicates: number
  readonly quarantined: number
  /** Whether the workstream has no other pending turn. */
  readonly isNothingPending: boolean
}

/**
 * Writes all effects of a batch under the org's memory lock, in one short transaction: its fence first, then the compare-and-set of its turns.
 * They land once or not at all. The signal ends the wait for the lock. Undefined: nothing was written, for a model
 * should be asked about memories that came since the plan was made; with `isLastPlan` the rules decide.
 * @throws TURNS_CHANGED when another run was first; KILL_SWITCH_ON; FENCE_LOST, and what the lock throws.
 */
export async function commitExtraction(
  services: MemoryServices,
  scope: WorkstreamKey & { readonly queue: string },
  turnIds: readonly number[],
  batch: ExtractedBatch,
  { plan, isLastPlan }: { readonly plan: FactPlan; readonly isLastPlan: boolean },
  signal: AbortSignal,
): Promise<CommittedBatch | undefined> {
  const commit = async (transaction: FencedTransaction) => {
    const timing = digestTiming(services)
    const planned = { facts: batch.memories, plan, isLastPlan }
    const comparison = await compareFacts(transaction, services, planned)
    if (!comparison) return undefined
    await settleTurns(transaction, scope, turnIds, 'extracted', timing.now, batch.dropped)
    const model = services.provider.embeddingModel
    const { workstreamId } = scope
    const stored = await storeFacts(transaction, comparison, {
      model,
      now: timing.now,
      turns: batch.turns,
      workstreamId,
    })
    await endNamed(transaction, services, batch.endings, timing.now)
    await endDone(transaction, batch.done, timing.now)
    // Mostly nothing is left to ask.
    const isAsked = plan.usage.usage.calls + plan.usage.cacheHits > 0
    await bookCheckpoints(transaction, scope.orgId, turnIds, timing.now, [
      { task: extractFacts.name, ...batch.usage.extraction, duplicates: stored.duplicates },
      ...(isAsked ? [{ task: reconcileFacts.name, ...plan.usage }] : []),
      { task: 'embed', ...batch.usage.embedding },
    ])
    const digestDueAt = await refreshDigestDue(transaction, scope, timing)
    // Last, so that no wait lies between the look and the commit.
    await refuseWhenHalted(transaction, scope)
    const { added, duplicates, quarantined } = stored
    return { memories: added, duplicates, quarantined, isNothingPending: digestDueAt === null }
  }
  const committed = await services.withOrgMemoryLock(
    scope.orgId,
    ({ fence }) => fencedTransaction(services.database, fence, commit),
    { signal },
  )
  if (committed) announceWorkstream(services, scope)
  return committed
}
