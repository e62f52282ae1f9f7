import { embedLocally } from '../../shared/ai/local/embedder.ts'

/** What code search is measured against: plain BM25 over the same chunks, and plain windows by the same vectors. They share no ranking with it. */

export type Passage = {
  readonly path: string
  readonly startLine: number
  readonly endLine: number
  readonly text: string
  readonly tokens: number
}

const K1 = 1.2
const B = 0.75
const WINDOW_CHARS = 2_500

/** Identifiers are split at case and underscores, as code search everywhere does; nothing is stemmed or dropped. */
function termsOf(text: string): string[] {
  const split = text.replace(/([a-z0-9])([A-Z])/g, '$1 $2')
  return split.toLowerCase().match(/[a-z0-9]+/g) ?? []
}

/** Ranks passages by BM25. */
export function createBm25(passages: readonly Passage[]): (query: string) => Passage[] {
  const postings = new Map<string, Map<number, number>>()
  const lengths = passages.map(({ text }, at) => {
    const terms = termsOf(text)
    for (const term of terms) {
      const counts = postings.get(term) ?? new Map<number, number>()
      counts.set(at, (counts.get(at) ?? 0) + 1)
      postings.set(term, counts)
    }
    return terms.length
  })
  const averageLength = lengths.reduce((sum, length) => sum + length, 0) / passages.length
  return (query) => {
    const scores = new Float64Array(passages.length)
    for (const term of new Set(termsOf(query))) {
      const counts = postings.get(term)
      if (!counts) continue
      const worth = Math.log((passages.length - counts.size + 0.5) / (counts.size + 0.5) + 1)
      for (const [at, count] of counts) {
        const norm = K1 * (1 - B + (B * (lengths[at] as number)) / averageLength)
        scores[at] = (scores[at] as number) + (worth * count * (K1 + 1)) / (count + norm)
      }
    }
    return byScore(passages, scores)
  }
}

/** Ranks passages by the cosine of their local vectors. */
export function createNearest(passages: readonly Passage[]): (query: string) => Passage[] {
  const vectors = passages.map(({ text }) => embedLocally(text))
  return (query) => {
    const asked = embedLocally(query)
    const cosine = (vector: Float32Array) => vector.reduce((sum, value, d) => sum + value * (asked[d] as number), 0)
    return byScore(passages, Float64Array.from(vectors, cosine))
  }
}

/** A file in pieces of 2,500 characters, whatever stands there. */
export function windowsOf(path: string, text: string, countTokens: (text: string) => number): Passage[] {
  const windows: Passage[] = []
  let startLine = 1
  for (let at = 0; at < text.length; at += WINDOW_CHARS) {
    const window = text.slice(at, at + WINDOW_CHARS)
    const endLine = startLine + window.split('\n').length - 1
    windows.push({ path, startLine, endLine, text: window, tokens: countTokens(window) })
    startLine = endLine
  }
  return windows
}

function byScore(passages: readonly Passage[], scores: Float64Array): Passage[] {
  const places = [...scores.keys()].sort((a, b) => (scores[b] as number) - (scores[a] as number))
  return places.slice(0, 10).map((at) => passages[at] as Passage)
}
