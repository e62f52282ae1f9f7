import type { EmbeddingModel } from '../model-provider.ts'
import { perWord } from './per-word.ts'
import { stem } from './stem.ts'
import { wordVectors } from './word-vectors.ts'
import { wordsOf } from './words.ts'

/**
 * Owns the offline embedder: no model, no network, no key. A third of a vector says which words are there (hashed stems and character n-grams,
 * which also serve code, names and other languages), two thirds what English words mean (GloVe). Same text, same vector, on every machine.
 * Guarantees unit length for any string. It is no match for a trained sentence encoder and must not be presented as one.
 */

export const LOCAL_EMBEDDING_MODEL: EmbeddingModel = { provider: 'local', model: 'hash-glove-1', dims: 384 }

const HASHED_DIMS = 284
/** The share of the squared length that the hashed part gets; measured flat between 1/4 and 2/3, prose preferring less and code more. */
const HASHED_SHARE = 1 / 3
/** Smooth inverse frequency: a / (a + p(word)). Source: Arora, Liang, Ma, A simple but tough-to-beat baseline for sentence embeddings, 2017. */
const SIF_A = 1e-3
/** By Zipf's law the word of rank r has about this frequency divided by r + 1. */
const TOP_WORD_FREQUENCY = 0.1
const GRAM_LENGTHS = [3, 4]
/** What all n-grams of a word weigh together, beside 1 for its stem. */
const GRAMS_WEIGHT = 0.5

/** What a word adds to a vector: buckets of the hashed part with what each gains, and its rank among the words that have a meaning. */
type WordFeatures = {
  readonly buckets: Uint16Array
  readonly gains: Float64Array
  readonly weight: number
  readonly rank: number | undefined
}

/** Kept features make embedding four times as fast. */
const featuresOf = perWord(readFeatures)

/** The vector of a text: 384 numbers, unit length; a text without words is embedded by its characters, empty text as a constant. */
export function embedLocally(text: string): Float32Array {
  const vector = new Float32Array(LOCAL_EMBEDDING_MODEL.dims)
  const words = wordsOf(text)
  const table = wordVectors()
  for (const word of words.length > 0 ? words : [...text.trim()]) {
    const { buckets, gains, weight, rank } = featuresOf(word)
    // One after the other, as they came: sums of floats in another order are other vectors.
    for (let at = 0; at < buckets.length; at++) {
      const bucket = buckets[at] as number
      vector[bucket] = (vector[bucket] as number) + (gains[at] as number)
    }
    if (rank !== undefined) table.addTo(vector, HASHED_DIMS, rank, weight)
  }
  scalePart(vector, 0, HASHED_DIMS, Math.sqrt(HASHED_SHARE))
  scalePart(vector, HASHED_DIMS, vector.length, Math.sqrt(1 - HASHED_SHARE))
  // Features with opposite signs can cancel, and empty text has none: a constant is better than a vector without direction.
  if (!scalePart(vector, 0, vector.length, 1)) vector[0] = 1
  return vector
}

/** Source: Weinberger et al., Feature hashing for large scale multitask learning, 2009: a signed bucket, so that collisions cancel on average. */
function readFeatures(word: string): WordFeatures {
  const rank = wordVectors().rankOf(word)
  const weight = rank === undefined ? 1 : SIF_A / (SIF_A + TOP_WORD_FREQUENCY / (rank + 1))
  const padded = `<${word}>`
  const grams = GRAM_LENGTHS.flatMap((length) => gramsOf(padded, length))
  const gramWeight = (weight * GRAMS_WEIGHT) / Math.sqrt(grams.length)
  const hashes = [`w${stem(word)}`, ...grams].map(fnv1a)
  return {
    buckets: Uint16Array.from(hashes, (hash) => (hash >>> 1) % HASHED_DIMS),
    gains: Float64Array.from(hashes, (hash, at) => (hash & 1 ? 1 : -1) * (at === 0 ? weight : gramWeight)),
    weight,
    rank,
  }
}

function gramsOf(padded: string, length: number): string[] {
  const count = Math.max(0, padded.length - length + 1)
  return Array.from({ length: count }, (_, at) => padded.slice(at, at + length))
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  // FNV's low bits alone are poor; this finish (MurmurHash3's) spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** Scales one part to a length; false if it has none. */
function scalePart(vector: Float32Array, from: number, to: number, length: number): boolean {
  let sum = 0
  for (let i = from; i < to; i++) sum += (vector[i] ?? 0) ** 2
  if (sum === 0) return false
  const factor = length / Math.sqrt(sum)
  for (let i = from; i < to; i++) vector[i] = (vector[i] ?? 0) * factor
  return true
}
