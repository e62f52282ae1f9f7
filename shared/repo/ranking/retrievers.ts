import { topK } from '../../top-k.ts'
import { hashTerm } from '../index-format/code-segment.ts'
import type { CodeCorpus } from './code-corpus.ts'
import { createDotProducts } from './dot-products.ts'

/**
 * Owns the arms of code search over segments in memory: cosine of every chunk, BM25 of the chunks that have a term, and what a path says.
 * Pure. Postings belong to their segments, so that a blob is loaded once for all refs and commits.
 */

const BM25_K1 = 1.6
const BM25_B = 0.75

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
  for (const hash of new Set(query.terms.map(hashTerm))) weightOf.set(hash, addTerm(corpus, hash, keywords))
  const cosines = query.vector && dotProducts(query.vector, corpus.segments, keywords.length)
  return { cosines, keywords, weightOf }
}

/** Adds what one term counts in each chunk; answers its weight. */
function addTerm({ lengths, averageLength, postings }: CodeCorpus, hash: number, keywords: Float32Array): number {
  const { places, counts } = postings(hash)
  const weight = Math.log((keywords.length - places.length + 0.5) / (places.length + 0.5) + 1)
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
  const positive: number[] = []
  for (let index = 0; index < scores.length; index++) if ((scores[index] as number) > 0) positive.push(index)
  return topK(positive, count, (a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
}
