import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { Erasure } from '../erasing/erasures.ts'
import { claimPeriodicTask } from '../periodic-tasks.ts'
import { emptyStates } from './change-state.ts'

/** Owns how states go: those of an erasure, expired ones, and old ones. One call is one bounded step. */

const STATES_AT_ONCE = 20
const SWEPT_AT_ONCE = 500
const RETENTION_INTERVAL_MS = 3_600_000
const DAY_MS = 86_400_000

/** Erases the next states of an org, or of a user in it, that were last saved before `until`; returns whether there may be more. */
export async function eraseStates(
  transaction: Database,
  { orgId, userId }: Pick<Erasure, 'orgId' | 'userId'>,
  until: Date,
  limit: number,
): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    select id from states where org_id = ${orgId} and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`} and saved_at <= ${until}
    order by id limit ${STATES_AT_ONCE} for update`.execute(transaction)
  if (rows.length === 0) return false
  const ids = rows.map(({ id }) => id)
  // From here on no reader finds them, and no writer builds on them.
  await sql`update states set head = 0, revision = revision + 1 where id = any(${ids}::bigint[])`.execute(transaction)
  for (const table of ['state_versions', 'state_frames'] as const) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where state = any(${ids}::bigint[]) limit ${limit}))`.execute(transaction)
    if (Number(numAffectedRows) === limit) return true
  }
  await sql`delete from states where id = any(${ids}::bigint[])`.execute(transaction)
  return true
}

/** Empties states that have expired and, once an hour, deletes those that were last saved before retention's days, unless a version has a label. */
export async function sweepStates(database: Database, now: Date, retentionDays: number | undefined): Promise<void> {
  while ((await emptyExpired(database, now)) === SWEPT_AT_ONCE);
  if (
    retentionDays === undefined ||
    !(await claimPeriodicTask(database, 'state-retention', now, RETENTION_INTERVAL_MS))
  )
    return
  const olderThan = new Date((Math.floor(now.getTime() / DAY_MS) - retentionDays) * DAY_MS)
  while ((await deleteOld(database, olderThan)) === SWEPT_AT_ONCE);
}

async function emptyExpired(database: Database, now: Date): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ id: number }>`
      select id from states where expires_at <= ${now} order by expires_at limit ${SWEPT_AT_ONCE} for update skip locked`.execute(
      transaction,
    )
    if (rows.length > 0)
      await emptyStates(
        transaction,
        rows.map(({ id }) => id),
      )
    return rows.length
  })
}

async function deleteOld(database: Database, olderThan: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from states where id = any(array(
      select id from states where saved_at < ${olderThan} and not exists (
        select 1 from state_versions v where v.state = states.id and v.label is not null)
      limit ${SWEPT_AT_ONCE} for update skip locked))`.execute(database)
  return Number(numAffectedRows)
}
