import { fnv1a } from '../../text/fnv1a.ts'
import { ownString, slotOf, WORD_SLOTS } from './per-word.ts'
import { stem } from './stem.ts'
import { wordVectors } from './word-vectors.ts'
import { MAX_WORD_CHARACTERS } from './words.ts'

/**
 * Owns what each word adds to a vector of the offline embedder. What it has read it keeps, in flat arrays: as objects it took 40 MB.
 * Guarantees fixed memory, and the same sums whether a word is kept or not.
 */

/** The hashed part: as many buckets. */
export const HASHED_DIMS = 284

/** Smooth inverse frequency: a / (a + p(word)). Source: Arora, Liang, Ma, A simple but tough-to-beat baseline for sentence embeddings, 2017. */
const SIF_A = 1e-3
/** By Zipf's law the word of rank r has about this frequency divided by r + 1. */
const TOP_WORD_FREQUENCY = 0.1
const GRAM_LENGTHS = [3, 4]
/** What all n-grams of a word weigh together, beside 1 for its stem. */
const GRAMS_WEIGHT = 0.5

const NO_RANK = -1
/** A word's stem, and its n-grams with its two ends. */
const MAX_FEATURES = 1 + GRAM_LENGTHS.reduce((sum, length) => sum + MAX_WORD_CHARACTERS + 2 - length + 1, 0)
/** Of words that are kept, up to 20 characters; longer ones are rare, and read each time. */
const KEPT_FEATURES = 40
/** Behind the slots of words that are kept. */
const UNKEPT_SLOT = WORD_SLOTS

const words: (string | undefined)[] = new Array(WORD_SLOTS).fill(undefined)
const counts = new Uint8Array(WORD_SLOTS + 1)
/** Of each slot: a bucket and, in the lowest bit, whether it gains; the stem's first, then those of the n-grams. */
const features = new Uint16Array(WORD_SLOTS * KEPT_FEATURES + MAX_FEATURES)
const weights = new Float64Array(WORD_SLOTS + 1)
const gramWeights = new Float64Array(WORD_SLOTS + 1)
/** The places of the words among those that have a meaning. */
const ranks = new Int32Array(WORD_SLOTS + 1)

/** The sign that a feature of the word at hand adds, by its lowest bit: half of the branches in its place would be guessed wrong. */
const gains = new Float64Array(2)

/** Adds a word to the sum of a text: its stem and n-grams to the hashed part, its meaning, if it has one, behind. */
export function addWord(sum: Float32Array, word: string): void {
  let slot = slotOf(word)
  if (words[slot] !== word) slot = readWord(word, slot)
  const weight = weights[slot] as number
  const gramWeight = gramWeights[slot] as number
  const start = slot * KEPT_FEATURES
  const end = start + (counts[slot] as number)
  gains[0] = -weight
  gains[1] = weight
  // One after the other, as they came: sums of floats in another order are other vectors.
  for (let at = start; at < end; at++) {
    const feature = features[at] as number
    sum[feature >>> 1] = (sum[feature >>> 1] as number) + (gains[feature & 1] as number)
    if (at === start) {
      gains[0] = -gramWeight
      gains[1] = gramWeight
    }
  }
  const rank = ranks[slot] as number
  if (rank !== NO_RANK) wordVectors().addTo(sum, HASHED_DIMS, rank, weight)
}

/** Source: Weinberger et al., Feature hashing for large scale multitask learning, 2009: a signed bucket, so that collisions cancel on average. */
function readWord(word: string, ownSlot: number): number {
  const padded = `<${word}>`
  const grams = GRAM_LENGTHS.reduce((sum, length) => sum + Math.max(0, padded.length - length + 1), 0)
  const isKept = grams < KEPT_FEATURES
  const slot = isKept ? ownSlot : UNKEPT_SLOT
  if (isKept) words[slot] = ownString(word)
  const stemmed = `w${stem(word)}`
  let at = slot * KEPT_FEATURES
  features[at++] = featureOf(stemmed, 0, stemmed.length)
  for (const length of GRAM_LENGTHS)
    for (let from = 0; from + length <= padded.length; from++) features[at++] = featureOf(padded, from, from + length)
  counts[slot] = grams + 1
  const rank = wordVectors().rankOf(word)
  const weight = rank === undefined ? 1 : SIF_A / (SIF_A + TOP_WORD_FREQUENCY / (rank + 1))
  weights[slot] = weight
  gramWeights[slot] = (weight * GRAMS_WEIGHT) / Math.sqrt(grams)
  ranks[slot] = rank ?? NO_RANK
  return slot
}

/** A hash of a part of a text, as a bucket and its sign. */
function featureOf(text: string, from: number, to: number): number {
  let hash = fnv1a(text, from, to)
  // FNV's low bits alone are poor; this finish (MurmurHash3's) spreads them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = (hash ^ (hash >>> 13)) >>> 0
  // The lowest bit of the hash set means that it gains.
  return (((hash >>> 1) % HASHED_DIMS) << 1) | (hash & 1)
}
