import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns the SQL of what search serves: the indexes of an org, the files of each, and how they stand. */

export type ServedIndex = {
  readonly id: number
  readonly repoId: string
  readonly ref: string
  /** Where it was read from, whatever source the ref has by now. */
  readonly source: string
  readonly generation: number
  readonly commit: string | null
  /** The space of its vectors. */
  readonly model: string
  readonly dims: number
}

/** `hasTreeBeside` is true if the repository's working tree is served too, as another ref. */
type ChosenIndex = ServedIndex & { readonly hasTreeBeside: boolean }

export type ServedFile = {
  readonly path: string
  readonly oid: string
  readonly blob: number
  /** Empty where the path does not tell it. */
  readonly language: string
}

/** The indexes that a search reads: of one ref, or of each repository the one of HEAD, else its first. A ref that is gone from its repository is not read. */
export async function readServedIndexes(
  database: Database,
  orgId: string,
  { repoIds, ref }: { readonly repoIds?: readonly string[] | undefined; readonly ref?: string | undefined },
): Promise<ChosenIndex[]> {
  const { rows } = await sql<ChosenIndex>`
    select distinct on (r.id) i.id, r.repo_id as "repoId", i.ref, coalesce(i.served_source, i.source, r.source) as source, i.generation, encode(i.commit_oid, 'hex') as commit, s.model, s.dims,
      exists (select 1 from code_indexes w where w.repo = r.id and w.id <> i.id and w.generation > 0 and w.commit_oid is null and not w.is_gone) as "hasTreeBeside"
    from code_repos r join code_indexes i on i.repo = r.id join code_spaces s on s.id = i.space
    where r.org_id = ${orgId} and i.generation > 0 and not i.is_gone
      and ${repoIds === undefined ? sql`true` : sql`r.repo_id = any(${repoIds}::text[])`}
      and ${ref === undefined ? sql`true` : sql`i.ref = ${ref}`}
    order by r.id, (i.ref = 'HEAD') desc, i.id`.execute(database)
  return rows
}

/** What a generation of an index is of. */
type ServedGeneration = Pick<ServedIndex, 'generation' | 'commit' | 'source' | 'model' | 'dims'>

/** The files of an index that have a blob, with the generation that they are of; undefined when it has none. */
export async function readServedFiles(
  database: Database,
  orgId: string,
  indexId: number,
): Promise<(ServedGeneration & { readonly files: ServedFile[] }) | undefined> {
  const { rows } = await sql<ServedFile & ServedGeneration>`
    select i.generation, encode(i.commit_oid, 'hex') as commit, coalesce(i.served_source, i.source, r.source) as source, s.model, s.dims, f.path, encode(f.oid, 'hex') as oid, f.blob, b.language
    from code_indexes i join code_repos r on r.id = i.repo join code_spaces s on s.id = i.space
    join code_files f on f.index_id = i.id join code_blobs b on b.id = f.blob
    where i.id = ${indexId} and r.org_id = ${orgId}`.execute(database)
  const files = rows.map(({ path, oid, blob, language }) => ({ path, oid, blob, language }))
  const [first] = rows
  if (!first) return undefined
  const { generation, commit, source, model, dims } = first
  return { generation, commit, source, model, dims, files }
}

/** One file of an index, also one that was skipped. */
export async function readServedFile(
  database: Database,
  orgId: string,
  indexId: number,
  path: string,
): Promise<
  (Omit<ServedFile, 'blob'> & { readonly blob: number | null; readonly skipReason: string | null }) | undefined
> {
  const { rows } = await sql<Omit<ServedFile, 'blob'> & { blob: number | null; skipReason: string | null }>`
    select f.path, encode(f.oid, 'hex') as oid, f.blob, coalesce(b.language, '') as language, f.skip_reason as "skipReason"
    from code_files f join code_indexes i on i.id = f.index_id join code_repos r on r.id = i.repo left join code_blobs b on b.id = f.blob
    where r.org_id = ${orgId} and f.index_id = ${indexId} and md5(f.path) = md5(${path}) and f.path = ${path}`.execute(
    database,
  )
  return rows[0]
}

/** How one ref of a repository stands. */
export type IndexStatus = {
  readonly id: number
  readonly repoId: string
  readonly ref: string
  readonly source: string
  /** Whether a request waits for its answer. */
  readonly isPending: boolean
  readonly requestedAt: Date
  /** Of the last try that ended, if it failed; what was indexed before is still served. */
  readonly failure: { readonly code: string; readonly message: string } | null
  /** Whether the repository no longer had the ref when a run last reached it: it is not searched. */
  readonly isGone: boolean
  readonly commit: string | null
  readonly indexedAt: Date | null
  readonly files: number
  readonly bytes: number
  readonly chunks: number
  /** Secrets that were redacted in what is served. */
  readonly redacted: number
  readonly skipped: number
}

export async function readIndexStatuses(
  database: Database,
  orgId: string,
  repoId: string | undefined,
): Promise<IndexStatus[]> {
  const { rows } = await sql<Omit<IndexStatus, 'failure'> & { code: string | null; message: string | null }>`
    select i.id, r.repo_id as "repoId", i.ref, coalesce(i.source, r.source) as source, i.requested > i.settled as "isPending", i.requested_at as "requestedAt",
      i.failure_code as code, i.failure as message, i.is_gone as "isGone", encode(i.commit_oid, 'hex') as commit, i.indexed_at as "indexedAt",
      count(f.blob) as files, coalesce(sum(f.bytes) filter (where f.blob is not null), 0)::bigint as bytes,
      coalesce(sum(b.chunks), 0)::bigint as chunks, coalesce(sum(b.redacted), 0)::bigint as redacted, count(f.skip_reason) as skipped
    from code_repos r join code_indexes i on i.repo = r.id
    left join code_files f on f.index_id = i.id left join code_blobs b on b.id = f.blob
    where r.org_id = ${orgId} and ${repoId === undefined ? sql`true` : sql`r.repo_id = ${repoId}`}
    group by r.id, i.id order by r.repo_id, i.ref`.execute(database)
  return rows.map(({ code, message, ...row }) => ({
    ...row,
    failure: code === null ? null : { code, message: message ?? '' },
  }))
}

/** What an index left out, by path. */
export async function readSkippedFiles(
  database: Database,
  orgId: string,
  indexId: number,
  limit: number,
): Promise<{ readonly path: string; readonly reason: string; readonly bytes: number }[]> {
  const { rows } = await sql<{ path: string; reason: string; bytes: number }>`
    select f.path, f.skip_reason as reason, f.bytes from code_files f join code_indexes i on i.id = f.index_id join code_repos r on r.id = i.repo
    where r.org_id = ${orgId} and f.index_id = ${indexId} and f.skip_reason is not null order by f.path limit ${limit}`.execute(
    database,
  )
  return rows
}
