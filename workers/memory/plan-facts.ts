import { type ModelUsage, NO_USAGE } from '../../shared/ai/model-provider.ts'
import { isAfterturnError } from '../../shared/errors.ts'
import { audiencesOf } from '../../shared/store/audiences.ts'
import type { Database } from '../../shared/store/database.ts'
import type { MemoryOwner } from '../../shared/store/memories.ts'
import {
  hasRelatedSince,
  type MemoriesState,
  readKnownMemories,
  readMemoriesState,
} from '../../shared/store/memory-changes.ts'
import { nearestItems } from '../../shared/store/vectors.ts'
import type { WorkstreamKey } from '../../shared/store/workstreams.ts'
import { answerOnce, type CachedUsage } from './checkpointed-answer.ts'
import type { ExtractedBatch } from './extract-batch.ts'
import { isoDay } from './fact-dates.ts'
import type { MemoryServices } from './memory-services.ts'
import {
  type Entry,
  entryOf,
  isAboutTheSame,
  isOpen,
  isOwnedAlike,
  isSameFact,
  oldestFirst,
  type Relation,
} from './reconcile.ts'
import { type ReconcileFactsInput, reconcileFacts } from './reconcile-facts.ts'
import { isTwin, SIMILARITY } from './similar-facts.ts'

/**
 * Owns what is found out about new facts before the lock is taken, in tiers: same words, then nearly the same vector, then one question to the
 * model about all that is left. What it answers is checked again inside the lock.
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

/** More than these are looked at for no fact: a store in which so many are nearly the same has other troubles. */
const NEAREST = 20
const MAX_CANDIDATES = 4
const EMPTY: MemoriesState = { version: 0, newest: 0 }

type Pair = { readonly fact: number; readonly other: Entry }

/** Plans a batch's facts. Throws what the provider throws, but for an answer that is none: then the rules decide. */
export async function planFacts(
  services: MemoryServices,
  { orgId, workstreamId }: WorkstreamKey,
  { memories: facts }: ExtractedBatch,
  turns: readonly number[],
  signal: AbortSignal,
): Promise<FactPlan> {
  const { database, provider } = services
  const similarity = SIMILARITY[provider.name]
  // Before anything is read: what comes after it may make this plan stale.
  const state = facts.length === 0 ? EMPTY : await readMemoriesState(database, orgId, provider.embeddingModel)
  const cosines = facts.map(() => new Map<string, number>())
  const alike = await readKnownMemories(database, orgId, comparisonOf(facts, []))
  for (const [index, fact] of facts.entries()) {
    // Mostly what is said again is said in the same words, and then nothing near can matter.
    if (fact.status !== 'active' || alike.some((other) => isSameFact(fact, other))) continue
    const options = { audiences: [audienceOfOwner(fact.owner)] }
    const near = await nearestItems(database, orgId, 'memory', provider.embeddingModel, fact.vector, NEAREST, options)
    for (const { item, cosine } of near)
      if (cosine >= Math.min(similarity.twin, similarity.related)) cosines[index]?.set(keyOf({ id: item }), cosine)
  }
  const ids = idsIn(cosines)
  const known = ids.length === 0 ? alike : await readKnownMemories(database, orgId, comparisonOf(facts, ids))

  const relations = new Map<string, Relation>()
  const open: Pair[] = []
  const entries: Entry[] = known.map((memory) => ({ ...memory, ref: { id: memory.id } }))
  for (const index of oldestFirst(facts)) {
    const fact = facts[index] as (typeof facts)[number]
    const entry = entryOf(fact, index, workstreamId)
    const isKnown = entries.some((other) => isSameFact(fact, other))
    const candidates = isKnown ? [] : entries.filter((other) => isOpen(other) && isOwnedAlike(fact.owner, other.owner))
    const near = candidates
      .map((other) => ({ other, cosine: cosineTo(index, other) }))
      .filter(
        ({ other, cosine }) => cosine >= similarity.related || cosine >= similarity.twin || isAboutTheSame(fact, other),
      )
      .sort((a, b) => b.cosine - a.cosine)
      .slice(0, MAX_CANDIDATES)
    for (const { other, cosine } of near) {
      if (isTwin(fact.fact, other.fact, cosine, similarity)) relations.set(pairKey(index, other), 'same')
      else open.push({ fact: index, other })
    }
    if (!isKnown) entries.push(entry)
  }
  const usage = await decide(services, orgId, open, facts, turns, relations, signal)
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

/** What is the same word for word, or about the same, is compared whatever the vectors say. */
export function comparisonOf(facts: ExtractedBatch['memories'], ids: readonly number[]) {
  return {
    factHashes: facts.map(({ factHash }) => factHash),
    abouts: facts.flatMap(({ subject, attribute }) =>
      subject === null || attribute === null ? [] : { subject, attribute },
    ),
    ids,
  }
}

async function decide(
  services: MemoryServices,
  orgId: string,
  pairs: readonly Pair[],
  facts: ExtractedBatch['memories'],
  turns: readonly number[],
  relations: Map<string, Relation>,
  signal: AbortSignal,
): Promise<CachedUsage> {
  let used: { usage: ModelUsage; cacheHits: number } = { usage: NO_USAGE, cacheHits: 0 }
  if (pairs.length === 0) return used
  const asked = [...new Set(pairs.map(({ fact }) => fact))]
  const others = [...new Map(pairs.map(({ other }) => [keyOf(other.ref), other])).values()]
  const input: ReconcileFactsInput = {
    facts: asked.map((index) => ({
      ...statementOf(facts[index] as Entry | ExtractedBatch['memories'][number]),
      candidates: pairs.filter(({ fact }) => fact === index).map(({ other }) => others.indexOf(other)),
    })),
    memories: others.map(statementOf),
  }
  let output = { decisions: [] } as ReturnType<typeof reconcileFacts.rules>
  try {
    const answer = await answerOnce(services, {
      orgId,
      task: reconcileFacts,
      input,
      turns,
      clean: (kept) => kept,
      signal,
    })
    used = answer
    output = answer.output
  } catch (error) {
    if (!isAfterturnError(error) || error.code !== 'MODEL_OUTPUT_INVALID') throw error
    output = reconcileFacts.rules(input)
  }
  for (const { fact, memory, relation } of output.decisions) {
    const [index, other] = [asked[fact], others[memory]]
    if (index === undefined || !other || relation === 'unrelated') continue
    const isAsked = input.facts[fact]?.candidates.includes(memory)
    if (isAsked) relations.set(pairKey(index, other), relation)
  }
  return used
}

function statementOf(of: Pick<Entry, 'fact' | 'subject' | 'attribute' | 'observedAt'>) {
  return { fact: of.fact, subject: of.subject, attribute: of.attribute, said: isoDay(of.observedAt) ?? '' }
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
