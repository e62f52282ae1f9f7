import { sql } from 'kysely'
import type { DeadLetterFilter } from '../control/dead-letters.ts'
import type { Database } from '../database.ts'

/** Owns how open dead letters are grouped by their cause, and what of them an operation on many has before it. */

/** Letters of one queue that died of the same cause. */
export type LetterGroup = {
  readonly queue: string
  readonly code: string
  /** The reason without what differs from case to case. */
  readonly cause: string
  readonly letters: number
  readonly orgs: number
  /** As JSON has times. */
  readonly newestAt: string
}

/** Open letters by cause, the largest group first. One pass over an index: it takes as long as there are letters. */
export async function readLetterGroups(database: Database, limit: number): Promise<LetterGroup[]> {
  const { rows } = await sql<LetterGroup>`
    select queue, code, cause, sum(letters)::bigint as letters, count(org_id) as orgs, to_json(max(newest)) #>> '{}' as "newestAt"
    from (
      select queue, code, cause, org_id, count(*) as letters, max(died_at) as newest
      from dead_letters where resolution is null group by queue, code, cause, org_id) by_org
    group by queue, code, cause order by letters desc, queue, code, cause limit ${limit}`.execute(database)
  return rows
}

/** Counts the open letters that fit, and returns an id that none of them exceeds; both may be bounded by an older id. */
export async function readLetterExtent(
  database: Database,
  filter: DeadLetterFilter & { readonly uptoId?: number | undefined },
): Promise<{ letters: number; uptoId: number }> {
  const { orgId, cause, uptoId } = filter
  // Of all orgs there may be 100,000; these are counted already.
  const counted = sql`select coalesce(sum(letters), 0)::bigint as letters, (select coalesce(max(id), 0) from dead_letters) as "uptoId"
    from dead_letter_tallies where ${fits(filter)}`
  const counting = sql`select count(*) as letters, coalesce(max(id), 0) as "uptoId" from dead_letters where resolution is null and ${fits(filter)}`
  const isCounted = (orgId ?? cause ?? uptoId) === undefined
  const { rows } = await sql<{ letters: number; uptoId: number }>`${isCounted ? counted : counting}`.execute(database)
  return rows[0] ?? { letters: 0, uptoId: 0 }
}

/** The next open letters of an operation, the oldest first. */
export async function readNextLetters(
  database: Database,
  filter: DeadLetterFilter & { readonly uptoId: number; readonly afterId: number },
  limit: number,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from dead_letters where resolution is null and id > ${filter.afterId} and ${fits(filter)} order by id limit ${limit}`.execute(
    database,
  )
  return rows.map(({ id }) => id)
}

function fits({ orgId, queue, code, cause, uptoId }: DeadLetterFilter & { uptoId?: number | undefined }) {
  const is = (column: string, value: string | undefined) =>
    value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`]
  const conditions = [...is('org_id', orgId), ...is('queue', queue), ...is('code', code), ...is('cause', cause)]
  if (uptoId !== undefined) conditions.push(sql`id <= ${uptoId}`)
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}
