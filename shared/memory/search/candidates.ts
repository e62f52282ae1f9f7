import type { EmbeddingModel } from '../../ai/model-provider.ts'
import type { Database } from '../../store/database.ts'
import type { ItemKind } from '../../store/schema.ts'
import type { Viewer } from '../../store/scopes.ts'
import { keepOfTimes, readOfTimes } from '../../store/search-index/items-by-time.ts'
import { type IndexedTerms, readIndex } from '../../store/search-index/postings.ts'
import { nearestItems } from '../../store/search-index/vectors.ts'
import { findTurnsAt } from '../../store/turns/turns.ts'
import { LONE_WEIGHTS, scoreKeywords, TURN_WEIGHTS } from './bm25.ts'
import type { TimeSpan } from './query-times.ts'

/** Owns what comes into question for a query: by words, by meaning, by neighbours and by time. Guarantees: one org, and what the viewer may see. */

/** A query as all arms need it. */
export type Query = {
  readonly orgId: string
  readonly viewer: Viewer
  readonly text: string
  readonly terms: readonly string[]
  readonly vector: Float32Array
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
  readonly maxExactItems?: number | undefined
  /** How long the store may take. @default 5,000 */
  readonly timeoutMs?: number
}

export type FoundItem = {
  readonly item: number
  readonly keyword: number
  readonly cosine: number | undefined
  readonly isOfTime: boolean
}
/** `isCut` when there may be more. */
export type Found = { readonly items: readonly FoundItem[]; readonly isCut: boolean }

/** Of a named time at most so many items come into question for that alone. */
const ITEMS_OF_TIMES = 50

/**
 * The candidates among an org's memories or turns, by falling id. `notIndexed` is what the index would hold of turns that it does not hold yet;
 * turns are found by the words of their neighbours too.
 */
export async function findCandidates(
  database: Database,
  query: Query,
  kind: ItemKind,
  effort: SearchEffort,
  notIndexed?: IndexedTerms,
): Promise<Found> {
  const { orgId, audiences } = query
  const index = await readIndex(database, orgId, kind, query.terms, {
    audiences,
    maxOccurrences: effort.maxOccurrences,
  })
  const { terms, corpus } = notIndexed ? joinIndexes(index, notIndexed) : index
  const weights = kind === 'turn' ? TURN_WEIGHTS : LONE_WEIGHTS
  const scores = scoreKeywords(terms, corpus, weights, effort.candidatesPerArm)
  const between = scores.filter(({ item }) => item === undefined)
  const keywords = new Map<number, number>()
  for (const { item, score } of scores) if (item !== undefined) keywords.set(item, score)
  for (const { id, index: at } of await findTurnsAt(database, orgId, between)) keywords.set(id, between[at]?.score ?? 0)
  const timed = await readOfTimes(database, orgId, kind, query.viewer, query.times, ITEMS_OF_TIMES)
  const nearest = await nearestItems(database, orgId, kind, query.model, query.vector, effort.candidatesPerArm, {
    audiences,
    alsoItems: [...new Set([...keywords.keys(), ...timed])],
    maxExactItems: effort.maxExactItems,
  })
  const cosines = new Map(nearest.map(({ item, cosine }) => [item, cosine]))
  const items = [...new Set([...cosines.keys(), ...keywords.keys(), ...timed])].sort((a, b) => b - a)
  const ofTimes = await keepOfTimes(database, orgId, kind, query.times, items)
  return {
    items: items.map((item) => ({
      item,
      keyword: keywords.get(item) ?? 0,
      cosine: cosines.get(item),
      isOfTime: ofTimes.has(item),
    })),
    isCut: scores.length >= effort.candidatesPerArm || nearest.length >= effort.candidatesPerArm,
  }
}

/** Two indexes as one: counts add up, and a term's occurrences come together. */
function joinIndexes(a: IndexedTerms, b: IndexedTerms): IndexedTerms {
  const items = a.corpus.items + b.corpus.items
  const length = a.corpus.items * a.corpus.averageLength + b.corpus.items * b.corpus.averageLength
  const byTerm = Map.groupBy([...a.terms, ...b.terms], ({ term }) => term)
  return {
    corpus: { items, averageLength: items > 0 ? length / items : 0 },
    terms: [...byTerm].map(([term, parts]) => ({ term, occurrences: parts.flatMap(({ occurrences }) => occurrences) })),
  }
}
