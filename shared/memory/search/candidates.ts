import type { EmbeddingModel } from '../../ai/model-provider.ts'
import type { Database } from '../../store/database.ts'
import type { ItemKind } from '../../store/schema.ts'
import type { Viewer } from '../../store/scopes.ts'
import type { HeldCodes } from '../../store/search-index/held-codes.ts'
import { keepOfTimes, readOfTimes, settleSpans } from '../../store/search-index/items-by-time.ts'
import type { Occurrence } from '../../store/search-index/posting-pages.ts'
import { type IndexedTerms, readTermIndex, type TermOccurrences } from '../../store/search-index/postings.ts'
import { nearestItems } from '../../store/search-index/vectors.ts'
import { findTurnsAt } from '../../store/turns/turns.ts'
import { inverseDocumentFrequency, LONE_WEIGHTS, scoreKeywords, TURN_WEIGHTS, type WeightedTerm } from './bm25.ts'
import type { TimeSpan } from './times/query-times.ts'

/** Owns what comes into question for a query: by words, by meaning, by neighbours and by time. Guarantees: one org, and what the viewer may see. */

/** A query as all arms need it. */
export type Query = {
  readonly orgId: string
  readonly viewer: Viewer
  readonly text: string
  /** The words that it asks for, each with the terms that stand for it. */
  readonly terms: readonly (readonly string[])[]
  /** The first terms of words that say little. @default none */
  readonly faint?: ReadonlySet<string>
  /** Undefined when the model did not answer in time. */
  readonly vector: Float32Array | undefined
  readonly model: EmbeddingModel
  readonly audiences: readonly string[]
  /** The times that it names. */
  readonly times: readonly TimeSpan[]
}

/** How much is looked at. A benchmark compares the usual with everything. */
export type SearchEffort = {
  /** The best of each arm that go into the fusion. */
  readonly candidatesPerArm: number
  readonly maxOccurrences?: number | undefined
  readonly minCompared?: number | undefined
  /** How long the store may take. @default 5,000 */
  readonly timeoutMs?: number
}

export type FoundItem = {
  readonly item: number
  readonly keyword: number
  readonly cosine: number | undefined
  readonly isOfTime: boolean
}
/** What was found; `isCut` when there may be more. */
type Candidates = {
  readonly items: readonly FoundItem[]
  readonly isCut: boolean
  /** The keyword score of an item that has all the words of the query once. */
  readonly fullKeyword: number
}

type Services = { readonly database: Database; readonly heldCodes: HeldCodes; readonly query: Query }

/** The weight of a word that says little, beside others. */
const FAINT_WEIGHT = 0.2
/** Of a named time at most so many items come into question for that alone. */
const ITEMS_OF_TIMES = 50

type Among = {
  /** The index of turns that are not indexed yet; the stored one is read after them, so that a turn that is extracted meanwhile is in one of them. */
  readonly notIndexed?: Promise<IndexedTerms | undefined>
  /** The only items that count. @default all */
  readonly within?: readonly number[] | undefined
}

/** The candidates among an org's memories or turns, by falling id; turns are found by the words of their neighbours too. */
export async function findCandidates(
  services: Services,
  kind: ItemKind,
  effort: SearchEffort,
  among: Among = {},
): Promise<Candidates> {
  const { database, heldCodes, query } = services
  const { within } = among
  const arms = Promise.all([findByWords(services, kind, effort, among), findByTimes(services, kind, among)])
  // Not made beforehand: without a vector nobody would wait for it, and its failure would end the process.
  const alsoItems = () =>
    within ?? arms.then(([{ keywords }, { timed }]) => [...new Set([...keywords.keys(), ...timed])])
  // The nearest codes are looked for while the store reads words.
  const [nearest, [words, times]] = await Promise.all([
    query.vector === undefined
      ? []
      : nearestItems(database, heldCodes, { ...query, kind }, query.vector, within ? 0 : effort.candidatesPerArm, {
          alsoItems: alsoItems(),
          minCompared: effort.minCompared,
        }),
    arms,
  ])
  const cosines = new Map(nearest.map(({ item, cosine }) => [item, cosine]))
  const items = [...new Set([...cosines.keys(), ...words.keywords.keys(), ...times.timed])].sort((a, b) => b - a)
  const ofTimes = await keepOfTimes(database, query.orgId, kind, times.spans, items)
  return {
    items: items.map((item) => ({
      item,
      keyword: words.keywords.get(item) ?? 0,
      cosine: cosines.get(item),
      isOfTime: ofTimes.has(item),
    })),
    isCut: within === undefined && (words.isCut || nearest.length >= effort.candidatesPerArm),
    fullKeyword: words.fullScore,
  }
}

