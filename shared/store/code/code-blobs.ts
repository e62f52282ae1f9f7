import { promisify } from 'node:util'
import { sql } from 'kysely'
import type { EmbeddingModel } from '../../ai/model-provider.ts'
import { zstdDecompress, zstdDecompressSync } from '../../zstd.ts'
import type { Database } from '../database.ts'
import { formatModelName } from '../search-index/vector-space.ts'

/**
 * Owns the SQL of what is found in the blobs of repositories: once a space, whatever paths, branches and repositories have the blob.
 * Guarantees: a blob is there with its vectors or not at all. Arrays of bytes travel as one value and are cut apart by the database.
 */

/** A blob as a pipeline sees it; the language is part of its name, since one content may be two files of two languages. */
export type BlobName = { readonly oid: string; readonly language: string }

export type NewBlob = BlobName & {
  readonly chunkHashes: readonly string[]
  readonly redacted: number
  readonly source: Buffer
  readonly segment: Buffer
  /** One after the other, all of one size. */
  readonly vectors: Buffer
}

/** With 16 kB at a time, as is usual, the largest source takes twice as long; memory that is taken for nothing makes the collector of garbage run. */
const PIECE_BYTES = 256 * 1_024
const MIN_PIECE_BYTES = 16 * 1_024
/** Packed, and as a text. Such a source is unpacked within a tenth of a millisecond, and to have another thread do it takes five times as long. */
const SMALL_BYTES = 8 * 1_024
const SMALL_TEXT_BYTES = 64 * 1_024
/** How many times as long as its packed form a source usually is. */
const USUAL_RATIO = 4

/** The space of an org and a pipeline version, made at its first use. */
export async function ensureSpace(
  database: Database,
  orgId: string,
  pipeline: string,
  model: EmbeddingModel,
): Promise<number> {
  const find = async () => {
    const { rows } = await sql<{ id: number }>`
      select id from code_spaces where org_id = ${orgId} and pipeline = ${pipeline}`.execute(database)
    return rows[0]?.id
  }
  const found = await find()
  if (found !== undefined) return found
  await sql`insert into code_spaces (org_id, pipeline, model, dims)
    values (${orgId}, ${pipeline}, ${formatModelName(model)}, ${model.dims}) on conflict do nothing`.execute(database)
  return (await find()) as number
}

/** Which of the blobs a space has, and keeps for the time being: a garbage collection that is about to take them looks again. */
export async function findBlobs(
  database: Database,
  space: number,
  names: readonly BlobName[],
  now: Date,
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map()
  const { all, starts, lengths } = joined(names.map(({ oid }) => Buffer.from(oid, 'hex')))
  const { rows } = await sql<{ id: number; place: number }>`
    with found as (
      select b.id, given.place, b.unused_since from unnest(${starts}::int[], ${lengths}::int[], ${names.map(({ language }) => language)}::text[])
        with ordinality as given (start, length, language, place)
      join code_blobs b on b.space = ${space} and b.oid = substring(${all}::bytea from given.start for given.length) and b.language = given.language),
    kept as (update code_blobs set unused_since = ${now} where id in (select id from found where unused_since is not null))
    select id, place from found`.execute(database)
  return new Map(rows.map(({ id, place }) => [blobKey(names[place - 1] as BlobName), id]))
}

/** A blob's name as the key of a map. */
export function blobKey({ oid, language }: BlobName): string {
  return `${oid} ${language}`
}

/** The vectors that a space has for texts, by the hash of the text. */
export async function readChunkVectors(
  database: Database,
  space: number,
  hashes: readonly string[],
  vectorBytes: number,
): Promise<Map<string, Buffer>> {
  if (hashes.length === 0) return new Map()
  const { rows } = await sql<{ hash: string; vector: Buffer }>`
    select distinct on (c.hash) replace(c.hash::text, '-', '') as hash,
      substring(b.vectors from c.position * ${vectorBytes} + 1 for ${vectorBytes}) as vector
    from code_chunks c join code_blobs b on b.id = c.blob
    where c.space = ${space} and c.hash = any(${hashes}::uuid[]) order by c.hash`.execute(database)
  return new Map(rows.map(({ hash, vector }) => [hash, vector]))
}

