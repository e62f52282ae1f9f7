import type { Segment } from '../index-format/code-segment.ts'
import { TermTable } from './term-table.ts'

/**
 * Owns what is the same for all searches of some files, and is made once for them: where their chunks stand, how long these are, which have a term.
 * Pure. A segment has postings of its own, which serve every corpus that it is in; what is searched again and again has them merged: 12 terms are
 * looked up in 5,000 segments 60,000 times, merged 12 times.
 */

/** A file that is searched: what it holds, and the hashes of the terms of its path. */
export type RankedFile = { readonly path: string; readonly segment: Segment; readonly pathTerms: readonly number[] }

export type CodeCorpus<File extends RankedFile = RankedFile> = {
  readonly files: readonly File[]
  /** Of the files, in their order. */
  readonly segments: readonly Segment[]
  /** The place of the first chunk of each file, and, last, the number of chunks. */
  readonly bases: Uint32Array
  /** The terms in each chunk, and in the average one. */
  readonly lengths: Uint16Array
  readonly averageLength: number
  /** The chunks that have a term. */
  postings(term: number): Postings
  /** What it takes beside its files. */
  readonly memoryBytes: number
}

/** Chunks by their places in the corpus, ascending, and how often each has the term. */
type Postings = { readonly places: Uint32Array; readonly counts: Uint8Array }

/** By terms, in the order of their numbers. */
type MergedPostings = Postings & {
  readonly table: TermTable
  /** Where the postings of each term begin; one more than there are terms. */
  readonly starts: Uint32Array
}

const FILE_BYTES = 150
const NO_POSTINGS: Postings = { places: new Uint32Array(), counts: new Uint8Array() }

/** `isKept`: whether it will be searched again and again. */
export function createCorpus<File extends RankedFile>(files: readonly File[], isKept: boolean): CodeCorpus<File> {
  const segments = files.map(({ segment }) => segment)
  const bases = new Uint32Array(files.length + 1)
  segments.forEach(({ chunks }, at) => {
    bases[at + 1] = (bases[at] as number) + chunks.length
  })
  const lengths = new Uint16Array(bases[files.length] as number)
  segments.forEach(({ chunkLengths }, at) => {
    lengths.set(chunkLengths, bases[at])
  })
  const merged = isKept ? mergePostings(segments, bases) : undefined
  return {
    files,
    segments,
    bases,
    lengths,
    averageLength: lengths.reduce((sum, length) => sum + length, 0) / (lengths.length || 1),
    postings: (term) => (merged ? mergedPostingsOf(merged, term) : postingsOf(segments, bases, term)),
    memoryBytes: files.length * FILE_BYTES + lengths.byteLength + (merged ? bytesOf(merged) : 0),
  }
}

/** `bases`: the place of the first chunk of each segment. */
function mergePostings(segments: readonly Segment[], bases: Uint32Array): MergedPostings {
  let [termCount, postingCount] = [0, 0]
  for (const { terms, postingChunks } of segments) {
    termCount += terms.length
    postingCount += postingChunks.length
  }
  const table = new TermTable()
  /** Of each term of each segment. */
  const numbers = new Uint32Array(termCount)
  let at = 0
  for (const { terms } of segments) for (const term of terms) numbers[at++] = table.add(term)
  // First how many postings each term has, two places on; then, one place on, where the next of them belongs; in the end where they begin.
  const starts = new Uint32Array(table.size + 2)
  at = 0
  for (const segment of segments)
    for (let term = 0; term < segment.terms.length; term++) {
      const number = (numbers[at++] as number) + 2
      const count = (segment.starts[term + 1] as number) - (segment.starts[term] as number)
      starts[number] = (starts[number] as number) + count
    }
  for (let number = 2; number < starts.length; number++)
    starts[number] = (starts[number] as number) + (starts[number - 1] as number)
  const places = new Uint32Array(postingCount)
  const counts = new Uint8Array(postingCount)
  at = 0
  segments.forEach(({ terms, starts: own, postingChunks, postingCounts }, segment) => {
    const base = bases[segment] as number
    for (let term = 0; term < terms.length; term++) {
      const number = (numbers[at++] as number) + 1
      let next = starts[number] as number
      for (let posting = own[term] as number; posting < (own[term + 1] as number); posting++, next++) {
        places[next] = base + (postingChunks[posting] as number)
        counts[next] = postingCounts[posting] as number
      }
      starts[number] = next
    }
  })
  return { table, starts: starts.subarray(0, -1), places, counts }
}

function mergedPostingsOf({ table, starts, places, counts }: MergedPostings, term: number): Postings {
  const number = table.find(term)
  if (number === undefined) return NO_POSTINGS
  const [from, to] = [starts[number], starts[number + 1]]
  return { places: places.subarray(from, to), counts: counts.subarray(from, to) }
}

/** The same from the segments themselves. */
function postingsOf(segments: readonly Segment[], bases: Uint32Array, term: number): Postings {
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

function bytesOf({ table, starts, places, counts }: MergedPostings): number {
  return [table, starts, places, counts].reduce((sum, { byteLength }) => sum + byteLength, 0)
}
