import { hashTerm } from '../index-format/code-segment.ts'
import type { CodeCorpus } from './code-corpus.ts'
import { codeWordsFor, isSentenceWord } from './code-vocabulary.ts'
import { createDotProducts } from './dot-products.ts'

/**
 * Owns the arms of code search over segments in memory: cosine of every chunk, BM25 of the chunks that have a term, and what a path says.
 * Pure. Postings belong to their segments, so that a blob is loaded once for all refs and commits.
 */

const BM25_K1 = 1.6
const BM25_B = 0.75
/** The weight of a word of sentences about code, beside one of code itself. */
const SENTENCE_WORD_SHARE = 0.4
/** The weight of a word that code has for one of the query, beside that one. */
const CODE_WORD_SHARE = 0.3

const dotProducts = createDotProducts()

/** What the arms say of each chunk, by its place: the chunks of the first file, then those of the next. */
type ArmScores = {
  readonly cosines: Float32Array | undefined
  readonly keywords: Float32Array
  /** What a term is worth: the rarer, the more. */
  readonly weightOf: ReadonlyMap<number, number>
}

export function scoreArms(
  corpus: CodeCorpus,
  query: { readonly terms: readonly string[]; readonly vector: Float32Array | undefined },
): ArmScores {
  const weightOf = new Map<number, number>()
  const keywords = new Float32Array(corpus.lengths.length)
  const inCode = new Map<string, number>()
  for (const term of query.terms) {
    const weight = addTerm(corpus, term, keywords, isSentenceWord(term) ? SENTENCE_WORD_SHARE : 1)
    weightOf.set(hashTerm(term), weight)
    for (const word of codeWordsFor(term)) inCode.set(word, Math.max(inCode.get(word) ?? 0, weight))
  }
  // It is not worth more than the word that it stands for, however rare it is.
  for (const [word, weight] of inCode)
    if (!weightOf.has(hashTerm(word))) addTerm(corpus, word, keywords, CODE_WORD_SHARE, weight)
  const cosines = query.vector && dotProducts(query.vector, corpus.segments, keywords.length)
  return { cosines, keywords, weightOf }
}

/** Adds what one term counts in each chunk; returns its weight. */
function addTerm(
  { lengths, averageLength, postings }: CodeCorpus,
  term: string,
  keywords: Float32Array,
  share: number,
  maxWeight = Number.POSITIVE_INFINITY,
): number {
  const { places, counts } = postings(hashTerm(term))
  const rarity = Math.log((keywords.length - places.length + 0.5) / (places.length + 0.5) + 1)
  const weight = share * Math.min(rarity, maxWeight)
  for (let posting = 0; posting < places.length; posting++) {
    const place = places[posting] as number
    const count = counts[posting] as number
    const norm = 1 - BM25_B + (BM25_B * (lengths[place] as number)) / averageLength
    const score = (weight * count * (BM25_K1 + 1)) / (count + BM25_K1 * norm)
    keywords[place] = (keywords[place] as number) + score
  }
  return weight
}

/** The indexes of the highest scores above 0, highest first. */
export function topScored(scores: Float32Array, count: number): number[] {
  const best: number[] = []
  let least = 0
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index] as number
    // Most end here: a list of all that are above 0 took as long as to go through them.
    if (score <= least) continue
    let low = 0
    for (let high = best.length; low < high; ) {
      const middle = (low + high) >> 1
      if ((scores[best[middle] as number] as number) >= score) low = middle + 1
      else high = middle
    }
    best.splice(low, 0, index)
    if (best.length > count) best.pop()
    if (best.length === count) least = scores[best.at(-1) as number] as number
  }
  return best
}
