import { sql } from 'kysely'
import type { FencedTransaction } from '../memories/org-fences.ts'

/**
 * Erases the next rows of an org's indexed repositories, at most so many; answers whether there may be more. Repositories that were asked for after `until`
 * stay, and what they share with others. A run that is on its way finds its index gone.
 */
export async function eraseCode(transaction: FencedTransaction, until: Date, limit: number): Promise<boolean> {
  const { orgId } = transaction
  const repos = sql`
    select r.id from code_repos r where r.org_id = ${orgId}
      and not exists (select 1 from code_indexes i where i.repo = r.id and i.requested_at > ${until})`
  const files = await sql`
    delete from code_files where ctid = any(array(
      select f.ctid from code_files f join code_indexes i on i.id = f.index_id where i.repo in (${repos}) limit ${limit}))`.execute(
    transaction,
  )
  if (Number(files.numAffectedRows) > 0) return true
  await sql`delete from code_repos where id in (${repos})`.execute(transaction)
  // Their chunks go with them.
  const blobs = await sql`
    delete from code_blobs where id = any(array(
      select b.id from code_blobs b join code_spaces s on s.id = b.space
      where s.org_id = ${orgId} and not exists (select 1 from code_files f where f.blob = b.id) limit ${limit}))`.execute(
    transaction,
  )
  if (Number(blobs.numAffectedRows) > 0) return true
  await sql`
    delete from code_spaces s where org_id = ${orgId}
      and not exists (select 1 from code_blobs b where b.space = s.id) and not exists (select 1 from code_indexes i where i.space = s.id)`.execute(
    transaction,
  )
  return false
}
