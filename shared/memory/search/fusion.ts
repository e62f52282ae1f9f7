/**
 * Owns how keyword scores, cosines and speakers become one order, and can say why, and what the first of that order is worth. Pure.
 * Scores are weighed and added, not ranks: with a weak dense arm, reciprocal rank fusion falls behind keywords alone.
 */

export type FusionWeights = {
  /** Of the meaning part, beside 1 for the best keyword match. */
  readonly meaning: number
  /** What a turn gains, as a share of its score, when the query names who speaks. */
  readonly speaker: number
  /** What an item gains when the query names its time. */
  readonly time: number
  /** Cosines up to here say nothing: texts that have nothing in common have them. */
  readonly idleCosine: number
}

/** Fit for the offline embedder, whose vectors are weak. */
export const LOCAL_FUSION_WEIGHTS: FusionWeights = { meaning: 0.2, speaker: 0.5, time: 0.5, idleCosine: 0.4 }
/** For trained sentence encoders, which deserve as much as the keywords. */
export const MODEL_FUSION_WEIGHTS: FusionWeights = { meaning: 1, speaker: 0.5, time: 1, idleCosine: 0.2 }

export type Candidate<Item> = {
  readonly item: Item
  /** As `scoreKeywords` says; 0 if no term of the query is in or near it. */
  readonly keyword: number
  /** Undefined when the item has no vector of the current model yet: it then counts as average. */
  readonly cosine: number | undefined
  readonly isBySpeaker: boolean
  readonly isOfTime: boolean
  /** The score of the best memory that was drawn from a turn. */
  readonly remembered?: number | undefined
}

/** The parts of a score: `keyword` from 0 to 1 (the best match), `meaning` at most 1 (the nearest), 0 being average. */
export type ScoreParts = {
  readonly keyword: number
  readonly meaning: number
  /** Whether the query names who speaks. */
  readonly isBySpeaker: boolean
  /** Whether the query names the time. */
  readonly isOfTime: boolean
}
export type Ranked<Item> = { readonly item: Item; readonly score: number; readonly why: ScoreParts }

/** What a turn gains of the score of a memory drawn from it: of LoCoMo's questions that need several turns, .49 instead of .46 of their evidence is among the first ten. */
const REMEMBERED = 0.15
/** The share of the meaning alone that is believed: without a common word it is a guess. */
const MEANING_TRUST = 0.8
/** What an item is worth for the time that the query names. */
const TIME_WORTH = 0.5
/** An average of fewer is no background. */
const MIN_BACKGROUND = 20

/** Orders the candidates of one query, best first; equals keep their order. Scores of different queries do not compare. */
export function fuse<Item>(candidates: readonly Candidate<Item>[], weights: FusionWeights): Ranked<Item>[] {
  const bestKeyword = candidates.reduce((best, candidate) => Math.max(best, candidate.keyword), 0)
  const liftOf = cosineLift(
    candidates.flatMap((candidate) => (candidate.cosine === undefined ? [] : [candidate.cosine])),
  )
  return candidates
    .map(({ item, keyword, cosine, isBySpeaker, isOfTime, remembered = 0 }) => {
      const why = {
        keyword: bestKeyword > 0 ? keyword / bestKeyword : 0,
        meaning: cosine === undefined ? 0 : liftOf(cosine),
        isBySpeaker,
        isOfTime,
      }
      const match = why.keyword + weights.meaning * why.meaning
      const spoken = isBySpeaker ? weights.speaker * Math.max(0, match) : 0
      return { item, score: match + spoken + (isOfTime ? weights.time : 0) + REMEMBERED * remembered, why }
    })
    .sort((a, b) => b.score - a.score)
}

/** Cosines of different models lie in different ranges: what compares is how far one rises from the average towards the best. */
function cosineLift(cosines: readonly number[]): (cosine: number) => number {
  const average = averageOf(cosines)
  const best = cosines.reduce((max, cosine) => Math.max(max, cosine), average)
  return (cosine) => (best > average ? (cosine - average) / (best - average) : 0)
}

function averageOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / (numbers.length || 1)
}

type Answering = Pick<Candidate<unknown>, 'keyword' | 'cosine' | 'isOfTime'>

/**
 * How well an item answers a query, from 0 to 1, on a scale that all queries share: the share of the query's words that it has, by what they are worth,
 * and how far its meaning is nearer than that of what was found on average. `fullKeyword`: the score of an item that has all the words of the query once.
 */
export function createRelevance(
  found: readonly Answering[],
  { fullKeyword, idleCosine }: Pick<FusionWeights, 'idleCosine'> & { readonly fullKeyword: number },
) {
  const cosines = found.flatMap(({ cosine }) => (cosine === undefined ? [] : [cosine]))
  const average = averageOf(cosines)
  const idle = cosines.length >= MIN_BACKGROUND ? Math.max(idleCosine, average) : idleCosine
  return ({ keyword, cosine = 0, isOfTime }: Answering): number => {
    const words = fullKeyword > 0 ? Math.min(1, keyword / fullKeyword) : 0
    const meaning = MEANING_TRUST * Math.min(1, Math.max(0, (cosine - idle) / (1 - idle)))
    return 1 - (1 - words) * (1 - meaning) * (isOfTime ? 1 - TIME_WORTH : 1)
  }
}

/** Hits in the order of their fused scores, with scores from 0 to 1: that of the first is the best relevance, the others are their share of it. */
export function scaleScores<Hit extends { readonly score: number; readonly relevance: number }>(
  hits: readonly Hit[],
): Hit[] {
  const first = hits.reduce((max, { score }) => Math.max(max, score), 0)
  const best = hits.reduce((max, { relevance }) => Math.max(max, relevance), 0)
  return hits.map((hit) => ({ ...hit, score: first > 0 ? (best * Math.max(0, hit.score)) / first : 0 }))
}
