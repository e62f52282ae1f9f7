import { sql } from 'kysely'
import { AfterturnError, type ErrorCode } from '../../errors.ts'
import type { Database } from '../database.ts'
import { repoStream, tell } from '../events/product-events.ts'
import { releaseBlobs } from './code-blobs.ts'

/**
 * Owns the SQL of repositories and their indexes: what was asked for, how it ended, and which files search serves.
 * Guarantees: `flipIndex` replaces what is served in one transaction, and only what its run began with.
 */

export type IndexKey = { readonly orgId: string; readonly repoId: string; readonly ref: string }

export type IndexRow = {
  readonly id: number
  readonly source: string
  readonly requested: number
  readonly generation: number
  readonly space: number | null
  /** Hexadecimal; null for a working tree, and before the first run. */
  readonly commit: string | null
  readonly rules: Buffer | null
}

/** A file of an index: `blob` is null where a reason stands. */
export type FileRow = {
  readonly path: string
  readonly oid: string
  readonly bytes: number
  readonly blob: number | null
  readonly skipReason: string | null
}

/** The last is some three days after the first. */
const MAX_WAKES = 12
/** Rows of files that travel in one statement. */
const PAGE_FILES = 5_000
const REF_UNKNOWN: ErrorCode = 'REF_UNKNOWN'

/** Notes that a ref is to be indexed; the source replaces the one that the ref had, and leaves those of other refs. */
export async function requestIndex(database: Database, key: IndexKey, source: string, now: Date): Promise<void> {
  await sql`
    with repo as (
      insert into code_repos (org_id, repo_id, source) values (${key.orgId}, ${key.repoId}, ${source})
      on conflict (org_id, repo_id) do update set source = excluded.source returning id)
    insert into code_indexes (repo, ref, source, requested, requested_at) select id, ${key.ref}, ${source}, 1, ${now} from repo
    on conflict (repo, ref) do update set source = excluded.source, requested = code_indexes.requested + 1,
      requested_at = excluded.requested_at, wakes = 0`.execute(database)
}

export async function readCodeIndex(database: Database, key: IndexKey): Promise<IndexRow | undefined> {
  const { rows } = await sql<IndexRow>`
    select i.id, coalesce(i.source, r.source) as source, i.requested, i.generation, i.space, encode(i.commit_oid, 'hex') as commit, i.rules
    from code_indexes i join code_repos r on r.id = i.repo
    where r.org_id = ${key.orgId} and r.repo_id = ${key.repoId} and i.ref = ${key.ref}`.execute(database)
  return rows[0]
}

/**
 * Notes how a run ended that answered the requests up to `requested`, and tells the repository's stream. A failure leaves the index as it is, served or
 * not: a ref that its repository no longer has stays gone until a run finds it again.
 */
