import { termsOf } from '../../../shared/ai/local/terms.ts'
import type { EmbeddingModel } from '../../../shared/ai/model-provider.ts'
import { FACT_RULES } from '../../../shared/memory/fact-rules.ts'
import { rewordMemories } from '../../../shared/store/erasing/reword-memories.ts'
import { releaseProved } from '../../../shared/store/memories/held-memories.ts'
import {
  addObservations,
  insertMemories,
  type KnownMemory,
  noteContradictions,
  startMemories,
  supersedeMemories,
} from '../../../shared/store/memories/memory-changes.ts'
import type { FencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import { splitMemories } from '../../../shared/store/memories/split-memories.ts'
import { indexTerms } from '../../../shared/store/search-index/postings.ts'
import { addingVectors } from '../../../shared/store/search-index/vectors.ts'
import type { FactToStore, Searchable } from '../extraction/extract-batch.ts'
import type { Comparison } from './compare-facts.ts'
import type { FactRef } from './reconcile.ts'

/** Owns writing what facts change, inside the org's fenced transaction. */

type StoredFacts = {
  /** Facts that are new and used. */
  readonly added: number
  /** Facts that were known, by the turns that said them again. */
  readonly duplicates: number
  readonly quarantined: number
}

/** Something for search to find. */
type Indexed = Searchable & { readonly kind: 'memory' | 'turn'; readonly item: number }

/** Lets search find items. */
async function indexItems(
  transaction: FencedTransaction,
  model: EmbeddingModel,
  items: readonly Indexed[],
): Promise<void> {
  const withVectors = items.flatMap(({ vector, ...item }) => (vector ? [{ ...item, vector }] : []))
  const vectors = withVectors.length > 0 ? addingVectors(transaction.orgId, model, withVectors) : undefined
  await indexTerms(transaction, items, vectors)
}

type StoreOptions = {
  /** The one whose vectors the facts have. */
  readonly model: EmbeddingModel
  readonly now: Date
  /** Turns for search to find. @default none */
  readonly turns?: readonly Indexed[]
  /** The workstream that they come from, whose stream is told. @default null: the org's */
  readonly workstreamId?: string | null
}

/** Writes a batch's facts, lets search find them, and tells of them; held facts are not found. */
export async function storeFacts(
  transaction: FencedTransaction,
  { facts, known, changes }: Comparison,
  { model, now, turns = [], workstreamId = null }: StoreOptions,
): Promise<StoredFacts> {
  const factAt = (index: number) => facts[index] as FactToStore
  const proved = facts.flatMap(({ row }) => (known.some(({ id }) => id === row) ? (row as number) : []))
  await releaseProved(transaction, proved)
  // The same fact is open only once: what is open and ends does so before another row says the same.
  const endingIds = new Map(
    changes.ends.flatMap(({ memory, validTo }) => ('id' in memory ? [[memory.id, validTo]] : [])),
  )
  await supersedeMemories(
    transaction,
    known.flatMap(({ id, validTo }) => {
      const endsAt = validTo === null ? endingIds.get(id) : undefined
      return endsAt ? [{ memory: id, by: null, validTo: endsAt }] : []
    }),
    workstreamId,
    now,
  )
  const rows = changes.inserts.map(({ factIndex, ...valid }) => ({ ...factAt(factIndex), ...valid }))
  const inserted = await insertMemories(
    transaction,
    rows.filter(({ row }) => row === undefined),
    now,
    workstreamId,
  )
  const splits = await splitMemories(transaction, changes.splits, model, now)
  const ids = rows.map(({ row }) => row ?? (inserted.shift() as number))
  const idByFact = new Map(changes.inserts.map(({ factIndex }, at) => [factIndex, ids[at] as number]))
  const idBySplit = new Map(changes.splits.map(({ ref }, at) => [ref, splits[at]?.id as number]))
  const idOf = (ref: FactRef) =>
    'id' in ref ? ref.id : 'factIndex' in ref ? (idByFact.get(ref.factIndex) as number) : (idBySplit.get(ref) as number)

  const merged = changes.observations.flatMap(({ memory, factIndex }) => {
    const { row } = factAt(factIndex)
    return row === undefined ? [] : [{ row, factIndex, into: memory }]
  })
  const hashOf = (ref: FactRef) => {
    if ('factIndex' in ref) return factAt(ref.factIndex).factHash
    const id = 'id' in ref ? ref.id : changes.splits.find((split) => split.ref === ref)?.memory
    return known.find((memory) => memory.id === id)?.factHash
  }
  const added = changes.inserts.map(({ factIndex }) => ({ memory: { factIndex }, factIndex }))
  await addObservations(
    transaction,
    [
      ...added,
      ...merged.map(({ row, factIndex }) => ({ memory: { id: row }, factIndex })),
      ...changes.observations,
    ].map((one) => {
      const { sources, observedAt, validFrom, importance, ...said } = factAt(one.factIndex)
      const { fact, subject, subjectKey, attribute, language, factHash, row } = said
      const isOwn = hashOf(one.memory)?.equals(factHash) || ('id' in one.memory && one.memory.id === row)
      const wording = isOwn ? null : { fact, subject, subjectKey, attribute, language }
      return { memory: idOf(one.memory), sources, wording, observedAt, validFrom, importance }
    }),
  )
  await startMemories(transaction, changes.starts)
  const ends = changes.ends.map(({ memory, by, validTo }) => ({ memory: idOf(memory), by: idOf(by), validTo }))
  await supersedeMemories(transaction, [...ends, ...mergedEnds(merged, known, factAt, idOf)], workstreamId, now)
  const pairs = changes.contradictions.map(([a, b]) => [idOf(a), idOf(b)] as const).filter(([a, b]) => a !== b)
  await noteContradictions(transaction, pairs, now)

  const used = rows.flatMap(({ status, terms, vector }, at) =>
    status === 'active' ? { kind: 'memory' as const, item: ids[at] as number, terms, vector } : [],
  )
  // Also where another says the same: once that is erased, these hold.
  const unused = merged.map(({ row, factIndex }) => ({
    kind: 'memory' as const,
    item: row,
    ...searchable(factAt(factIndex)),
  }))
  const parts = splits.map(({ id, fact, vector }) => ({
    kind: 'memory' as const,
    item: id,
    terms: termsOf(fact),
    vector,
  }))
  await indexItems(transaction, model, [...turns, ...used, ...unused, ...parts])
  // The saying that gave a memory its words may now belong to the other part.
  const parted = changes.splits.flatMap(({ memory }, at) => [memory, splits[at]?.id as number])
  await rewordMemories(transaction, parted, FACT_RULES)
  const sources = facts.filter(({ status }) => status === 'active').reduce((sum, fact) => sum + fact.sources.length, 0)
  return {
    added: used.length,
    duplicates: sources - used.length,
    quarantined: rows.length - used.length,
  }
}

function searchable({ terms, vector }: FactToStore): Searchable {
  return { terms, vector }
}

type Merged = { readonly row: number; readonly factIndex: number; readonly into: FactRef }

/** A duplicate was never valid alongside the memory that it merged into. */
function mergedEnds(
  merged: readonly Merged[],
  known: readonly KnownMemory[],
  factAt: (index: number) => FactToStore,
  idOf: (ref: FactRef) => number,
) {
  return merged.map(({ row, factIndex, into }) => ({
    memory: row,
    by: idOf(into),
    validTo: known.find(({ id }) => id === row)?.validFrom ?? factAt(factIndex).validFrom,
  }))
}
