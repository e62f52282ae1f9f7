import type { Segment } from '../index-format/code-segment.ts'
import { type MergedPostings, mergedPostingsOf, mergePostings, type Postings, postingsOf } from './memory-postings.ts'

/** Owns what is the same for all searches of some files, and is made once for them: where their chunks stand, how long these are, which have a term. Pure. */

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

const FILE_BYTES = 150

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

function bytesOf({ table, starts, places, counts }: MergedPostings): number {
  return [table, starts, places, counts].reduce((sum, { byteLength }) => sum + byteLength, 0)
}
