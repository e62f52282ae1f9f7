import { createHash } from 'node:crypto'
import { zstdCompressSync } from 'node:zlib'
import { addUsage, type ModelUsage, NO_USAGE } from '../../shared/ai/model-provider.ts'
import { cutToTokens, EMBEDDING_MAX_TOKENS } from '../../shared/ai/token-count.ts'
import { redactSecrets } from '../../shared/redact/redact-secrets.ts'
import {
  encodeSegment,
  encodeVector,
  MAX_CHUNKS,
  type SegmentChunk,
  vectorBytesOf,
} from '../../shared/repo/code-segment.ts'
import { codeTerms } from '../../shared/repo/code-terms.ts'
import type { SkipReason } from '../../shared/repo/skip-reason.ts'
import { blobKey, insertBlobs, type NewBlob, readChunkVectors } from '../../shared/store/code-blobs.ts'
import { type IndexRow, refuseWhenGone } from '../../shared/store/code-indexes.ts'
import { refuseWhenHalted } from '../../shared/store/kill-switches.ts'
import { addToLedger } from '../../shared/store/usage-ledger.ts'
import type { ParsedFile } from './code-parser.ts'
import type { NewBlobFile } from './plan-index.ts'
import type { RepoServices } from './repo-services.ts'
import { languageOfText, textOf } from './skip-rules.ts'
import type { SourceTree } from './source-tree.ts'
import type { StageTimes } from './stage-times.ts'

/**
 * Makes the index of blobs that have none: reads, redacts, parses, embeds, and commits them batch by batch. Guarantees: what is committed is
 * never paid for again; a process that dies repeats one batch at most, since none is embedded before the one before it is committed.
 */

/** How a blob ended. */
export type BlobOutcome = { readonly blob: number } | { readonly reason: SkipReason }

/** What has been done so far. */
export type BlobCounts = {
  readonly blobs: number
  readonly bytes: number
  readonly chunks: number
  /** Chunks whose text had to be embedded, and those whose text the org had. */
  readonly embedded: number
  readonly reused: number
  readonly redacted: number
  readonly usage: ModelUsage
}

export type BlobRun = {
  readonly services: RepoServices
  readonly orgId: string
  readonly queue: string
  readonly space: number
  readonly index: IndexRow
  readonly tree: SourceTree
  readonly signal: AbortSignal
  readonly stages: StageTimes
  onBatch(counts: BlobCounts): Promise<void>
}

/** What is read, parsed and committed together. */
const BATCH_BYTES = 96 * 1_024
const BATCH_BLOBS = 100
/** Texts of one call of the embedder. */
const EMBED_TEXTS = 100
const HASH_CHARACTERS = 32
const EMBED_TASK = 'embed-code'

type ReadBlob = {
  readonly file: NewBlobFile
  readonly text: string
  readonly redacted: number
  readonly parsed: ParsedFile
}
type Batch = {
  readonly blobs: readonly ReadBlob[]
  readonly skipped: readonly (readonly [string, SkipReason])[]
  readonly bytes: number
}

/** Answers how each blob ended, by `blobKey`, and what it took. */
export async function indexBlobs(
  run: BlobRun,
  todo: readonly NewBlobFile[],
): Promise<{ readonly outcomes: Map<string, BlobOutcome>; readonly counts: BlobCounts }> {
  const outcomes = new Map<string, BlobOutcome>()
  let counts: BlobCounts = { blobs: 0, bytes: 0, chunks: 0, embedded: 0, reused: 0, redacted: 0, usage: NO_USAGE }
  const finish = async (batch: Batch) => {
    run.signal.throwIfAborted()
    for (const [key, reason] of batch.skipped) outcomes.set(key, { reason })
    const { ids, ...done } = await commitBatch(run, batch.blobs)
    for (const [key, blob] of ids) outcomes.set(key, { blob })
    counts = {
      blobs: counts.blobs + batch.blobs.length + batch.skipped.length,
      bytes: counts.bytes + batch.bytes,
      chunks: counts.chunks + done.chunks,
      embedded: counts.embedded + done.embedded,
      reused: counts.reused + done.chunks - done.embedded,
      redacted: counts.redacted + done.redacted,
      usage: addUsage(counts.usage, done.usage),
    }
    await run.onBatch(counts)
  }
  // One batch is parsed, in the parser's process, while the one before it is embedded and committed.
  let parsing: Promise<Batch> | undefined
  try {
    for await (const read of batchesOf(run, todo)) {
      const next = parseBatch(run, read)
      // Awaited later: a failure meanwhile must not be one that nobody hears.
      next.catch(() => {})
      const current = parsing
      parsing = next
      if (current) await finish(await run.stages.time('parse', () => current))
    }
    const last = parsing
    if (last) await finish(await run.stages.time('parse', () => last))
  } catch (error) {
    run.signal.throwIfAborted()
    throw error
  }
  return { outcomes, counts }
}

type ReadFile = { readonly file: NewBlobFile; readonly content: Buffer | null }

