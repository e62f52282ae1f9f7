import { createHash } from 'node:crypto'

import type { CodeChunk } from '../../shared/repo/index-format/code-chunk.ts'
import { encodeSegment, MAX_CHUNKS, type SegmentChunk } from '../../shared/repo/index-format/code-segment.ts'
import { chunkTerms } from '../../shared/repo/ranking/code-terms.ts'
import type { BlobName, NewBlob } from '../../shared/store/code/code-blobs.ts'
import { zstdCompressSync } from '../../shared/zstd.ts'
import type { ParsedFile } from './parsing/code-parser.ts'

/** Owns what is made of a parsed blob before its vectors are bought: what is stored of it, and the texts that are embedded. Pure. */

/** A blob whose secrets are gone. */
export type ParsedBlob = {
  readonly name: BlobName
  readonly text: string
  /** As its content tells it, which its name may not. */
  readonly language: string | null
  readonly redacted: number
  readonly parsed: ParsedFile
}

/** Blobs that lack their vectors only, and the texts to embed by their hashes, each once. */
export type PreparedBlobs = {
  readonly rows: readonly Omit<NewBlob, 'vectors'>[]
  readonly texts: ReadonlyMap<string, string>
}

const HASH_CHARACTERS = 32

export function prepareBlobs(blobs: readonly ParsedBlob[]): PreparedBlobs {
  const texts = new Map<string, string>()
  const rows = blobs.map(({ name, text, language, redacted, parsed }) => {
    const chunks = parsed.chunks.filter((chunk) => chunk.embeddedText.trim() !== '').slice(0, MAX_CHUNKS)
    const chunkHashes = chunks.map((chunk) => {
      const hash = createHash('sha256').update(chunk.embeddedText).digest('hex').slice(0, HASH_CHARACTERS)
      if (!texts.has(hash)) texts.set(hash, chunk.embeddedText)
      return hash
    })
    const terms = chunks.map((chunk) => chunkTerms(chunk.embeddedText))
    return {
      ...name,
      chunkHashes,
      redacted,
      // In this thread: handed to others, texts as small as files took 35 times as long.
      source: zstdCompressSync(text),
      segment: encodeSegment(placeChunks(text, chunks), terms, parsed.symbols, language),
    }
  })
  return { rows, texts }
}

/** Where each chunk stands in its source. */
function placeChunks(text: string, chunks: readonly CodeChunk[]): SegmentChunk[] {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  let lastOffset = 0
  return chunks.map(({ startLine, endLine, kind, symbol, scope, text: chunkText, tokens }) => {
    const lineStart = lineStarts[startLine - 1] ?? text.length
    // Pieces of one long line follow each other in it.
    const found = text.indexOf(chunkText, Math.max(lineStart, lastOffset <= lineStart ? 0 : lastOffset))
    const offset = found >= 0 ? found : lineStart
    lastOffset = offset + chunkText.length
    return { startLine, endLine, kind, symbol, scope, offset, length: chunkText.length, tokens }
  })
}
