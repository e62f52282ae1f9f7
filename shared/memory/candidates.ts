import type { EmbeddingModel } from '../ai/model-provider.ts'
import type { Database } from '../store/database.ts'
import { readIndex } from '../store/postings.ts'
import type { ItemKind } from '../store/schema.ts'
import { findTurnsAt } from '../store/turns.ts'
import { nearestItems } from '../store/vectors.ts'
import { LONE_WEIGHTS, scoreKeywords, TURN_WEIGHTS } from './bm25.ts'

/** Owns what comes into question for a query, by words and by meaning. Guarantees: one org only, and only items that the viewer may see. */

/** A query as both arms need it. */
export type Query = {
  readonly orgId: string
  readonly text: string
  readonly terms: readonly string[]
  readonly vector: Float32Array
  readonly model: EmbeddingModel
  readonly audiences: readonly string[]
}

/** How much is looked at. A benchmark compares the usual with everything. */
export type SearchEffort = {
  /** The best of each arm that go into the fusion. */
  readonly candidatesPerArm: number
  readonly maxOccurrences?: number | undefined
  readonly maxExactItems?: number | undefined
}

export type FoundItem = { readonly id: number; readonly keyword: number; readonly cosine: number | undefined }
/** `isCut` when there may be more. */
export type Found = { readonly items: readonly FoundItem[]; readonly isCut: boolean }

/** The candidates among an org's memories or turns; turns are found by the words of their neighbours too. */
export async function findCandidates(
  database: Database,
  query: Query,
  kind: ItemKind,
  effort: SearchEffort,
): Promise<Found> {
  const { orgId, audiences } = query
  const { terms, corpus } = await readIndex(database, orgId, kind, query.terms, {
    audiences,
    maxOccurrences: effort.maxOccurrences,
  })
  const weights = kind === 'turn' ? TURN_WEIGHTS : LONE_WEIGHTS
  const scores = scoreKeywords(terms, corpus, weights, effort.candidatesPerArm)
  const between = scores.filter(({ item }) => item === undefined)
  const atPlaces = await findTurnsAt(database, orgId, between)
  const keywords = new Map<number, number>()
  for (const { item, score } of scores) if (item !== undefined) keywords.set(item, score)
  for (const { id, index } of atPlaces) keywords.set(id, between[index]?.score ?? 0)
  const nearest = await nearestItems(database, orgId, kind, query.model, query.vector, effort.candidatesPerArm, {
    audiences,
    alsoItems: [...keywords.keys()],
    maxExactItems: effort.maxExactItems,
  })
  const cosines = new Map(nearest.map(({ item, cosine }) => [item, cosine]))
  const ids = [...new Set([...cosines.keys(), ...keywords.keys()])].sort((a, b) => a - b)
  return {
    items: ids.map((id) => ({ id, keyword: keywords.get(id) ?? 0, cosine: cosines.get(id) })),
    isCut: scores.length >= effort.candidatesPerArm || nearest.length >= effort.candidatesPerArm,
  }
}