async function* batchesOf({ tree }: BlobRun, todo: readonly NewBlobFile[]): AsyncGenerator<ReadFile[]> {
  let batch: ReadFile[] = []
  let bytes = 0
  let at = 0
  for await (const { content } of tree.read(todo)) {
    const file = todo[at++] as NewBlobFile
    batch.push({ file, content })
    bytes += content?.length ?? 0
    if (bytes < BATCH_BYTES && batch.length < BATCH_BLOBS) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

async function parseBatch({ services, signal }: BlobRun, read: readonly ReadFile[]): Promise<Batch> {
  const skipped: (readonly [string, SkipReason])[] = []
  const parsing: Promise<ReadBlob>[] = []
  let bytes = 0
  for (const { file, content } of read) {
    bytes += file.bytes
    const found = content ? textOf(content, file.language || null) : { reason: 'unreadable' as const }
    if ('reason' in found) {
      skipped.push([blobKey(file), found.reason])
      continue
    }
    const language = languageOfText(file.language, file.path, found.text)
    const { text, found: secrets } = redactSecrets(found.text)
    const redacted = Object.values(secrets).reduce((sum, count) => sum + count, 0)
    parsing.push(
      services.codeParser.parse({ language, text, signal }).then((parsed) => ({ file, text, redacted, parsed })),
    )
  }
  return { blobs: await Promise.all(parsing), skipped, bytes }
}

async function commitBatch(run: BlobRun, blobs: readonly ReadBlob[]) {
  const { services, orgId, queue, space, signal } = run
  const { database, provider, clock } = services
  const { dims } = provider.embeddingModel
  const prepared = blobs.map(({ parsed, ...blob }) => {
    const chunks = parsed.chunks.filter((chunk) => chunk.embeddedText.trim() !== '').slice(0, MAX_CHUNKS)
    return { ...blob, parsed: { ...parsed, chunks }, hashes: chunks.map((chunk) => hashOf(chunk.embeddedText)) }
  })
  const texts = new Map(
    prepared.flatMap(({ parsed, hashes }) =>
      parsed.chunks.map((chunk, at) => [hashes[at] as string, chunk.embeddedText]),
    ),
  )
  const vectors = await run.stages.time('commit', () =>
    readChunkVectors(database, space, [...texts.keys()], vectorBytesOf(dims)),
  )
  const missing = [...texts].filter(([hash]) => !vectors.has(hash))
  const { usage, hits } = await run.stages.time('embed', () => embedTexts(run, missing, vectors))
  signal.throwIfAborted()
  const rows = await run.stages.time('encode', async () =>
    prepared.map(({ file, text, redacted, parsed, hashes }): NewBlob => {
      const segment = encodeSegment(
        placeChunks(text, parsed),
        parsed.chunks.map((chunk) => codeTerms(chunk.embeddedText)),
        parsed.symbols,
      )
      return {
        oid: file.oid,
        language: file.language,
        chunkHashes: hashes,
        redacted,
        // In this thread: handed to others, texts as small as files took 35 times as long.
        source: zstdCompressSync(text),
        segment,
        vectors: Buffer.concat(hashes.map((hash) => vectors.get(hash) as Buffer)),
      }
    }),
  )
  const ids = await run.stages.time('commit', () =>
    database.transaction().execute(async (transaction) => {
      await refuseWhenGone(transaction, run.index)
      const inserted = await insertBlobs(transaction, space, rows, clock.now())
      if (missing.length > 0)
        await addToLedger(transaction, orgId, clock.now(), [{ task: EMBED_TASK, usage, cacheHits: hits }])
      signal.throwIfAborted()
      // Last, so that no wait lies between the look and the commit.
      await refuseWhenHalted(transaction, { orgId, queue })
      return inserted
    }),
  )
  const sum = (pick: (blob: (typeof prepared)[number]) => number) =>
    prepared.reduce((total, blob) => total + pick(blob), 0)
  return {
    ids,
    chunks: sum(({ hashes }) => hashes.length),
    embedded: missing.length,
    redacted: sum((blob) => blob.redacted),
    usage,
  }
}

/** Embeds texts and adds their vectors to those that are known. */
async function embedTexts(
  { services, orgId, signal }: BlobRun,
  texts: readonly (readonly [hash: string, text: string])[],
  vectors: Map<string, Buffer>,
): Promise<{ usage: ModelUsage; hits: number }> {
  const calls: (readonly (readonly [string, string])[])[] = []
  for (let from = 0; from < texts.length; from += EMBED_TEXTS) calls.push(texts.slice(from, from + EMBED_TEXTS))
  const answers = await Promise.all(
    calls.map(async (call) => {
      const cut = await Promise.all(call.map(([, text]) => cutToTokens(text, EMBEDDING_MAX_TOKENS)))
      const embedded = await embedBatch(services, orgId, cut, signal)
      call.forEach(([hash], at) => {
        vectors.set(hash, encodeVector(embedded.vectors[at] as Float32Array))
      })
      return embedded
    }),
  )
  return {
    usage: answers.reduce((sum, answer) => addUsage(sum, answer.usage), NO_USAGE),
    hits: answers.reduce((sum, answer) => sum + answer.hits, 0),
  }
}

/** The local vectors cost less than to look them up; those of a model are bought through the cache. */
async function embedBatch({ provider, embedder }: RepoServices, orgId: string, texts: string[], signal: AbortSignal) {
  if (provider.name === 'local') return { ...(await provider.embed(texts, { signal })), hits: 0 }
  const { vectors, usage, hits, waits } = await embedder.embedMany(orgId, texts, { signal })
  return { vectors, usage, hits: hits + waits }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH_CHARACTERS)
}

/** Where each chunk stands in its source. */
function placeChunks(text: string, { chunks }: ParsedFile): SegmentChunk[] {
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
