import type { Segment } from './code-segment.ts'

/**
 * Owns in which chunks of many segments a term stands. Pure. A segment has postings of its own, which serve every corpus that it is in; what is
 * searched again and again has them merged: 12 terms are looked up in 5,000 segments 60,000 times, merged 12 times.
 */

/** Chunks by their places in the corpus, ascending, and how often each has the term. */
export type Postings = { readonly places: Uint32Array; readonly counts: Uint8Array }

export type MergedPostings = Postings & {
  /** Hashes, ascending. */
  readonly terms: Uint32Array
  /** Where the postings of each term begin; one more than there are terms. */
  readonly starts: Uint32Array
}

const NO_POSTINGS: Postings = { places: new Uint32Array(), counts: new Uint8Array() }
/** Keys are exact integers up to here: 32 bits of a term, and the rest for the segment. */
const MAX_SEGMENTS = 2 ** 21

/** `bases`: the place of the first chunk of each segment. Undefined for more segments than keys can tell apart. */
export function mergePostings(segments: readonly Segment[], bases: Uint32Array): MergedPostings | undefined {
  if (segments.length > MAX_SEGMENTS) return undefined
  let [keyCount, postingCount] = [0, 0]
  for (const { terms, postingChunks } of segments) {
    keyCount += terms.length
    postingCount += postingChunks.length
  }
  const keys = new Float64Array(keyCount)
  let filled = 0
  segments.forEach(({ terms }, segment) => {
    for (const term of terms) keys[filled++] = term * MAX_SEGMENTS + segment
  })
  keys.sort()
  const termOf = (key: number) => Math.floor((keys[key] as number) / MAX_SEGMENTS)
  let termCount = 0
  for (let key = 0; key < keyCount; key++) if (key === 0 || termOf(key) !== termOf(key - 1)) termCount++
  const terms = new Uint32Array(termCount)
  const starts = new Uint32Array(termCount + 1).fill(postingCount)
  const places = new Uint32Array(postingCount)
  const counts = new Uint8Array(postingCount)
  // The terms of a segment ascend, and so each of its keys here is the next of its terms.
  const next = new Uint32Array(segments.length)
  let [term, end] = [-1, 0]
  for (let key = 0; key < keyCount; key++) {
    if (key === 0 || termOf(key) !== terms[term]) {
      term++
      terms[term] = termOf(key)
      starts[term] = end
    }
    const place = (keys[key] as number) % MAX_SEGMENTS
    const at = next[place] as number
    next[place] = at + 1
    const segment = segments[place] as Segment
    for (let posting = segment.starts[at] as number; posting < (segment.starts[at + 1] as number); posting++, end++) {
      places[end] = (bases[place] as number) + (segment.postingChunks[posting] as number)
      counts[end] = segment.postingCounts[posting] as number
    }
  }
  return { terms, starts, places, counts }
}

export function mergedPostingsOf({ terms, starts, places, counts }: MergedPostings, term: number): Postings {
  const at = indexOf(terms, term)
  if (at < 0) return NO_POSTINGS
  return { places: places.subarray(starts[at], starts[at + 1]), counts: counts.subarray(starts[at], starts[at + 1]) }
}

/** The same from the segments themselves. */
export function postingsOf(segments: readonly Segment[], bases: Uint32Array, term: number): Postings {
  const places: number[] = []
  const counts: number[] = []
  segments.forEach(({ terms, starts, postingChunks, postingCounts }, segment) => {
    const at = indexOf(terms, term)
    if (at < 0) return
    for (let posting = starts[at] as number; posting < (starts[at + 1] as number); posting++) {
      places.push((bases[segment] as number) + (postingChunks[posting] as number))
      counts.push(postingCounts[posting] as number)
    }
  })
  return { places: Uint32Array.from(places), counts: Uint8Array.from(counts) }
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