/** Writes blobs; one that another run wrote meanwhile stays. Answers their ids by `blobKey`. */
export async function insertBlobs(
  transaction: Database,
  space: number,
  blobs: readonly NewBlob[],
  now: Date,
): Promise<Map<string, number>> {
  if (blobs.length === 0) return new Map()
  // The plan by which a session looks up each chunk's blob is kept: made while the table is small, it would read all of it, chunk by chunk.
  await sql`set local enable_seqscan = off`.execute(transaction)
  const oids = joined(blobs.map(({ oid }) => Buffer.from(oid, 'hex')))
  const sources = joined(blobs.map(({ source }) => source))
  const segments = joined(blobs.map(({ segment }) => segment))
  const vectors = joined(blobs.map((blob) => blob.vectors))
  const { rows } = await sql<{ id: number; oid: Buffer; language: string }>`
    insert into code_blobs (space, oid, language, chunks, redacted, source, segment, vectors, unused_since)
    select ${space}, substring(${oids.all}::bytea from o for ol), language, chunks, redacted,
      substring(${sources.all}::bytea from s for sl), substring(${segments.all}::bytea from g for gl),
      substring(${vectors.all}::bytea from v for vl), ${now}::timestamptz
    from unnest(${oids.starts}::int[], ${oids.lengths}::int[], ${sources.starts}::int[], ${sources.lengths}::int[],
      ${segments.starts}::int[], ${segments.lengths}::int[], ${vectors.starts}::int[], ${vectors.lengths}::int[],
      ${blobs.map(({ language }) => language)}::text[], ${blobs.map(({ chunkHashes }) => chunkHashes.length)}::int[],
      ${blobs.map(({ redacted }) => redacted)}::int[]) as given (o, ol, s, sl, g, gl, v, vl, language, chunks, redacted)
    on conflict do nothing returning id, oid, language`.execute(transaction)
  const ids = new Map(rows.map(({ id, oid, language }) => [blobKey({ oid: oid.toString('hex'), language }), id]))
  const chunks = blobs.flatMap((blob) => {
    const id = ids.get(blobKey(blob))
    if (id === undefined) return []
    // A text that stands twice in a blob is found at one of its places.
    return [...new Map(blob.chunkHashes.map((hash, position) => [hash, { id, hash, position }])).values()]
  })
  await sql`insert into code_chunks (space, hash, blob, position)
    select ${space}, * from unnest(${chunks.map(({ hash }) => hash)}::uuid[], ${chunks.map(({ id }) => id)}::bigint[],
      ${chunks.map(({ position }) => position)}::int[])`.execute(transaction)
  if (ids.size < blobs.length) {
    const missing = blobs.filter((blob) => !ids.has(blobKey(blob)))
    for (const [key, id] of await findBlobs(transaction, space, missing, now)) ids.set(key, id)
  }
  return ids
}

/** What search holds of blobs. */
type StoredSegment = { readonly id: number; readonly segment: Buffer; readonly vectors: Buffer }

export async function readSegments(
  database: Database,
  orgId: string,
  ids: readonly number[],
): Promise<StoredSegment[]> {
  const { rows } = await sql<StoredSegment>`
    select b.id, b.segment, b.vectors from code_blobs b join code_spaces s on s.id = b.space
    where s.org_id = ${orgId} and b.id = any(${ids}::bigint[])`.execute(database)
  return rows
}

/** The sources of blobs, still compressed. */
export async function readSources(
  database: Database,
  orgId: string,
  ids: readonly number[],
): Promise<Map<number, Buffer>> {
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: number; source: Buffer }>`
    select b.id, b.source from code_blobs b join code_spaces s on s.id = b.space
    where s.org_id = ${orgId} and b.id = any(${ids}::bigint[])`.execute(database)
  return new Map(rows.map(({ id, source }) => [id, source]))
}

/** The text of a source that is small in both forms: a few bytes may hold a large one. */
function unpackSmall(source: Buffer): Buffer | undefined {
  if (source.length > SMALL_BYTES) return undefined
  try {
    return zstdDecompressSync(source, { maxOutputLength: SMALL_TEXT_BYTES })
  } catch {
    return undefined
  }
}

/** The texts of stored sources, by blob; other threads unpack large ones, so that other searches need not wait for them. */
export async function unpackTexts(sources: ReadonlyMap<number, Buffer>): Promise<Map<number, string>> {
  // An older Node has none, and is to reach the message that says so.
  const unpack = promisify(zstdDecompress)
  const texts = [...sources].map(async ([blob, source]) => {
    const chunkSize = Math.min(PIECE_BYTES, Math.max(MIN_PIECE_BYTES, USUAL_RATIO * source.length))
    const text = unpackSmall(source) ?? (await unpack(source, { chunkSize }))
    return [blob, text.toString('utf8')] as const
  })
  return new Map(await Promise.all(texts))
}

/**
 * Notes that files of blobs are gone; call it in their transaction. The blobs are held before it looks: of those that drop the last files of a blob
 * at once, the later one finds none.
 */
export async function releaseBlobs(transaction: Database, ids: readonly number[], now: Date): Promise<void> {
  await sql`select from code_blobs where id = any(${ids}::bigint[]) order by id for no key update`.execute(transaction)
  await sql`
    update code_blobs b set unused_since = ${now}
    where id = any(${ids}::bigint[]) and not exists (select from code_files f where f.blob = b.id)`.execute(transaction)
}

/** Deletes blobs that no file has had since a time, so many at most; answers how many. Their chunks go with them. */
export async function collectBlobs(database: Database, before: Date, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from code_blobs where id = any(array(
      select b.id from code_blobs b where b.unused_since < ${before} and not exists (select from code_files f where f.blob = b.id)
      order by b.id limit ${limit} for update skip locked))
    returning id`.execute(database)
  return rows.length
}

/** Buffers as one, with where each begins (from 1, as SQL counts) and how long it is. */
function joined(buffers: readonly Buffer[]): { all: Buffer; starts: number[]; lengths: number[] } {
  let at = 1
  const starts = buffers.map(({ length }) => {
    at += length
    return at - length
  })
  return { all: Buffer.concat(buffers), starts, lengths: buffers.map(({ length }) => length) }
}
