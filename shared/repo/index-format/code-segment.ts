import { AfterturnError } from '../../errors.ts'
import { fnv1a } from '../../text/fnv1a.ts'
import { countWords } from '../../text/term-variants.ts'
import type { ChunkKind, CodeSymbol } from './code-chunk.ts'

/**
 * Owns the form of what search holds of a blob: its chunks and symbols, an inverted index of the terms in them, and their vectors.
 * Terms are kept as 32-bit hashes: two of 100,000 terms share one now and then, which costs a rank, not a result.
 */

/** A chunk as it is stored: where it stands in the source of its blob. */
export type SegmentChunk = {
  /** 1-based, both included. */
  readonly startLine: number
  readonly endLine: number
  readonly kind: ChunkKind
  readonly symbol: string | null
  readonly scope: string
  /** Of its text in the source, in UTF-16 units. */
  readonly offset: number
  readonly length: number
  readonly tokens: number
}

export type Segment = {
  /** As the content tells it; null where the name of the file stands. */
  readonly language: string | null
  readonly chunks: readonly SegmentChunk[]
  readonly symbols: readonly CodeSymbol[]
  /** The hashes of the terms of all chunks, ascending. */
  readonly terms: Uint32Array
  /** Where the postings of each term begin; one more than there are terms. */
  readonly starts: Uint32Array
  readonly postingChunks: Uint16Array
  readonly postingCounts: Uint8Array
  /** The number of terms in each chunk. */
  readonly chunkLengths: Uint16Array
  /** Each number of a vector is what stands here times the scale of its chunk. */
  readonly vectors: Int16Array
  readonly scales: Float32Array
  /** About what it takes in memory. */
  readonly memoryBytes: number
}

const FORMAT = 1
const HEADER_BYTES = 16
const MAX_INT16 = 0x7fff
const MAX_UINT8 = 0xff
const MAX_UINT16 = 0xffff
const CHUNK_RANGE = 0x10000
/** A file has at most so many chunks: 1.5 MB in pieces of 23 characters. */
export const MAX_CHUNKS = MAX_UINT16
const SCALE_BYTES = 4
const SCALE_NUMBERS = 2
/** What the objects of a chunk or a symbol take beside their text. */
const OBJECT_BYTES = 160

/** The bytes of one stored vector. */
export function vectorBytesOf(dims: number): number {
  return SCALE_BYTES + 2 * dims
}

/** Vectors as they are stored: two bytes a number, and the scale of each in front. One byte lost 6 of the first 100 on code that is much alike. */
export function encodeVectors(vectors: readonly Float32Array[], dims: number): Buffer {
  const stride = dims + SCALE_NUMBERS
  const numbers = new Int16Array(vectors.length * stride)
  const bytes = Buffer.from(numbers.buffer)
  vectors.forEach((vector, nth) => {
    let largest = 0
    for (let d = 0; d < dims; d++) {
      const size = Math.abs(vector[d] as number)
      if (size > largest) largest = size
    }
    const scale = largest / MAX_INT16 || 1
    const start = nth * stride
    bytes.writeFloatLE(scale, 2 * start)
    for (let d = 0; d < dims; d++) numbers[start + SCALE_NUMBERS + d] = Math.round((vector[d] as number) / scale)
  })
  return bytes
}

/** A term as segments keep it (FNV-1a). */
export function hashTerm(term: string): number {
  return fnv1a(term)
}

/** Terms in order and with repetitions, and how many words they stand for. */
export type HashedTerms = { readonly hashes: ArrayLike<number>; readonly words: number }

/** The same of terms as they are. */
export function hashTerms(terms: readonly string[]): HashedTerms {
  return { hashes: terms.map(hashTerm), words: countWords(terms) }
}

