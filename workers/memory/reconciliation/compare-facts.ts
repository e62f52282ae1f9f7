import { type KnownMemory, readKnownMemories } from '../../../shared/store/memories/memory-changes.ts'
import type { FencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import type { ExtractedBatch } from '../extraction/extract-batch.ts'
import type { MemoryServices } from '../memory-services.ts'
import { comparisonOf, type FactPlan, isPlanStale, withoutThemselves } from './plan-facts.ts'
import { type Changes, type ComparedFact, isAboutTheSame, isProvedBy, reconcile } from './reconcile.ts'
import { relationByRules } from './reconcile-facts.ts'

/** Owns working out, inside the org's fenced transaction, what facts change: by what is known there and not by what was known when they were planned. Writes nothing. */

export type Comparison = {
  /** Those that prove a held fact have its row. */
  readonly facts: ExtractedBatch['memories']
  /** All that was read. */
  readonly known: readonly KnownMemory[]
  readonly changes: Changes
}

type Planned = {
  readonly facts: ExtractedBatch['memories']
  readonly plan: FactPlan
  /** Whether the rules decide what the plan does not know. */
  readonly isLastPlan: boolean
}

/** Compares a batch's facts; undefined when a model should be asked about memories that came since the plan was made. */
export async function compareFacts(
  transaction: FencedTransaction,
  services: Pick<MemoryServices, 'provider'>,
  { facts: batch, plan, isLastPlan }: Planned,
): Promise<Comparison | undefined> {
  if (batch.length === 0) return { facts: batch, known: [], changes: NO_CHANGES }
  if (!isLastPlan && (await isPlanStale(transaction, services, batch, plan))) return undefined
  const known = await readKnownMemories(transaction, transaction.orgId, comparisonOf(batch, plan.ids))
  const facts = inPlaceOfHeld(batch, known)
  let isUndecided = false
  const changes = reconcile(facts, withoutThemselves(known, facts), (index, entry: ComparedFact) => {
    const fact = facts[index] as (typeof facts)[number]
    const planned = plan.relationOf(index, entry)
    if (planned || !isAboutTheSame(fact, entry)) return planned
    isUndecided = true
    return relationByRules(fact, entry)
  })
  return isUndecided && !isLastPlan ? undefined : { facts, known, changes }
}

const NO_CHANGES: Changes = { inserts: [], splits: [], observations: [], ends: [], starts: [], contradictions: [] }

/** Facts that prove what is held take its row, as one that is approved does: the first of each. */
function inPlaceOfHeld(facts: ExtractedBatch['memories'], known: readonly KnownMemory[]): ExtractedBatch['memories'] {
  const proved = new Set<number>()
  return facts.map((fact) => {
    const held = known.find((other) => isProvedBy(fact, other) && !proved.has(other.id))
    if (!held || fact.row !== undefined) return fact
    proved.add(held.id)
    return { ...fact, row: held.id }
  })
}
