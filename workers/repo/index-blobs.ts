import { addUsage, type ModelUsage, NO_USAGE } from '../../shared/ai/model-provider.ts'
import { encodeVectors, vectorBytesOf } from '../../shared/repo/index-format/code-segment.ts'
import type { SkipReason } from '../../shared/repo/skip-reason.ts'
import { blobKey, insertBlobs, readChunkVectors } from '../../shared/store/code/code-blobs.ts'
import { type IndexRow, refuseWhenGone } from '../../shared/store/code/code-indexes.ts'
import { refuseWhenHalted } from '../../shared/store/control/kill-switches.ts'
import { addToLedger } from '../../shared/store/models/usage-ledger.ts'
import type { SourceTree } from './git/source-tree.ts'
import type { NewBlobFile } from './plan-index.ts'
import { type ParsedBlob, type PreparedBlobs, prepareBlobs } from './prepare-blobs.ts'
import type { RepoServices } from './repo-services.ts'
import type { StageTimes } from './stage-times.ts'

/**
 * Makes the index of blobs that have none: reads, redacts, parses, embeds, and commits them batch by batch. Guarantees: what is committed is
 * never paid for again; a process that dies repeats one batch at most, since none is embedded before the one before it is committed.
 */

/** How a blob ended. */
export type BlobOutcome = { readonly blob: number } | { readonly reason: SkipReason }

/** What has been done so far. */
type BlobCounts = {
  readonly blobs: number
  readonly bytes: number
  readonly chunks: number
  /** Chunks whose text had to be embedded, and those whose text the org had. */
  readonly embedded: number
  readonly reused: number
  readonly redacted: number
  readonly usage: ModelUsage
}

