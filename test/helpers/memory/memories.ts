import { createHash } from 'node:crypto'
import { createLocalProvider } from '../../../shared/ai/local/local-provider.ts'
import { termsOf } from '../../../shared/ai/local/terms.ts'
import type { MemoryPlace, MemorySelection, NewMemory } from '../../../shared/store/memories/memories.ts'
import { insertMemories } from '../../../shared/store/memories/memory-changes.ts'
import type { FencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import { type Comparison, compareFacts } from '../../../workers/memory/reconciliation/compare-facts.ts'
import type { FactPlan } from '../../../workers/memory/reconciliation/plan-facts.ts'
import { storeFacts } from '../../../workers/memory/reconciliation/store-facts.ts'

/** Memories as tests write and read them, without a model. */

/** A fact of an org, with nothing known of it but its words. */
export function newMemory(fact: string, given: Partial<NewMemory> = {}): NewMemory {
  const observedAt = given.observedAt ?? new Date()
  return {
    fact,
    factHash: createHash('sha256').update(fact).digest(),
    kind: 'fact',
    subject: null,
    subjectKey: given.subject?.toLowerCase() ?? null,
    attribute: null,
    importance: 0.5,
    language: null,
    owner: { userId: null, agentId: null, workstreamId: null },
    observedAt,
    validFrom: observedAt,
    status: 'active',
    statusReason: null,
    sources: [],
    ...given,
  }
}

/** Writes facts as they are, compared with nothing. */
export async function writeFacts(transaction: FencedTransaction, facts: readonly string[]): Promise<void> {
  const rows = facts.map((fact) => ({ ...newMemory(fact), validTo: null }))
  await insertMemories(transaction, rows, new Date())
}

/** The model whose vectors `reconcileFacts` writes, all of them alike. */
export const TWO_DIMENSIONS = { provider: 'p', model: 'm', dims: 2 }
const VECTOR = Float32Array.from([1, 0])
type Turns = Parameters<typeof storeFacts>[2]['turns']

/** Writes facts as an extraction does whose plan found nothing near, or that those memories stand to its facts so. */
export async function reconcileFacts(
  transaction: FencedTransaction,
  memories: readonly NewMemory[],
  now: Date,
  {
    ids = [],
    relationOf = () => undefined,
    turns = [],
  }: Partial<Pick<FactPlan, 'ids' | 'relationOf'> & { turns: Turns }> = {},
) {
  const facts = memories.map((memory) => ({ ...memory, terms: termsOf(memory.fact), vector: VECTOR }))
  const provider = createLocalProvider()
  const usage = { usage: { calls: 0, inputTokens: 0, outputTokens: 0 }, cacheHits: 0 }
  const planned = { facts, plan: { version: 0, ids, relationOf, usage }, isLastPlan: true }
  const comparison = (await compareFacts(transaction, { provider }, planned)) as Comparison
  return storeFacts(transaction, comparison, { model: TWO_DIMENSIONS, now, turns })
}

/** What everybody of an org sees now. */
export function everything(limit = 1_000, after?: MemoryPlace): MemorySelection {
  return { viewer: {}, at: new Date(), limit, after }
}
