import { audiencesOf } from '../../../shared/store/audiences.ts'
import type { Database } from '../../../shared/store/database.ts'
import type { MemoryOwner } from '../../../shared/store/memories/memories.ts'
import {
  hasRelatedSince,
  type KnownMemory,
  type MemoriesState,
  readKnownMemories,
  readMemoriesState,
} from '../../../shared/store/memories/memory-changes.ts'
import { nearestItems } from '../../../shared/store/search-index/vectors.ts'
import type { WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import type { CachedUsage } from '../extraction/checkpointed-answer.ts'
import type { ExtractedBatch } from '../extraction/extract-batch.ts'
import type { MemoryServices } from '../memory-services.ts'
import { decidePairs, type Pair } from './decide-pairs.ts'
import {
  type Entry,
  entryOf,
  isAboutTheSame,
  isOpen,
  isOwnedAlike,
  isSameFact,
  knownEntry,
  oldestFirst,
  type Relation,
} from './reconcile.ts'
import { isTwin, SIMILARITY } from './similar-facts.ts'

/**
 * Owns what is found out about new facts before the lock is taken, in tiers: same words, then nearly the same vector, then a model is asked
 * about all that is left. What it answers is checked again inside the lock.
 */

export type FactPlan = {
  /** Of the org's memories, when this was planned. */
  readonly state: MemoriesState
  /** The memories that were near, and all that facts were compared with, by their ids. */
  readonly ids: readonly number[]
  readonly known: readonly number[]
  relationOf(fact: number, entry: Entry): Relation | undefined
  readonly usage: CachedUsage
}

/** Plans for the same facts; while others write the org's memories all the time, the last one is carried out as it is. */
export const MAX_PLANS = 3
/** More than these are looked at for no fact: a store in which so many are nearly the same has other troubles. */
const NEAREST = 20
const MAX_CANDIDATES = 4
const EMPTY: MemoriesState = { version: 0, newest: 0 }

/** Plans a batch's facts. Throws what the provider throws, but for an answer that is none: then the rules decide. */
export async function planFacts(
  services: Pick<MemoryServices, 'database' | 'provider' | 'completer' | 'clock'>,
  { orgId, workstreamId }: WorkstreamKey,
  { memories: facts }: Pick<ExtractedBatch, 'memories'>,
  turns: readonly number[],
  signal: AbortSignal,
): Promise<FactPlan> {
  const { database, provider } = services
  const similarity = SIMILARITY[provider.name]
  // Before anything is read: what comes after it may make this plan stale.
  const state = facts.length === 0 ? EMPTY : await readMemoriesState(database, orgId, provider.embeddingModel)
  const cosines = facts.map(() => new Map<string, number>())
  const alike = withoutThemselves(await readKnownMemories(database, orgId, comparisonOf(facts, [])), facts)
  for (const [index, fact] of facts.entries()) {
    // Mostly what is said again is said in the same words, and then nothing near can matter.
    if (fact.status !== 'active' || alike.some((other) => isSameFact(fact, other))) continue
    const options = { audiences: [audienceOfOwner(fact.owner)] }
    const near = await nearestItems(database, orgId, 'memory', provider.embeddingModel, fact.vector, NEAREST, options)
    for (const { item, cosine } of near)
      if (cosine >= Math.min(similarity.twin, similarity.related)) cosines[index]?.set(keyOf({ id: item }), cosine)
  }
  const ids = idsIn(cosines)
  const known =
    ids.length === 0
      ? alike
      : withoutThemselves(await readKnownMemories(database, orgId, comparisonOf(facts, ids)), facts)

  const relations = new Map<string, Relation>()
  const open: Pair[] = []
  const entries: Entry[] = known.map(knownEntry)
  for (const index of oldestFirst(facts)) {
    const fact = facts[index] as (typeof facts)[number]
    const entry = entryOf(fact, index, workstreamId)
    const isKnown = entries.some((other) => isSameFact(fact, other))
    // What is known may be ended by a fact of this batch before it is said again: then that one matters.
    const isRival = (other: Entry) => 'fact' in other.ref && isAboutTheSame(fact, other) && !isSameFact(fact, other)
    const candidates = entries.filter(
      (other) => isOpen(other) && isOwnedAlike(fact.owner, other.owner) && (!isKnown || isRival(other)),
    )
    // What is about the same first: it is what a fact may end, however many others are near.
    const near = candidates
      .map((other) => ({ other, cosine: cosineTo(index, other), isAbout: isAboutTheSame(fact, other) }))
      .filter(({ cosine, isAbout }) => cosine >= similarity.related || cosine >= similarity.twin || isAbout)
      .sort((a, b) => Number(b.isAbout) - Number(a.isAbout) || b.cosine - a.cosine)
      .slice(0, MAX_CANDIDATES)
    for (const { other, cosine } of near) {
      if (isTwin(fact.fact, other.fact, cosine, similarity)) relations.set(pairKey(index, other), 'same')
      else open.push({ fact: index, other })
    }
    if (!isKnown || near.length > 0) entries.push(entry)
  }
  const { decided, usage } = await decidePairs(services, { orgId, pairs: open, facts, turns, signal })
  for (const { fact, other, relation } of decided) relations.set(pairKey(fact, other), relation)
  return {
    state,
    ids,
    known: known.map(({ id }) => id),
    relationOf: (fact, entry) => relations.get(pairKey(fact, entry)),
    usage,
  }

  function cosineTo(index: number, other: Entry): number {
    if ('id' in other.ref) return cosines[index]?.get(keyOf(other.ref)) ?? 0
    const [a, b] = [facts[index]?.vector, facts[other.ref.fact]?.vector]
    return a && b ? a.reduce((sum, value, at) => sum + value * (b[at] as number), 0) : 0
  }
}

/** Whether memories came since the plan was made that it should have looked at. Mostly others' facts are about other things. */
export async function isPlanStale(
  database: Database,
  orgId: string,
  { provider }: Pick<MemoryServices, 'provider'>,
  facts: ExtractedBatch['memories'],
  plan: FactPlan,
): Promise<boolean> {
  const state = await readMemoriesState(database, orgId, provider.embeddingModel)
  if (state.version === plan.state.version) return false
  const { twin, related } = SIMILARITY[provider.name]
  const active = facts.filter(({ status }) => status === 'active')
  return hasRelatedSince(database, orgId, provider.embeddingModel, plan.state, {
    vectors: active.map(({ vector }) => vector),
    minCosine: Math.min(twin, related),
    abouts: comparisonOf(active, []).abouts,
  })
}

/** A fact that is a row already is not compared with itself. */
export function withoutThemselves(known: readonly KnownMemory[], facts: ExtractedBatch['memories']): KnownMemory[] {
  return known.filter(({ id }) => facts.every(({ row }) => row !== id))
}

/** What is the same word for word, or about the same, is compared whatever the vectors say. */
export function comparisonOf(facts: ExtractedBatch['memories'], ids: readonly number[]) {
  return {
    factHashes: facts.map(({ factHash }) => factHash),
    abouts: facts.flatMap(({ subject, attribute, validFrom, owner }) =>
      subject === null || attribute === null ? [] : { subject, attribute, at: validFrom, owner },
    ),
    ids,
  }
}

function keyOf(ref: Entry['ref']): string {
  return 'id' in ref ? `m${ref.id}` : `f${ref.fact}`
}

function pairKey(fact: number, other: Entry): string {
  return `${fact} ${keyOf(other.ref)}`
}

function idsIn(cosines: readonly ReadonlyMap<string, number>[]): number[] {
  return [...new Set(cosines.flatMap((near) => [...near.keys()].map((key) => Number(key.slice(1)))))]
}

/** Facts meet those of the same owner only. */
function audienceOfOwner({ userId, agentId, workstreamId }: MemoryOwner): string {
  const viewer = { userId: userId ?? undefined, agentId: agentId ?? undefined, workstreamId: workstreamId ?? undefined }
  return audiencesOf(viewer).at(-1) as string
}