/** The keyword scores of items, the best. */
async function findByWords(
  { database, query }: Services,
  kind: ItemKind,
  { maxOccurrences, candidatesPerArm }: SearchEffort,
  { notIndexed, within }: Among,
) {
  const { orgId, audiences } = query
  const beside = await notIndexed
  const index = await readTermIndex(database, orgId, kind, query.terms.flat(), { audiences, maxOccurrences })
  const { terms, corpus, fullScore } = joinAlternatives(beside ? joinIndexes(index, beside) : index, query)
  const wanted = within && new Set(within)
  const weights = kind === 'turn' ? TURN_WEIGHTS : LONE_WEIGHTS
  const scores = scoreKeywords(terms, corpus, weights, candidatesPerArm, (item) => wanted?.has(item) ?? true)
  const between = scores.filter(({ item }) => item === undefined)
  const keywords = new Map<number, number>()
  for (const { item, score } of scores) if (item !== undefined) keywords.set(item, score)
  for (const { id, index: at } of await findTurnsAt(database, orgId, between)) keywords.set(id, between[at]?.score ?? 0)
  return { keywords, fullScore, isCut: scores.length >= candidatesPerArm }
}

/** The times that the query names, settled, and the newest items of them. */
async function findByTimes({ database, query: { orgId, viewer, times } }: Services, kind: ItemKind, { within }: Among) {
  const wanted = within && new Set(within)
  const spans = await settleSpans(database, orgId, kind, viewer, times)
  const timed = await readOfTimes(database, orgId, kind, viewer, spans, ITEMS_OF_TIMES)
  return { spans, timed: timed.filter((item) => wanted?.has(item) ?? true) }
}

/** Two indexes as one: counts add up, and a term's occurrences come together. */
function joinIndexes(a: IndexedTerms, b: IndexedTerms): IndexedTerms {
  const items = a.corpus.items + b.corpus.items
  const length = a.corpus.items * a.corpus.averageLength + b.corpus.items * b.corpus.averageLength
  const byTerm = Map.groupBy([...a.terms, ...b.terms], ({ term }) => term)
  return {
    corpus: { items, averageLength: items > 0 ? length / items : 0 },
    unreadTerms: a.unreadTerms,
    terms: [...byTerm].map(([term, parts]) => ({ term, occurrences: parts.flatMap(({ occurrences }) => occurrences) })),
  }
}

/** What an index holds of the words asked for, and what an item that has them all is worth. */
type AskedTerms = Pick<IndexedTerms, 'corpus'> & { readonly terms: readonly WeightedTerm[]; readonly fullScore: number }

/**
 * Joins the alternatives of each word: they count once, as one term of which an item has the most frequent spelling. A word that no item has still
 * counts towards the full score.
 */
function joinAlternatives(index: IndexedTerms, { terms: groups, faint }: Pick<Query, 'terms' | 'faint'>): AskedTerms {
  const byTerm = new Map(index.terms.map((found) => [found.term, found]))
  let fullScore = 0
  const terms: WeightedTerm[] = []
  for (const group of groups) {
    const found = group.flatMap((term) => byTerm.get(term) ?? [])
    const isTooCommon = found.length === 0 && group.some((term) => index.unreadTerms.has(term))
    if (isTooCommon) continue
    const occurrences = found.length === 1 ? (found[0] as TermOccurrences).occurrences : joinOccurrences(found)
    const term = group[0] as string
    const weight = faint?.has(term) ? FAINT_WEIGHT : 1
    fullScore += weight * inverseDocumentFrequency(index.corpus.items, occurrences.length)
    if (occurrences.length > 0) terms.push({ term, occurrences, weight })
  }
  return { corpus: index.corpus, terms, fullScore }
}

/** Of the spellings of a word, the most frequent in each item. The longest list is gone through without being kept by item: it is most of them. */
function joinOccurrences(found: readonly TermOccurrences[]): readonly Occurrence[] {
  const longest = found.reduce((max, { occurrences }) => Math.max(max, occurrences.length), 0)
  const among = found.findIndex(({ occurrences }) => occurrences.length === longest)
  const others = new Map<number, Occurrence>()
  found.forEach(({ occurrences }, at) => {
    if (at !== among) for (const one of occurrences) keepMostFrequent(others, one)
  })
  const long = found[among]?.occurrences ?? []
  if (others.size === 0) return long
  const joined: Occurrence[] = []
  for (const one of long) {
    const other = others.get(one.item)
    if (other) others.delete(one.item)
    joined.push(other && other.frequency > one.frequency ? other : one)
  }
  for (const one of others.values()) joined.push(one)
  return joined
}

function keepMostFrequent(byItem: Map<number, Occurrence>, one: Occurrence): void {
  const known = byItem.get(one.item)
  if (known === undefined || known.frequency < one.frequency) byItem.set(one.item, one)
}
