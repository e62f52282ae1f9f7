import type { FoundItem } from './candidates.ts'

/**
 * How well an item answers a query, from 0 to 1, on a scale that all queries share: the share of the query's words that it has, by what they are worth,
 * and how far its meaning is nearer than that of what was found on average. The order of hits comes from fusion; this says what the first is worth. Pure.
 */

type Scale = {
  /** The keyword score of an item that has all the words of the query once. */
  readonly fullKeyword: number
  /** Cosines up to here say nothing: texts that have nothing in common have them. */
  readonly idleCosine: number
}

/** The share of the meaning alone that is believed: without a common word it is a guess. */
const MEANING_TRUST = 0.8
/** What an item is worth for the time that the query names. */
const TIME_WORTH = 0.5

/** Makes the relevance of one found item. */
export function createRelevance(found: readonly FoundItem[], { fullKeyword, idleCosine }: Scale) {
  const cosines = found.flatMap(({ cosine }) => (cosine === undefined ? [] : [cosine]))
  const average = cosines.reduce((sum, cosine) => sum + cosine, 0) / (cosines.length || 1)
  // An average of few is no background.
  const idle = cosines.length >= MIN_BACKGROUND ? Math.max(idleCosine, average) : idleCosine
  return ({ keyword, cosine = 0, isOfTime }: FoundItem): number => {
    const words = fullKeyword > 0 ? Math.min(1, keyword / fullKeyword) : 0
    const meaning = MEANING_TRUST * Math.min(1, Math.max(0, (cosine - idle) / (1 - idle)))
    return 1 - (1 - words) * (1 - meaning) * (isOfTime ? 1 - TIME_WORTH : 1)
  }
}

const MIN_BACKGROUND = 20

/** Hits in the order of their fused scores, with scores from 0 to 1: that of the first is the best relevance, the others are their share of it. */
export function scaleScores<Hit extends { readonly score: number; readonly relevance: number }>(
  hits: readonly Hit[],
): Hit[] {
  const first = hits.reduce((max, { score }) => Math.max(max, score), 0)
  const best = hits.reduce((max, { relevance }) => Math.max(max, relevance), 0)
  return hits.map((hit) => ({ ...hit, score: first > 0 ? (best * Math.max(0, hit.score)) / first : 0 }))
}
