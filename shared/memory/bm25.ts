import type { Corpus, Occurrence } from '../store/postings.ts'

/**
 * Owns the keyword score: BM25F, a turn's neighbours being weaker fields of it, because an answer often stands beside the words that were asked for.
 * Pure: it is given what the index holds of the query's terms. Turns are not indexed a second time with their neighbours.
 * Source: Robertson, Zaragoza, Taylor, Simple BM25 extension to multiple weighted fields, CIKM 2004.
 */

/** How soon more of the same term stops to count. */
export const BM25_K1 = 1.5
/** How much a long item's terms count less, 0 to 1. Half, not the usual 0.75: a short turn is a short reply, not a focused document. */
export const BM25_B = 0.5
/** What a term counts in the turn itself and 1, 2, 3 turns before or after; each step is worth half. */
export const TURN_WEIGHTS: readonly number[] = [1, 0.5, 0.25, 0.125]
/** For items that have no neighbours. */
export const LONE_WEIGHTS: readonly number[] = [1]

/** `own` is the part of `score` that the item has without its neighbours, under the same formula. */
export type KeywordScore = {
  readonly sequence: string | number
  readonly position: number
  readonly score: number
  readonly own: number
}

/** What a term is worth: the rarer, the more, never negative. */
export function inverseDocumentFrequency(items: number, itemsWithTerm: number): number {
  return Math.log((items - itemsWithTerm + 0.5) / (itemsWithTerm + 0.5) + 1)
}

/** What a weighted, length-normalised frequency counts: rises from 0 and stays below k1 + 1. */
export function saturate(frequency: number): number {
  return (frequency * (BM25_K1 + 1)) / (frequency + BM25_K1)
}

/**
 * Scores every place that holds a term of the query or lies near one, best first. `occurrences` must be all rows of the distinct terms: their number
 * is the document frequency. Places before the first and after the last item of a sequence are among the answers; who looks items up drops them.
 */
export function scoreKeywords(
  occurrences: readonly Occurrence[],
  corpus: Corpus,
  weights: readonly number[] = TURN_WEIGHTS,
): KeywordScore[] {
  const scores: Places = new Map()
  for (const rows of Map.groupBy(occurrences, (row) => row.term).values()) {
    const worth = inverseDocumentFrequency(corpus.items, rows.length)
    for (const { sequence, position, score, own } of listPlaces(spread(rows, corpus, weights))) {
      addAt(scores, sequence, position, worth * saturate(score), worth * saturate(own))
    }
  }
  return listPlaces(scores).sort((a, b) => b.score - a.score)
}

/** The weighted frequency of one term at every place that it reaches. */
function spread(rows: readonly Occurrence[], corpus: Corpus, weights: readonly number[]): Places {
  const places: Places = new Map()
  for (const row of rows) {
    const own = row.frequency / (1 - BM25_B + (BM25_B * row.itemLength) / (corpus.averageLength || 1))
    for (let step = 1 - weights.length; step < weights.length; step++) {
      const weight = weights[Math.abs(step)] ?? 0
      addAt(places, row.sequence, row.position + step, weight * own, step === 0 ? own : 0)
    }
  }
  return places
}

type Places = Map<string | number, Map<number, { score: number; own: number }>>

function addAt(places: Places, sequence: string | number, position: number, score: number, own: number): void {
  let byPosition = places.get(sequence)
  if (byPosition === undefined) {
    byPosition = new Map()
    places.set(sequence, byPosition)
  }
  const sum = byPosition.get(position) ?? { score: 0, own: 0 }
  byPosition.set(position, { score: sum.score + score, own: sum.own + own })
}

function listPlaces(places: Places): KeywordScore[] {
  return [...places].flatMap(([sequence, byPosition]) =>
    [...byPosition].map(([position, sum]) => ({ sequence, position, ...sum })),
  )
}