export async function settleIndex(
  database: Database,
  key: IndexKey,
  { id, requested, commit, source }: Pick<IndexRow, 'id' | 'requested' | 'commit' | 'source'>,
  now: Date,
  failure?: { readonly code: string; readonly message: string },
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      update code_indexes set settled = greatest(settled, ${requested}), failure_code = ${failure?.code ?? null}, failure = ${failure?.message ?? null},
        is_gone = ${failure?.code === REF_UNKNOWN} or (is_gone and ${failure !== undefined}),
        served_source = case when ${failure !== undefined} then served_source else ${source} end
      where id = ${id} returning id`.execute(transaction)
    if (rows.length > 0) await tellIndexed(transaction, key, failure ? { code: failure.code } : { commit }, now)
  })
}

/** The data of `repo.indexed` for a run; only the commit, where nothing had changed. */
export type IndexOutcome = {
  readonly commit: string | null
  /** Files that were written or removed. */
  readonly changed?: number
  /** Of those among them whose content the org did not have. */
  readonly chunks?: number
  readonly ms?: number
}

/** Tells a repository's stream how a run over one of its refs ended. */
export async function tellIndexed(
  transaction: Database,
  { orgId, repoId, ref }: IndexKey,
  outcome: IndexOutcome | { readonly code: string },
  now: Date,
): Promise<void> {
  const type = 'code' in outcome ? 'repo.failed' : 'repo.indexed'
  await tell(transaction, { orgId, stream: repoStream(repoId) }, type, { repoId, ref, ...outcome }, now)
}

/** Answers what was asked for so far with the word that somebody cancelled it. */
export async function cancelIndex(database: Database, key: IndexKey, now: Date): Promise<void> {
  const index = await readCodeIndex(database, key)
  const failure = { code: 'JOB_CANCELLED', message: 'Somebody cancelled the job.' }
  if (index) await settleIndex(database, key, index, now, failure)
}

/** Refs that have had no answer for so long that they are to be queued again: each a minute after it was asked for, then after twice as long, and so on. */
export async function claimPendingIndexes(database: Database, now: Date, limit: number): Promise<IndexKey[]> {
  const { rows } = await sql<IndexKey>`
    update code_indexes i set wakes = wakes + 1 from code_repos r
    where r.id = i.repo and i.id = any(array(
      select id from code_indexes where requested > settled and wakes < ${MAX_WAKES}
        and requested_at + interval '1 minute' * power(2, wakes) < ${now}::timestamptz order by requested_at limit ${limit}))
    returning r.org_id as "orgId", r.repo_id as "repoId", i.ref`.execute(database)
  return rows
}

/**
 * Refuses to write for an index that was removed meanwhile. Call it in the transaction that writes: it holds the index's row.
 * @throws JOB_CANCELLED
 */
export async function refuseWhenGone(transaction: Database, index: Pick<IndexRow, 'id'>): Promise<void> {
  const { rows } = await sql`select id from code_indexes where id = ${index.id} for key share`.execute(transaction)
  if (rows.length === 0) throw new AfterturnError('JOB_CANCELLED', 'The ref was removed while it was indexed.')
}

/** The files of an index. */
export async function readFiles(database: Database, indexId: number): Promise<FileRow[]> {
  const { rows } = await sql<FileRow>`
    select path, encode(oid, 'hex') as oid, bytes, blob, skip_reason as "skipReason" from code_files where index_id = ${indexId}`.execute(
    database,
  )
  return rows
}

/** What a run found. */
type Flip = {
  readonly space: number
  readonly commit: string | null
  readonly rules: Buffer
  /** Files that are new or changed, and paths that are gone. */
  readonly written: readonly FileRow[]
  readonly removed: readonly string[]
}

/**
 * Lets search serve what a run found; call it in a transaction.
 * @throws INDEX_CHANGED when another run has flipped the index since this one read it
 */
export async function flipIndex(transaction: Database, index: IndexRow, flip: Flip, now: Date): Promise<void> {
  const { rows } = await sql`
    update code_indexes set generation = generation + 1, space = ${flip.space}, commit_oid = decode(${flip.commit}, 'hex'), rules = ${flip.rules},
      served_source = ${index.source}, indexed_at = ${now}, settled = greatest(settled, ${index.requested}), failure_code = null, failure = null, is_gone = false
    where id = ${index.id} and generation = ${index.generation} returning id`.execute(transaction)
  if (rows.length === 0)
    throw new AfterturnError('INDEX_CHANGED', 'Another run has indexed this ref since this one began.', {
      retryAfterMs: 1_000,
    })
  const gone = [...flip.removed, ...flip.written.map(({ path }) => path)]
  const dropped: number[] = []
  for (let from = 0; from < gone.length && index.generation > 0; from += PAGE_FILES) {
    const { rows } = await sql<{ blob: number | null }>`
      delete from code_files where index_id = ${index.id} and md5(path) = any(
        select md5(path) from unnest(${gone.slice(from, from + PAGE_FILES)}::text[]) as given (path)) returning blob`.execute(
      transaction,
    )
    for (const { blob } of rows) if (blob !== null) dropped.push(blob)
  }
  for (let from = 0; from < flip.written.length; from += PAGE_FILES)
    await insertFiles(transaction, index.id, flip.written.slice(from, from + PAGE_FILES))
  const used = new Set(flip.written.map(({ blob }) => blob).filter((blob) => blob !== null))
  await sql`update code_blobs set unused_since = null where id = any(${[...used]}::bigint[]) and unused_since is not null`.execute(
    transaction,
  )
  await releaseBlobs(
    transaction,
    dropped.filter((blob) => !used.has(blob)),
    now,
  )
}

async function insertFiles(transaction: Database, indexId: number, files: readonly FileRow[]): Promise<void> {
  await sql`
    insert into code_files (index_id, path, oid, bytes, blob, skip_reason)
    select ${indexId}, path, decode(oid, 'hex'), bytes, blob, reason from unnest(
      ${files.map(({ path }) => path)}::text[], ${files.map(({ oid }) => oid)}::text[], ${files.map(({ bytes }) => bytes)}::bigint[],
      ${files.map(({ blob }) => blob)}::bigint[], ${files.map(({ skipReason }) => skipReason)}::text[]) as given (path, oid, bytes, blob, reason)`.execute(
    transaction,
  )
}

/** Whether a request to index a repository of the org, or one ref of it, waits for its answer. */
export async function hasPendingIndex(
  database: Database,
  { orgId, repoId, ref }: Omit<IndexKey, 'ref'> & { readonly ref?: string | undefined },
): Promise<boolean> {
  const { rows } = await sql`
    select 1 from code_repos r join code_indexes i on i.repo = r.id where r.org_id = ${orgId} and r.repo_id = ${repoId}
      and i.requested > i.settled and ${ref === undefined ? sql`true` : sql`i.ref = ${ref}`} limit 1`.execute(database)
  return rows.length > 0
}
