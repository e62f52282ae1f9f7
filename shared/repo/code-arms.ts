import { hashTerm, type Segment } from './code-segment.ts'

/**
 * Owns the arms of code search over segments in memory: cosine of every chunk, BM25 of the chunks that have a term, and what a path says.
 * Pure. There is no global inverted index: each segment has its own, so that a blob is loaded once for all refs and commits.
 */

const BM25_K1 = 1.2
const BM25_B = 0.75

/** What the arms say of each chunk, by its place: the chunks of the first segment, then those of the next. */
export type ArmScores = {
  readonly cosines: Float32Array | undefined
  readonly keywords: Float32Array
  /** The place of the first chunk of each segment. */
  readonly bases: Uint32Array
  /** What a term is worth: the rarer, the more. */
  readonly weightOf: ReadonlyMap<number, number>
}

export function scoreArms(
  segments: readonly Segment[],
  query: { readonly terms: readonly string[]; readonly vector: Float32Array | undefined },
): ArmScores {
  const bases = new Uint32Array(segments.length + 1)
  let totalLength = 0
  segments.forEach((segment, index) => {
    bases[index + 1] = (bases[index] as number) + segment.chunks.length
    for (const length of segment.chunkLengths) totalLength += length
  })
  const chunks = bases[segments.length] as number
  const weightOf = new Map<number, number>()
  const keywords = new Float32Array(chunks)
  for (const hash of new Set(query.terms.map(hashTerm)))
    weightOf.set(hash, addTerm(segments, bases, hash, chunks, totalLength / (chunks || 1), keywords))
  return { cosines: query.vector && cosinesOf(segments, bases, query.vector), keywords, bases, weightOf }
}

/** Adds what one term counts in each chunk; answers its weight. */
function addTerm(
  segments: readonly Segment[],
  bases: Uint32Array,
  hash: number,
  chunks: number,
  averageLength: number,
  keywords: Float32Array,
): number {
  const found: number[] = []
  let chunksWithTerm = 0
  segments.forEach(({ terms, starts }, index) => {
    const at = indexOf(terms, hash)
    if (at < 0) return
    found.push(index, at)
    chunksWithTerm += (starts[at + 1] as number) - (starts[at] as number)
  })
  const weight = Math.log((chunks - chunksWithTerm + 0.5) / (chunksWithTerm + 0.5) + 1)
  for (let pair = 0; pair < found.length; pair += 2) {
    const { starts, postingChunks, postingCounts, chunkLengths } = segments[found[pair] as number] as Segment
    const base = bases[found[pair] as number] as number
    const at = found[pair + 1] as number
    for (let posting = starts[at] as number; posting < (starts[at + 1] as number); posting++) {
      const chunk = postingChunks[posting] as number
      const count = postingCounts[posting] as number
      const norm = 1 - BM25_B + (BM25_B * (chunkLengths[chunk] as number)) / averageLength
      const score = (weight * count * (BM25_K1 + 1)) / (count + BM25_K1 * norm)
      keywords[base + chunk] = (keywords[base + chunk] as number) + score
    }
  }
  return weight
}

function indexOf(sorted: Uint32Array, value: number): number {
  let low = 0
  let high = sorted.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = sorted[middle] as number
    if (found === value) return middle
    if (found < value) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function cosinesOf(segments: readonly Segment[], bases: Uint32Array, query: Float32Array): Float32Array {
  const dims = query.length
  const cosines = new Float32Array(bases[segments.length] as number)
  segments.forEach(({ vectors, scales }, index) => {
    const base = bases[index] as number
    for (let chunk = 0; chunk < scales.length; chunk++)
      cosines[base + chunk] = dot(query, vectors, chunk * dims, dims) * (scales[chunk] as number)
  })
  return cosines
}

/** Four sums at once: one would wait for itself at every step. */
function dot(query: Float32Array, vectors: Int16Array, from: number, dims: number): number {
  let a = 0
  let b = 0
  let c = 0
  let e = 0
  let d = 0
  for (; d + 3 < dims; d += 4) {
    a += (query[d] as number) * (vectors[from + d] as number)
    b += (query[d + 1] as number) * (vectors[from + d + 1] as number)
    c += (query[d + 2] as number) * (vectors[from + d + 2] as number)
    e += (query[d + 3] as number) * (vectors[from + d + 3] as number)
  }
  for (; d < dims; d++) a += (query[d] as number) * (vectors[from + d] as number)
  return a + b + c + e
}

/** The places of the highest scores above 0, highest first. */
export function topPlaces(scores: Float32Array, count: number): number[] {
  if (count <= 0) return []
  // A heap of the best so far, the least on top.
  const heap: number[] = []
  const less = (a: number, b: number) =>
    (scores[a] as number) < (scores[b] as number) || ((scores[a] as number) === (scores[b] as number) && a > b)
  const sink = () => {
    for (let at = 0; ; ) {
      let least = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && less(heap[child] as number, heap[least] as number)) least = child
      if (least === at) return
      ;[heap[at], heap[least]] = [heap[least] as number, heap[at] as number]
      at = least
    }
  }
  for (let place = 0; place < scores.length; place++) {
    if ((scores[place] as number) <= 0) continue
    if (heap.length < count) {
      heap.push(place)
      if (heap.length === count) {
        heap.sort((a, b) => (less(a, b) ? -1 : 1))
      }
    } else if (less(heap[0] as number, place)) {
      heap[0] = place
      sink()
    }
  }
  return heap.sort((a, b) => (less(a, b) ? 1 : -1))
}
