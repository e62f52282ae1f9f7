import type { EmbeddingModel } from '../model-provider.ts'
import { addWord, HASHED_DIMS } from './word-features.ts'
import { forEachWord } from './words.ts'

/**
 * Owns the offline embedder: no model, no network, no key. A third of a vector says which words are there (hashed stems and character n-grams,
 * which also serve code, names and other languages), two thirds what English words mean (GloVe). Same text, same vector, on every machine.
 * Guarantees unit length for any string. It is no match for a trained sentence encoder and must not be presented as one.
 */

export const LOCAL_EMBEDDING_MODEL: EmbeddingModel = { provider: 'local', model: 'hash-glove-2', dims: 384 }

/** The share of the squared length that the hashed part gets; measured flat between 1/4 and 2/3, prose preferring less and code more. */
const HASHED_SHARE = 1 / 3
/** The vector of a text: 384 numbers, unit length; a text without words is embedded by its characters, empty text as a constant. */
export function embedLocally(text: string): Float32Array {
  const vector = new Float32Array(LOCAL_EMBEDDING_MODEL.dims)
  let hasWords = false
  forEachWord(text, (word) => {
    hasWords = true
    addWord(vector, word)
  })
  if (!hasWords) for (const character of text.trim()) addWord(vector, character)
  scalePart(vector, 0, HASHED_DIMS, Math.sqrt(HASHED_SHARE))
  scalePart(vector, HASHED_DIMS, vector.length, Math.sqrt(1 - HASHED_SHARE))
  // Features with opposite signs can cancel, and empty text has none: a constant is better than a vector without direction.
  if (!scalePart(vector, 0, vector.length, 1)) vector[0] = 1
  return vector
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