/** Packs chunks, the terms of each, and symbols. */
export function encodeSegment(
  chunks: readonly SegmentChunk[],
  termsOfChunks: readonly HashedTerms[],
  symbols: readonly CodeSymbol[],
  language: string | null = null,
): Buffer {
  const meta = Buffer.from(
    JSON.stringify([
      chunks.map((one) => [
        one.startLine,
        one.endLine,
        one.kind,
        one.symbol,
        one.scope,
        one.offset,
        one.length,
        one.tokens,
      ]),
      symbols.map((one) => [one.name, one.kind, one.startLine, one.endLine, one.scope]),
      language,
    ]),
  )
  // One number a posting, the term before the chunk: sorted they are in the order in which they are kept. Four times as fast as maps.
  const keys = new Float64Array(termsOfChunks.reduce((sum, { hashes }) => sum + hashes.length, 0))
  let filled = 0
  termsOfChunks.forEach(({ hashes }, chunk) => {
    for (let at = 0; at < hashes.length; at++) keys[filled++] = (hashes[at] as number) * CHUNK_RANGE + chunk
  })
  keys.sort()
  // As many as there may be; what is over is cut off.
  const terms = new Uint32Array(keys.length)
  const starts = new Uint32Array(keys.length + 1)
  const postingChunks = new Uint16Array(keys.length)
  const postingCounts = new Uint8Array(keys.length)
  let [termCount, count, last, lastTerm] = [0, 0, -1, -1]
  for (const key of keys) {
    if (key !== last) {
      const term = Math.floor(key / CHUNK_RANGE)
      if (term !== lastTerm) {
        terms[termCount] = term
        starts[termCount++] = count
      }
      postingChunks[count++] = key - term * CHUNK_RANGE
      ;[last, lastTerm] = [key, term]
    }
    const repeated = postingCounts[count - 1] as number
    if (repeated < MAX_UINT8) postingCounts[count - 1] = repeated + 1
  }
  starts[termCount] = count
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(FORMAT, 0)
  header.writeUInt32LE(chunks.length, 4)
  header.writeUInt32LE(termCount, 8)
  header.writeUInt32LE(count, 12)
  const lengths = Uint16Array.from(termsOfChunks, ({ words }) => Math.min(words, MAX_UINT16))
  const parts = [
    bytesOf(terms, termCount),
    bytesOf(starts, termCount + 1),
    bytesOf(postingChunks, count),
    bytesOf(lengths, lengths.length),
    bytesOf(postingCounts, count),
  ]
  return Buffer.concat([header, ...parts, meta])
}

function bytesOf(array: Uint32Array | Uint16Array | Uint8Array, length: number): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, length * array.BYTES_PER_ELEMENT)
}

/**
 * Unpacks what `encodeSegment` packed, with the vectors beside it.
 * @throws STORE_FAILED for another format
 */
export function decodeSegment(bytes: Buffer, vectorBytes: Buffer, dims: number): Segment {
  const [format, chunkCount, termCount, postingCount] = [0, 4, 8, 12].map((at) => bytes.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ]
  if (format !== FORMAT)
    throw new AfterturnError('STORE_FAILED', `Expected a segment of format ${FORMAT}, got ${format}.`)
  // One copy of all numbers: the driver's buffer is not aligned, and the text behind it need not stay.
  const numbersEnd = HEADER_BYTES + (2 * termCount + 1) * 4 + (postingCount + chunkCount) * 2 + postingCount
  const numbers = Uint8Array.prototype.slice.call(bytes, HEADER_BYTES, numbersEnd).buffer
  let at = 0
  const take = <T>(make: (buffer: ArrayBufferLike, from: number) => T, length: number): T => {
    const array = make(numbers, at)
    at += length
    return array
  }
  const terms = take((buffer, from) => new Uint32Array(buffer, from, termCount), termCount * 4)
  const starts = take((buffer, from) => new Uint32Array(buffer, from, termCount + 1), (termCount + 1) * 4)
  const postingChunks = take((buffer, from) => new Uint16Array(buffer, from, postingCount), postingCount * 2)
  const chunkLengths = take((buffer, from) => new Uint16Array(buffer, from, chunkCount), chunkCount * 2)
  const postingCounts = take((buffer, from) => new Uint8Array(buffer, from, postingCount), postingCount)
  const [chunkRows, symbolRows, language = null] = JSON.parse(bytes.toString('utf8', numbersEnd)) as [
    ChunkRow[],
    SymbolRow[],
    (string | null)?,
  ]
  const stride = vectorBytesOf(dims)
  const vectors = new Int16Array(chunkCount * dims)
  const scales = new Float32Array(chunkCount)
  const vectorTarget = Buffer.from(vectors.buffer)
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    scales[chunk] = vectorBytes.readFloatLE(chunk * stride)
    vectorBytes.copy(vectorTarget, chunk * dims * 2, chunk * stride + SCALE_BYTES, (chunk + 1) * stride)
  }
  return {
    chunks: chunkRows.map(([startLine, endLine, kind, symbol, scope, offset, length, tokens]) => ({
      startLine,
      endLine,
      kind,
      symbol,
      scope,
      offset,
      length,
      tokens,
    })),
    symbols: symbolRows.map(([name, kind, startLine, endLine, scope]) => ({ name, kind, startLine, endLine, scope })),
    language,
    terms,
    starts,
    postingChunks,
    postingCounts,
    chunkLengths,
    vectors,
    scales,
    memoryBytes:
      numbers.byteLength +
      vectorBytes.length +
      (bytes.length - numbersEnd) +
      (chunkCount + symbolRows.length) * OBJECT_BYTES,
  }
}

type ChunkRow = [number, number, ChunkKind, string | null, string, number, number, number]
type SymbolRow = [string, string, number, number, string]
