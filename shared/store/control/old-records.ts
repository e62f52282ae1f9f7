import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns for how long records of what is settled are kept. Guarantees: a letter that is open stays, unless the settings say for how many days anything is kept. */

const DAY_MS = 86_400_000
/** Replayed and dropped letters, for people who look back. */
const SETTLED_LETTER_DAYS = 30
/** Retention writes one for each org and day. */
const RETENTION_RECORD_DAYS = 7
/** Rows of each kind that one call removes; the next call removes more. */
const REMOVED_AT_ONCE = 10_000

/** Removes old records; returns how many. */
export async function dropOldRecords(
  database: Database,
  now: Date,
  retentionDays: number | undefined,
): Promise<number> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS)
  const removals = [
    sql`delete from dead_letters where id in (
      select id from dead_letters where resolution is not null and resolved_at < ${before(SETTLED_LETTER_DAYS)} limit ${REMOVED_AT_ONCE})`,
    sql`delete from erasures where id in (
      select id from erasures where older_than is not null and completed_at < ${before(RETENTION_RECORD_DAYS)} limit ${REMOVED_AT_ONCE})`,
    // Letters of turns go with their turns.
    ...(retentionDays === undefined
      ? []
      : [
          sql`delete from dead_letters where id in (
            select id from dead_letters where job_id is not null and died_at < ${before(retentionDays)} limit ${REMOVED_AT_ONCE})`,
        ]),
  ]
  let removed = 0
  for (const removal of removals) removed += Number((await removal.execute(database)).numAffectedRows ?? 0n)
  return removed
}
