import type { ModelProvider } from '../../../shared/ai/model-provider.ts'
import { audiencesOf } from '../../../shared/store/audiences.ts'
import type { MemoryOwner } from '../../../shared/store/memories/memories.ts'
import {
  hasNearSince,
  type KnownMemory,
  readKnown,
  readKnownMemories,
} from '../../../shared/store/memories/memory-changes.ts'
import type { FencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import type { VectorSpace } from '../../../shared/store/search-index/vector-space.ts'
import { nearestItems } from '../../../shared/store/search-index/vectors.ts'
import { type CachedUsage, NO_CACHED_USAGE } from '../extraction/checkpointed-answer.ts'
import type { ExtractedBatch, FactToStore } from '../extraction/extract-batch.ts'
import type { MemoryServices } from '../memory-services.ts'
import { decidePairs, type Pair } from './decide-pairs.ts'
import { saysMoved } from './moved.ts'
import { saysNoLonger } from './no-longer.ts'
import { saysStance } from './opposite.ts'
import { mayBeOrder } from './other-order.ts'
import { saysChange } from './other-value.ts'
import { type ComparedFact, isAboutTheSame, isOwnedAlike, type RelationOf, reconcile } from './reconcile.ts'
import { relationByRules } from './reconcile-facts.ts'
import { mayTakeBack } from './revisions.ts'

/**
 * Owns what is found out about new facts before the lock is taken: a model is asked about every pair whose words do not settle it, in as few questions as
 * their bounds allow. The rules need no plan. A plan says how words stand to words; what follows from that is worked out inside the lock.
 */

export type FactPlan = {
  /** Of the org's memories, when this was planned. */
  readonly version: number
  /** The memories whose vectors were near. */
  readonly ids: readonly number[]
  /** Undefined for what nobody was asked about. */
  readonly relationOf: RelationOf
  readonly usage: CachedUsage
}

/** Plans for the same facts; while others write the org's memories all the time, the rules decide what the last one does not know. */
export const MAX_PLANS = 3
/**
 * From this cosine on a model says how two facts stand to each other. Not measured by us: others report of text-embedding-3 that paraphrases lie above
 * .9, other facts about the same thing between .6 and .85.
 */
const RELATED_COSINE = 0.6
/** More than these are looked at for no fact: a store in which this many are nearly the same has other troubles. */
const NEAREST = 20
const MAX_NEAR = 4
/** Facts about the same that a model is asked about; the rules decide on more. */
const MAX_RIVALS = 12

/** Plans a batch's facts; `isByRules` asks no model about them. Throws what the provider throws, but for an answer that is none: then the rules decide. */
export async function planFacts(
  services: Pick<MemoryServices, 'database' | 'heldCodes' | 'provider' | 'completer' | 'clock'>,
  orgId: string,
  { memories: facts }: Pick<ExtractedBatch, 'memories'>,
  turns: readonly number[],
  signal: AbortSignal,
  isByRules = false,
): Promise<FactPlan> {
  const { database, provider } = services
  if (!provider.readsPrompts || isByRules || facts.length === 0)
    return {
      version: 0,
      ids: await idsTakenBack(services, orgId, facts),
      relationOf: (index, entry) => relationByRules(facts[index] as FactToStore, entry),
      usage: NO_CACHED_USAGE,
    }
  // Before what is near: memories that come after it may make this plan stale.
  const { version, memories } = await readKnown(database, orgId, comparisonOf(facts, []))
  const cosines = await nearMemories(services, orgId, facts, memories)
  const ids = [...new Set(cosines.flatMap((near) => [...near.keys()]))]
  const unread = ids.filter((id) => memories.every((memory) => memory.id !== id))
  const near = await readKnownMemories(database, orgId, { factHashes: [], abouts: [], ids: unread })
  const compared = [...memories, ...near].sort((a, b) => a.id - b.id)
  const known = withoutThemselves(compared, facts)

  const asked = new Map<number, Map<string, { other: ComparedFact; cosine: number; isRival: boolean }>>()
  reconcile(facts, known, (index, other) => {
    const isRival = isAboutTheSame(facts[index] as FactToStore, other)
    const cosine = cosineTo(index, other)
    if (isRival || cosine >= RELATED_COSINE) {
      const ofFact = asked.get(index) ?? new Map()
      asked.set(index, ofFact.set(wordsOf(other), { other, cosine, isRival }))
    }
    return undefined
  })
  const entries = new Map<string, ComparedFact>()
  const pairs: Pair[] = []
  for (const [fact, others] of asked) {
    const likeliest = [...others.values()].sort((a, b) => b.cosine - a.cosine)
    const rivals = likeliest.filter(({ isRival }) => isRival).slice(0, MAX_RIVALS)
    const near = likeliest.filter(({ isRival }) => !isRival).slice(0, Math.max(0, MAX_NEAR - rivals.length))
    for (const { other } of [...rivals, ...near]) {
      // The same words are one statement of the question.
      const entry = entries.get(wordsOf(other)) ?? other
      entries.set(wordsOf(other), entry)
      pairs.push({ fact, other: entry })
    }
  }
  const { decided, usage } = await decidePairs(services, { orgId, pairs, facts, turns, signal })
  const relations = new Map<string, ReturnType<RelationOf>>()
  for (const [fact, others] of asked)
    for (const { other, isRival } of others.values())
      relations.set(pairKey(fact, other), isRival ? relationByRules(facts[fact] as FactToStore, other) : 'unrelated')
  for (const { fact, other } of pairs) relations.set(pairKey(fact, other), 'unrelated')
  for (const { fact, other, relation } of decided) relations.set(pairKey(fact, other), relation)
  return { version, ids, relationOf: (fact, entry) => relations.get(pairKey(fact, entry)), usage }

  function cosineTo(index: number, { ref }: ComparedFact): number {
    if ('id' in ref) return cosines[index]?.get(ref.id) ?? 0
    const [a, b] = [facts[index]?.vector, 'factIndex' in ref ? facts[ref.factIndex]?.vector : undefined]
    return a && b ? a.reduce((sum, value, at) => sum + value * (b[at] as number), 0) : 0
  }
}

/** What facts may take back that name an old value: of the memories near to them, however far. */
async function idsTakenBack(
  { database, heldCodes, provider }: Pick<MemoryServices, 'database' | 'heldCodes' | 'provider'>,
  orgId: string,
  facts: ExtractedBatch['memories'],
): Promise<number[]> {
  const ids = new Set<number>()
  for (const { fact, vector, owner, status, sources } of facts) {
    if (
      !vector ||
      status !== 'active' ||
      !(
        mayTakeBack(fact) ||
        saysNoLonger(fact) ||
        saysChange(fact, sources.at(-1)?.quote) ||
        saysStance(fact) ||
        saysMoved(fact) ||
        mayBeOrder(fact)
      )
    )
      continue
    const near = await nearestItems(database, heldCodes, spaceOf(orgId, provider, owner), vector, NEAREST)
    for (const { item } of near) ids.add(item)
  }
  return [...ids]
}

/** The memories of one owner. */
export function spaceOf(
  orgId: string,
  { embeddingModel }: Pick<ModelProvider, 'embeddingModel'>,
  owner: MemoryOwner,
): VectorSpace {
  return { orgId, kind: 'memory', model: embeddingModel, audiences: [audienceOfOwner(owner)] }
}

/** For each fact the memories of its owner whose vectors are near; `alike` are those that say the same. */
async function nearMemories(
  { database, heldCodes, provider }: Pick<MemoryServices, 'database' | 'heldCodes' | 'provider'>,
  orgId: string,
  facts: ExtractedBatch['memories'],
  alike: readonly KnownMemory[],
): Promise<Map<number, number>[]> {
  const cosines: Map<number, number>[] = []
  for (const fact of facts) {
    // Mostly what is said again is said in the same words, and what is near was compared with them then.
    const isKnown = alike.some(
      (other) =>
        other.status === 'active' && other.factHash.equals(fact.factHash) && isOwnedAlike(other.owner, fact.owner),
    )
    const near =
      isKnown || fact.status !== 'active' || !fact.vector
        ? []
        : await nearestItems(database, heldCodes, spaceOf(orgId, provider, fact.owner), fact.vector, NEAREST)
    cosines.push(new Map(near.flatMap(({ item, cosine }) => (cosine >= RELATED_COSINE ? [[item, cosine]] : []))))
  }
  return cosines
}

/** Whether memories came since the plan was made that are near to its facts. Mostly others' facts are about other things. */
export async function isPlanStale(
  transaction: FencedTransaction,
  { provider }: Pick<MemoryServices, 'provider'>,
  facts: ExtractedBatch['memories'],
  plan: FactPlan,
): Promise<boolean> {
  const active = facts.filter(({ status }) => status === 'active')
  if (!provider.readsPrompts || active.length === 0) return false
  if (transaction.memoriesVersion === plan.version) return false
  return hasNearSince(transaction, transaction.orgId, provider.embeddingModel, plan.version, {
    vectors: active.flatMap(({ vector }) => vector ?? []),
    minCosine: RELATED_COSINE,
    audiences: [...new Set(active.map(({ owner }) => audienceOfOwner(owner)))],
  })
}

/** A fact that is a row already is not compared with itself. */
export function withoutThemselves(known: readonly KnownMemory[], facts: ExtractedBatch['memories']): KnownMemory[] {
  return known.filter(({ id }) => facts.every(({ row }) => row !== id))
}

/** What is the same word for word, or about the same, is compared whatever the vectors say. */
export function comparisonOf(facts: ExtractedBatch['memories'], ids: readonly number[]) {
  return {
    factHashes: facts.flatMap(({ factHash, corrects }) => (corrects ? [factHash, corrects.factHash] : [factHash])),
    abouts: facts.flatMap(({ subjectKey, attribute, observedAt, owner }) =>
      subjectKey === null || attribute === null ? [] : { subjectKey, attribute, at: observedAt, owner },
    ),
    ids,
  }
}

/** A relation is one of words: whoever says them again, and whenever. */
function wordsOf({ fact, subjectKey, attribute }: ComparedFact): string {
  return JSON.stringify([fact, subjectKey, attribute])
}

function pairKey(fact: number, other: ComparedFact): string {
  return `${fact} ${wordsOf(other)}`
}

/** Facts meet those of the same owner only. */
export function audienceOfOwner({ userId, agentId, workstreamId }: MemoryOwner): string {
  const viewer = { userId: userId ?? undefined, agentId: agentId ?? undefined, workstreamId: workstreamId ?? undefined }
  return audiencesOf(viewer).at(-1) as string
}
