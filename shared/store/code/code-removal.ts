import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { releaseBlobs } from './code-blobs.ts'

/**
 * Owns the SQL of taking repositories away. Guarantees: one org only; what other refs share stays, the rest is collected as garbage; a run that is
 * on its way finds its index gone.
 */

/** Removes a ref of a repository, or all of them; answers how many there were. */
export async function removeIndexes(
  database: Database,
  { orgId, repoId, ref }: { readonly orgId: string; readonly repoId: string; readonly ref?: string | undefined },
  now: Date,
): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: number; repo: number }>`
      select i.id, i.repo from code_indexes i join code_repos r on r.id = i.repo
      where r.org_id = ${orgId} and r.repo_id = ${repoId} and ${ref === undefined ? sql`true` : sql`i.ref = ${ref}`}
      order by i.id for update of i`.execute(transaction)
    const ids = sql`${rows.map(({ id }) => id)}::bigint[]`
    const { rows: files } = await sql<{ blob: number }>`
      with gone as (delete from code_files where index_id = any(${ids}) returning blob)
      select distinct blob from gone where blob is not null`.execute(transaction)
    await sql`delete from code_indexes where id = any(${ids})`.execute(transaction)
    await sql`
      delete from code_repos r where r.org_id = ${orgId} and r.repo_id = ${repoId}
        and not exists (select 1 from code_indexes i where i.repo = r.id)`.execute(transaction)
    await releaseBlobs(
      transaction,
      files.map(({ blob }) => blob),
      now,
    )
    return rows.length
  })
}

/** A repository of an org with its refs. */
export type ListedRepo = {
  readonly repoId: string
  /** Of the ref that is searched by default; `status` tells that of each. */
  readonly source: string
  readonly refs: readonly string[]
}

/** The repositories of an org, by their ids. */
export async function listRepos(database: Database, orgId: string): Promise<ListedRepo[]> {
  const { rows } = await sql<ListedRepo>`
    select r.repo_id as "repoId", array_agg(i.ref order by i.ref) as refs,
      (array_agg(coalesce(i.source, r.source) order by (i.ref = 'HEAD') desc, i.id))[1] as source
    from code_repos r join code_indexes i on i.repo = r.id
    where r.org_id = ${orgId} group by r.id order by r.repo_id`.execute(database)
  return rows
}
