import { releaseProved } from '../../../shared/store/memories/held-memories.ts'
import {
  addObservations,
  insertMemories,
  type KnownMemory,
  noteContradictions,
  readKnownMemories,
  supersedeMemories,
} from '../../../shared/store/memories/memory-changes.ts'
import type { FencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import type { ExtractedBatch, Searchable } from '../extraction/extract-batch.ts'
import { comparisonOf, type FactPlan, withoutThemselves } from './plan-facts.ts'
import { type Changes, type Entry, isAboutTheSame, isProvedBy, type Ref, reconcile } from './reconcile.ts'
import { reconcileFacts } from './reconcile-facts.ts'

/** Owns writing what facts change, inside the org's fenced transaction: what is known is read again there, so a plan can only be carried out where it still holds. */

export type StoredFacts = {
  /** Facts that are new and used. */
  readonly added: number
  /** Facts that were known, by the turns that said them again. */
  readonly duplicates: number
  readonly quarantined: number
  /** What search needs of the new ones; what is held is not found by it. */
  readonly indexed: readonly (Searchable & { readonly kind: 'memory'; readonly item: number })[]
}

/** Writes a batch's facts. */
export async function storeFacts(
  transaction: FencedTransaction,
  workstreamId: string,
  batch: ExtractedBatch['memories'],
  plan: FactPlan,
  now: Date,
): Promise<StoredFacts> {
  if (batch.length === 0) return { added: 0, duplicates: 0, quarantined: 0, indexed: [] }
  const read = await readKnownMemories(transaction, transaction.orgId, comparisonOf(batch, plan.ids))
  const facts = await inPlaceOfHeld(transaction, batch, read)
  const known = withoutThemselves(read, facts)
  const planned = new Set(plan.known)
  // What came since the plan was made is judged by the rules, or two would state the same property.
  const relationOf = (index: number, entry: Entry) =>
    'id' in entry.ref && !planned.has(entry.ref.id)
      ? relationByRules(facts[index], entry)
      : plan.relationOf(index, entry)
  const changes = reconcile(facts, workstreamId, known, relationOf)

  const rows = changes.inserts.map(({ fact, validTo }) => ({ ...(facts[fact] as (typeof facts)[number]), validTo }))
  await supersedeMemories(transaction, endedAnew(changes, known, rows))
  const inserted = await insertMemories(
    transaction,
    rows.filter(({ row }) => row === undefined),
    now,
  )
  const ids = rows.map(({ row }) => row ?? (inserted.shift() as number))
  const idByFact = new Map(changes.inserts.map(({ fact }, at) => [fact, ids[at] as number]))
  const idOf = (ref: Ref) => ('id' in ref ? ref.id : (idByFact.get(ref.fact) as number))
  const hashOf = (ref: Ref) => ('id' in ref ? known.find(({ id }) => id === ref.id) : facts[ref.fact])?.factHash
  const added = changes.inserts.map(({ fact }) => ({ memory: { fact }, fact }))
  const merged = mergedRows(facts, changes.observations)
  await addObservations(
    transaction,
    [...added, ...merged.map(({ row, fact }) => ({ memory: { id: row }, fact })), ...changes.observations].map(
      (one) => {
        const { memory, fact: at } = one
        const { sources, observedAt, importance, ...said } = facts[at] as (typeof facts)[number]
        const { fact, subject, attribute, language } = said
        const isOwn = hashOf(memory)?.equals(said.factHash) || ('id' in memory && memory.id === said.row)
        const wording = isOwn ? null : { fact, subject, attribute, language }
        return { memory: idOf(memory), sources, wording, observedAt, importance }
      },
    ),
  )
  const ends = changes.ends.map(({ memory, by, validTo }) => ({ memory: idOf(memory), by: idOf(by), validTo }))
  // A row that says what another says never held beside it.
  const mergedEnds = merged.map(({ row, fact, into }) => {
    const validTo = read.find(({ id }) => id === row)?.validFrom ?? (facts[fact] as (typeof facts)[number]).validFrom
    return { memory: row, by: idOf(into), validTo }
  })
  await supersedeMemories(transaction, [...ends, ...mergedEnds])
  const pairs = changes.contradictions.map(([a, b]) => [idOf(a), idOf(b)] as const)
  await noteContradictions(transaction, pairs, now)

  const used = rows.flatMap(({ status, terms, vector }, at) =>
    status === 'active' ? { kind: 'memory' as const, item: ids[at] as number, terms, vector } : [],
  )
  // Also where another says the same: once that is erased, these hold.
  const unused = merged.map(({ row, fact }) => {
    const { terms, vector } = facts[fact] as (typeof facts)[number]
    return { kind: 'memory' as const, item: row, terms, vector }
  })
  const sources = facts.filter(({ status }) => status === 'active').reduce((sum, fact) => sum + fact.sources.length, 0)
  return {
    added: used.length,
    duplicates: sources - used.length,
    quarantined: rows.length - used.length,
    indexed: [...used, ...unused],
  }
}

/** Memories that are ended and said anew in one batch: the same fact is open only once, so their end comes first. */
function endedAnew(changes: Changes, known: readonly KnownMemory[], rows: ExtractedBatch['memories']) {
  return changes.ends.flatMap(({ memory, validTo }) => {
    const ended = 'id' in memory ? known.find(({ id }) => id === memory.id) : undefined
    const isAnew = ended && rows.some(({ factHash }) => factHash.equals(ended.factHash))
    return isAnew ? [{ memory: ended.id, by: null, validTo }] : []
  })
}

/** Facts that prove what is held take its row, as one that is approved does: the first of each. */
async function inPlaceOfHeld(
  transaction: FencedTransaction,
  facts: ExtractedBatch['memories'],
  known: readonly KnownMemory[],
): Promise<ExtractedBatch['memories']> {
  const proved = new Set<number>()
  const placed = facts.map((fact) => {
    const held = known.find((other) => isProvedBy(fact, other) && !proved.has(other.id))
    if (!held || fact.row !== undefined) return fact
    proved.add(held.id)
    return { ...fact, row: held.id }
  })
  await releaseProved(transaction, [...proved])
  return placed
}

/** Held facts that another says already: their rows, beside the facts that took them, and what they are merged into. */
function mergedRows(facts: ExtractedBatch['memories'], observations: Changes['observations']) {
  return observations.flatMap(({ memory, fact }) => {
    const { row } = facts[fact] as ExtractedBatch['memories'][number]
    return row === undefined ? [] : [{ row, fact, into: memory }]
  })
}

function relationByRules(fact: ExtractedBatch['memories'][number] | undefined, entry: Entry) {
  if (!fact || !isAboutTheSame(fact, entry)) return undefined
  const { decisions } = reconcileFacts.rules({
    facts: [{ ...fact, said: '', candidates: [0] }],
    memories: [{ ...entry, said: '' }],
  })
  const relation = decisions[0]?.relation
  return relation === 'unrelated' ? undefined : relation
}
