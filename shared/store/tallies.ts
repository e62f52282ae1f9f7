import { sql } from 'kysely'
import type { Database } from './database.ts'

/**
 * Owns the numbers of turns, memories and letters without counting rows: triggers keep the tallies in the transaction of each change. What a trigger could
 * not see (a truncated table, rows restored with triggers off) is recounted.
 */

/** The tallies of all orgs together have this org id. */
export const ALL_ORGS = ''

/** Reads the tallies. */
type Tallies = {
  readonly pending: number
  readonly extracted: number
  readonly deadLettered: number
  /** Memories that are active and have no end. */
  readonly lasting: number
  /** Memories that are held for a review. */
  readonly held: number
}

/** The numbers of turns and memories of one org or of all. */
export async function readTallies(database: Database, orgId = ALL_ORGS): Promise<Tallies> {
  const { rows } = await sql<Tallies>`
    select coalesce(sum(pending), 0)::bigint as pending, coalesce(sum(extracted), 0)::bigint as extracted,
      coalesce(sum(dead_lettered), 0)::bigint as "deadLettered", coalesce(sum(lasting), 0)::bigint as lasting,
      coalesce(sum(held), 0)::bigint as held
    from tallies where org_id = ${orgId}`.execute(database)
  return rows[0] as Tallies
}

/** Names the lock of recounts among the duties: two at once would both add what is missing. */
const RECOUNT = 'recounting'

/** Counts all rows, and corrects tallies that differ; returns how many did. Writers need not wait: rows and tallies are read as of one moment. */
export async function recountTallies(database: Database): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    await sql`insert into duties (name, claimed_until) values (${RECOUNT}, now()) on conflict (name) do update set name = excluded.name`.execute(
      transaction,
    )
    const corrected = [
      await sql`
        insert into tallies (org_id, pending, extracted, dead_lettered, lasting, held)
        select org, sum(pending), sum(extracted), sum(dead), sum(lasting), sum(held) from (
          select coalesce(org_id, '') as org, count(*) filter (where state = 'pending') as pending, count(*) filter (where state = 'extracted') as extracted,
            count(*) filter (where state = 'dead_lettered') as dead, 0 as lasting, 0 as held
          from turns group by grouping sets ((org_id), ())
          union all
          select coalesce(org_id, ''), 0, 0, 0, count(*) filter (where status = 'active' and valid_to is null and over_at is null),
            count(*) filter (where status = 'quarantined')
          from memories group by grouping sets ((org_id), ())
          union all
          select org_id, -pending, -extracted, -dead_lettered, -lasting, -held from tallies) counted
        group by org having sum(pending) <> 0 or sum(extracted) <> 0 or sum(dead) <> 0 or sum(lasting) <> 0 or sum(held) <> 0`.execute(
        transaction,
      ),
      await sql`
        insert into usage_tallies (org_id, task, calls, input_tokens, output_tokens, cache_hits, duplicates)
        select org, task, sum(calls), sum(input), sum(output), sum(hits), sum(known) from (
          select coalesce(org_id, '') as org, task, sum(calls) as calls, sum(input_tokens) as input, sum(output_tokens) as output,
            sum(cache_hits) as hits, sum(duplicates) as known
          from usage_ledger group by task, grouping sets ((org_id), ()) having count(*) > 0
          union all
          select org_id, task, -calls, -input_tokens, -output_tokens, -cache_hits, -duplicates from usage_tallies) counted
        group by org, task having sum(calls) <> 0 or sum(input) <> 0 or sum(output) <> 0 or sum(hits) <> 0 or sum(known) <> 0`.execute(
        transaction,
      ),
      await sql`
        insert into dead_letter_tallies (queue, code, letters)
        select queue, code, sum(letters) from (
          select queue, code, count(*) as letters from dead_letters where resolution is null group by queue, code
          union all select queue, code, -letters from dead_letter_tallies) counted
        group by queue, code having sum(letters) <> 0`.execute(transaction),
    ]
    await removeEmpty(transaction)
    return corrected.reduce((sum, { numAffectedRows = 0n }) => sum + Number(numAffectedRows), 0)
  })
}

/** Removes the rows that count nothing, of one org or of all; those that somebody is changing stay. */
export async function removeEmpty(transaction: Database, orgId?: string): Promise<void> {
  const isMeant = orgId === undefined ? sql`true` : sql`org_id = ${orgId}`
  await sql`
    delete from tallies where id in (
      select id from tallies where ${isMeant} and pending = 0 and extracted = 0 and dead_lettered = 0 and lasting = 0 and held = 0
      for update skip locked)`.execute(transaction)
  await sql`
    delete from usage_tallies where id in (
      select id from usage_tallies where ${isMeant} and calls = 0 and input_tokens = 0 and output_tokens = 0 and cache_hits = 0 and duplicates = 0
      for update skip locked)`.execute(transaction)
}
