import { FACT_RULES } from '../../../shared/memory/fact-rules.ts'
import { refuseWhenHalted } from '../../../shared/store/control/kill-switches.ts'
import { eraseMemories } from '../../../shared/store/erasing/erase-items.ts'
import { refuseErasedTurns } from '../../../shared/store/erasing/erasures.ts'
import { rewordMemories } from '../../../shared/store/erasing/reword-memories.ts'
import { removeSources } from '../../../shared/store/memories/derived-facts.ts'
import { type FencedTransaction, fencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import { addToLedger } from '../../../shared/store/models/usage-ledger.ts'
import type { TurnRow } from '../../../shared/store/turns/turns.ts'
import type { WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import { extractBatch } from '../extraction/extract-batch.ts'
import { extractFacts } from '../facts/extract-facts.ts'
import { announceWorkstream, type MemoryServices } from '../memory-services.ts'
import { compareFacts } from '../reconciliation/compare-facts.ts'
import { endDone } from '../reconciliation/end-done.ts'
import { endNamed } from '../reconciliation/end-named.ts'
import { type FactPlan, MAX_PLANS, planFacts } from '../reconciliation/plan-facts.ts'
import { reconcileFacts } from '../reconciliation/reconcile-facts.ts'
import { storeFacts } from '../reconciliation/store-facts.ts'
import { type SortedProposals, sortProposals } from './sort-proposals.ts'

type ReextractedBatch = { readonly added: number; readonly removed: number }

/**
 * Extracts turns of a workstream that were extracted before once more, and puts what they say now in the place of what they said then, in one short transaction under the
 * org's memory lock: readers see the one or the other. Doing it twice is doing it once.
 */
export async function reextractBatch(
  services: MemoryServices,
  { queue, ...scope }: WorkstreamKey & { readonly queue: string },
  batch: readonly TurnRow[],
  signal: AbortSignal,
): Promise<ReextractedBatch> {
  const { database, provider, clock, withOrgMemoryLock } = services
  const { orgId, workstreamId } = scope
  const turns = batch.map(({ id }) => id)
  const extracted = await extractBatch(services, orgId, batch, signal, { isIndexed: true })
  for (let plans = 1; ; plans += 1) {
    const planned = await sortProposals(database, orgId, turns, extracted.memories)
    const plan = await planFacts(services, orgId, { memories: planned.facts }, turns, signal)
    signal.throwIfAborted()
    const commit = (transaction: FencedTransaction) => replaceFacts(transaction, planned, plan, plans === MAX_PLANS)
    const committed = await withOrgMemoryLock(orgId, ({ fence }) => fencedTransaction(database, fence, commit), {
      signal,
    }).catch((error) => {
      if (error !== STALE) throw error
      return undefined
    })
    if (!committed) continue
    announceWorkstream(services, scope)
    return committed
  }

  async function replaceFacts(
    transaction: FencedTransaction,
    planned: SortedProposals,
    plan: FactPlan,
    isLastPlan: boolean,
  ): Promise<ReextractedBatch> {
    const now = clock.now()
    await refuseErasedTurns(transaction, orgId, turns)
    const { facts, stale } = await sortProposals(transaction, orgId, turns, extracted.memories)
    // A plan numbers the facts that it was made for.
    if (facts.length !== planned.facts.length || facts.some((fact, at) => fact !== planned.facts[at])) throw STALE
    const { orphans, left } = await removeSources(transaction, stale)
    await eraseMemories(transaction, orphans, FACT_RULES)
    await rewordMemories(transaction, left, FACT_RULES)
    const comparison = await compareFacts(transaction, services, { facts, plan, isLastPlan })
    if (!comparison) throw STALE
    const options = { model: provider.embeddingModel, now, workstreamId }
    const { added, duplicates } = await storeFacts(transaction, comparison, options)
    await endNamed(transaction, services, extracted.endings, now)
    await endDone(transaction, extracted.done, now)
    const { extraction, embedding } = extracted.usage
    await addToLedger(transaction, orgId, now, [
      { task: extractFacts.name, ...extraction, duplicates },
      ...(plan.usage.usage.calls + plan.usage.cacheHits > 0 ? [{ task: reconcileFacts.name, ...plan.usage }] : []),
      { task: 'embed', ...embedding },
    ])
    // Last, so that no wait lies between the look and the commit.
    await refuseWhenHalted(transaction, { orgId, queue })
    return { added, removed: orphans.length }
  }
}

/** What was planned is not what is there: nothing is written. */
const STALE = new Error('the plan of a re-extraction is stale')