type BlobRun = {
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
/** Batches that the parser has beside the one that is waited for: some take it longer than others. */
const PARSED_AHEAD = 2
/** Texts of one call of the embedder. */
const EMBED_TEXTS = 100
const EMBED_TASK = 'embed-code'

type Batch = {
  readonly blobs: readonly ParsedBlob[]
  readonly skipped: readonly (readonly [string, SkipReason])[]
  readonly bytes: number
}

/** Answers how each blob ended, by `blobKey`, and what it took. */
export async function indexBlobs(
  run: BlobRun,
  todo: readonly NewBlobFile[],
): Promise<{ readonly outcomes: Map<string, BlobOutcome>; readonly counts: BlobCounts }> {
  const { signal, stages } = run
  const outcomes = new Map<string, BlobOutcome>()
  let counts: BlobCounts = { blobs: 0, bytes: 0, chunks: 0, embedded: 0, reused: 0, redacted: 0, usage: NO_USAGE }
  // At once some batches are parsed, in the parser's process, one is prepared here, and the one before it is committed, in the store's.
  const parsing: Promise<Batch>[] = []
  let committing: Promise<void> = Promise.resolve()
  const finish = async (parsed: Promise<Batch>) => {
    const batch = await stages.time('parse', () => parsed)
    const prepared = await stages.time('prepare', async () => prepareBlobs(batch.blobs))
    await committing
    const embedded = await embedBlobs(run, prepared)
    committing = stages
      .time('commit', () => commitBlobs(run, prepared, embedded))
      .then((ids) => {
        for (const [key, reason] of batch.skipped) outcomes.set(key, { reason })
        for (const [key, blob] of ids) outcomes.set(key, { blob })
        counts = addBatch(counts, batch, prepared, embedded)
        return run.onBatch(counts)
      })
    // Awaited later: a failure meanwhile must not be one that nobody hears.
    committing.catch(() => {})
  }
  try {
    for await (const read of batchesOf(run, todo)) {
      const next = parseBatch(run, read)
      next.catch(() => {})
      parsing.push(next)
      if (parsing.length > PARSED_AHEAD) await finish(parsing.shift() as Promise<Batch>)
    }
    for (const last of parsing) await finish(last)
    await committing
  } catch (error) {
    // Nothing is written any more once the caller hears of it.
    await committing.catch(() => {})
    signal.throwIfAborted()
    throw error
  }
  return { outcomes, counts }
}

function addBatch(counts: BlobCounts, batch: Batch, { rows }: PreparedBlobs, embedded: EmbeddedTexts): BlobCounts {
  const chunks = rows.reduce((sum, { chunkHashes }) => sum + chunkHashes.length, 0)
  return {
    blobs: counts.blobs + batch.blobs.length + batch.skipped.length,
    bytes: counts.bytes + batch.bytes,
    chunks: counts.chunks + chunks,
    embedded: counts.embedded + embedded.bought,
    reused: counts.reused + chunks - embedded.bought,
    redacted: counts.redacted + rows.reduce((sum, { redacted }) => sum + redacted, 0),
    usage: addUsage(counts.usage, embedded.usage),
  }
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
  const readings = await Promise.all(
    read.map(async ({ file, content }) => {
      const { path, isHandWritten } = file
      if (!content) return { file, reading: { skipReason: 'unreadable' as const } }
      const language = file.language || null
      return { file, reading: await services.codeParser.read({ language, path, content, isHandWritten, signal }) }
    }),
  )
  const blobs: ParsedBlob[] = []
  const skipped: (readonly [string, SkipReason])[] = []
  for (const { file, reading } of readings) {
    if ('skipReason' in reading) skipped.push([blobKey(file), reading.skipReason])
    else blobs.push({ name: { oid: file.oid, language: file.language }, ...reading })
  }
  return { blobs, skipped, bytes: read.reduce((sum, { file }) => sum + file.bytes, 0) }
}

type EmbeddedTexts = {
  /** As they are stored, by the hash of the text. */
  readonly vectors: ReadonlyMap<string, Buffer>
  /** Texts that had no vector. */
  readonly bought: number
  readonly usage: ModelUsage
  readonly hits: number
}

/** The vectors of texts: those that the org has, and those of the model for the others. */
async function embedBlobs(run: BlobRun, { texts }: PreparedBlobs): Promise<EmbeddedTexts> {
  const { services, orgId, space, signal, stages } = run
  signal.throwIfAborted()
  const { database, provider } = services
  const { dims } = provider.embeddingModel
  const vectorBytes = vectorBytesOf(dims)
  const vectors = await stages.time('look up', () => readChunkVectors(database, space, [...texts.keys()], vectorBytes))
  const missing = [...texts].filter(([hash]) => !vectors.has(hash))
  const calls: (typeof missing)[] = []
  for (let from = 0; from < missing.length; from += EMBED_TEXTS) calls.push(missing.slice(from, from + EMBED_TEXTS))
  const answers = await stages.time('embed', () =>
    Promise.all(
      calls.map(async (call) => {
        const answer = await embedTexts(
          services,
          orgId,
          call.map(([, text]) => text),
          signal,
        )
        const stored = encodeVectors(answer.vectors, dims)
        call.forEach(([hash], at) => {
          vectors.set(hash, stored.subarray(at * vectorBytes, (at + 1) * vectorBytes))
        })
        return { usage: answer.usage, hits: answer.hits }
      }),
    ),
  )
  return {
    vectors,
    bought: missing.length,
    usage: answers.reduce((sum, { usage }) => addUsage(sum, usage), NO_USAGE),
    hits: answers.reduce((sum, { hits }) => sum + hits, 0),
  }
}

/** The local vectors cost less than to look them up; those of a model are bought through the cache. */
async function embedTexts(
  { provider, embedder }: RepoServices,
  orgId: string,
  texts: readonly string[],
  signal: AbortSignal,
) {
  if (provider.isFree) return { ...(await provider.embed(texts, { signal })), hits: 0 }
  const { vectors, usage, hits, waits } = await embedder.embedMany(orgId, texts, { signal })
  return { vectors, usage, hits: hits + waits }
}

/** Writes a batch and answers the blobs' ids by `blobKey`. */
function commitBlobs(
  { services, orgId, queue, space, index, signal }: BlobRun,
  { rows }: PreparedBlobs,
  { vectors, bought, usage, hits }: EmbeddedTexts,
): Promise<Map<string, number>> {
  const { database, clock } = services
  signal.throwIfAborted()
  const blobs = rows.map((row) => ({
    ...row,
    vectors: Buffer.concat(row.chunkHashes.map((hash) => vectors.get(hash) as Buffer)),
  }))
  return database.transaction().execute(async (transaction) => {
    await refuseWhenGone(transaction, index)
    const inserted = await insertBlobs(transaction, space, blobs, clock.now())
    if (bought > 0) await addToLedger(transaction, orgId, clock.now(), [{ task: EMBED_TASK, usage, cacheHits: hits }])
    signal.throwIfAborted()
    // Last, so that no wait lies between the look and the commit.
    await refuseWhenHalted(transaction, { orgId, queue })
    return inserted
  })
}
