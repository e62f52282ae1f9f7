import { queryTermsOf, termsOf } from '../../../shared/ai/local/terms.ts'
import { findCandidates } from '../../../shared/memory/search/candidates.ts'
import { createRelevance, LOCAL_FUSION_WEIGHTS, MODEL_FUSION_WEIGHTS } from '../../../shared/memory/search/fusion.ts'
import { type KnownMemory, readKnownMemories } from '../../../shared/store/memories/memory-changes.ts'
import type { FencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import { endMemories } from '../../../shared/store/memories/written-facts.ts'
import { readTermIndex } from '../../../shared/store/search-index/postings.ts'
import { nearestItems } from '../../../shared/store/search-index/vectors.ts'
import type { ExtractedBatch } from '../extraction/extract-batch.ts'
import type { Ending } from '../facts/endings.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { isOfSomebodyUnnamed } from '../local-rules/people-told-of.ts'
import type { MemoryServices } from '../memory-services.ts'
import { audienceOfOwner, spaceOf } from './plan-facts.ts'
import { isOwnedAlike } from './reconcile.ts'

/**
 * Owns which memories a wish to forget ends. Guarantees: only memories of the same owner that were said before, that are about the speaker or somebody
 * whom the wish names, and that have nearly all of its words; of several the one that says least else, or all where all were meant. In other words
 * only what search finds for the wish ends, and only where nothing else comes near.
 */

/** Who ended a memory whose speaker asked for it, in its history. */
export const ENDED_BY_TURN = 'turn'
/** Memories that are looked at for a wish. */
const NEAREST = 50
/** Of a wish's words in memories that are read. */
const MAX_OCCURRENCES = 5_000
/** The share of the wish's words that a memory must have. */
const MIN_SHARE = 0.75
/** A memory that search finds for the wish is meant from this score on, if the second best has at most so much of it. */
const MIN_SCORE = 0.45
const MAX_SECOND_SHARE = 0.6
const DENIES =
  /(?<![\p{L}’'])(?:not|never|cannot|no longer|nicht|nie|niemals|kein\p{L}{0,2}|pas|jamais|plus|nunca|não|non|mai|niet|geen|nooit|nigdy|не|нет|никогда|لا|ليس)(?!\p{L})|n[’']t(?!\p{L})|不|没|ない|ません|않|안 /iu

type Services = Pick<MemoryServices, 'provider' | 'heldCodes'>

/** Ends what speakers asked to forget. */
export async function endNamed(
  transaction: FencedTransaction,
  services: Services,
  endings: ExtractedBatch['endings'],
  now: Date,
): Promise<void> {
  for (const ending of endings) {
    const ids = await itemsNear(transaction, services, ending)
    const known = await readKnownMemories(transaction, transaction.orgId, { factHashes: [], abouts: [], ids })
    const meant = known.filter((memory) => isMeantBy(ending, memory))
    const named = namedBy(ending, meant).map(({ id }) => id)
    const ended = named.length > 0 ? named : await foundFor(transaction, services, ending, meant)
    await endMemories(transaction, ended, { by: ENDED_BY_TURN, at: now })
  }
}

/** What a wish may mean: what is near it, or without embeddings what has most of its words. */
async function itemsNear(
  transaction: FencedTransaction,
  { provider, heldCodes }: Services,
  { owner, what, vector }: ExtractedBatch['endings'][number],
): Promise<number[]> {
  const { orgId } = transaction
  if (vector) {
    const near = await nearestItems(transaction, heldCodes, spaceOf(orgId, provider, owner), vector, NEAREST)
    return near.map(({ item }) => item)
  }
  const { terms } = await readTermIndex(transaction, orgId, 'memory', queryTermsOf(what).flat(), {
    audiences: [audienceOfOwner(owner)],
    maxOccurrences: MAX_OCCURRENCES,
  })
  const words = new Map<number, number>()
  for (const { item } of terms.flatMap(({ occurrences }) => occurrences)) words.set(item, (words.get(item) ?? 0) + 1)
  const likeliest = [...words].sort((a, b) => b[1] - a[1] || b[0] - a[0])
  return likeliest.slice(0, NEAREST).map(([item]) => item)
}

/** What search would find for a wish in other words, where it is one memory and no other comes near. */
async function foundFor(
  transaction: FencedTransaction,
  { provider: { embeddingModel, similarity }, heldCodes }: Services,
  { owner, what, vector }: Searched,
  meant: readonly KnownMemory[],
): Promise<number[]> {
  const alike = meant.filter(({ fact, status, validTo }) => {
    return status === 'active' && validTo === null && DENIES.test(saidIn(fact)) === DENIES.test(what)
  })
  if (alike.length === 0) return []
  const { userId, agentId, workstreamId } = owner
  const viewer = { userId: userId ?? undefined, agentId: agentId ?? undefined, workstreamId: workstreamId ?? undefined }
  const query = {
    orgId: transaction.orgId,
    viewer,
    text: what,
    terms: queryTermsOf(what),
    vector,
    model: embeddingModel,
    audiences: [audienceOfOwner(owner)],
    times: [],
  }
  const within = alike.map(({ id }) => id)
  const found = await findCandidates(
    { database: transaction, heldCodes, query },
    'memory',
    { candidatesPerArm: NEAREST },
    { within },
  )
  const weights = similarity === 'words' ? LOCAL_FUSION_WEIGHTS : MODEL_FUSION_WEIGHTS
  const relevanceOf = createRelevance(found.items, { ...weights, ...found })
  const [best, second] = found.items
    .map((one) => ({ id: one.item, score: relevanceOf(one) }))
    .toSorted((a, b) => b.score - a.score)
  const isClear = best !== undefined && best.score >= MIN_SCORE && (second?.score ?? 0) <= best.score * MAX_SECOND_SHARE
  return isClear ? [best.id] : []
}

type Searched = ExtractedBatch['endings'][number]
type Named = Pick<KnownMemory, 'fact' | 'owner' | 'observedAt' | 'subject' | 'subjectKey'>

/** True if a memory is of the wish's owner, older, and about somebody of whom the wish speaks. */
export function isMeantBy(
  { owner, saidAt, speakerKey, what, isAll }: Omit<Ending, 'turn' | 'sentence'>,
  memory: Named,
): boolean {
  const { subject, subjectKey } = memory
  if (!isOwnedAlike(owner, memory.owner) || memory.observedAt > saidAt) return false
  if (!isAll && isOfSomebodyUnnamed(saidIn(memory.fact), what)) return false
  return subjectKey === null || subjectKey === speakerKey || what.toLowerCase().includes((subject ?? '').toLowerCase())
}

/** The memories that have the words of a wish: the ones with the fewest others, or all. */
export function namedBy<Fact extends { readonly fact: string }>(
  { what, isAll }: Pick<Ending, 'what' | 'isAll'>,
  facts: readonly Fact[],
): Fact[] {
  const wanted = queryTermsOf(what)
  const matches = facts.flatMap((one) => {
    const said = saidIn(one.fact)
    const terms = new Set(termsOf(said))
    const shared = wanted.filter((forms) => forms.some((form) => terms.has(form))).length
    if (shared === 0 || shared < wanted.length * MIN_SHARE || DENIES.test(said) !== DENIES.test(what)) return []
    return [{ one, others: queryTermsOf(said).length - shared, missing: wanted.length - shared }]
  })
  if (isAll) return matches.map(({ one }) => one)
  const best = matches.toSorted((a, b) => a.missing - b.missing || a.others - b.others)[0]
  return matches.flatMap(({ one, missing, others }) =>
    missing === best?.missing && others === best.others ? [one] : [],
  )
}
