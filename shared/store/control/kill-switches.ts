import { AfterturnError } from '../../errors.ts'
import type { Database } from '../database.ts'

/** Owns the rows of the kill switch: what is halted, and who changed it. Must not know Redis: the row decides when Redis is away. */

/** What a switch halts: everything, one org, one queue, or one org's jobs of one queue. */
export type KillSwitchScope = { readonly orgId?: string | undefined; readonly queue?: string | undefined }

/** A switch that is on. */
export type KillSwitchRow = KillSwitchScope & { readonly by: string; readonly reason: string; readonly at: Date }

export type KillSwitchChange = KillSwitchRow & { readonly isOn: boolean }

/** Stands for every org or every queue in a key that may not be null. */
const EVERY = ''

/** All switches that are on, the oldest first. */
export async function readKillSwitches(database: Database): Promise<KillSwitchRow[]> {
  const rows = await database.selectFrom('kill_switches').selectAll().orderBy('turned_on_at').execute()
  return rows.map((row) => ({ ...scopeOf(row), by: row.turned_on_by, reason: row.reason, at: row.turned_on_at }))
}

/** Turns a switch on, or gives one that is on a new reason; the change is kept. */
export async function insertKillSwitch(database: Database, { by, reason, at, ...scope }: KillSwitchRow): Promise<void> {
  const key = keyOf(scope)
  const state = { turned_on_by: by, reason, turned_on_at: at }
  await database.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('kill_switches')
      .values({ ...key, ...state })
      .onConflict((conflict) => conflict.columns(['org_id', 'queue']).doUpdateSet(state))
      .execute()
    await keepChange(transaction, key, true, { by, reason, at })
  })
}

/** Turns a switch off; false when it was not on. */
export async function deleteKillSwitch(
  database: Database,
  { by, reason, at, ...scope }: KillSwitchRow,
): Promise<boolean> {
  const key = keyOf(scope)
  return database.transaction().execute(async (transaction) => {
    const deleted = await transaction
      .deleteFrom('kill_switches')
      .where('org_id', '=', key.org_id)
      .where('queue', '=', key.queue)
      .returning('queue')
      .executeTakeFirst()
    if (deleted) await keepChange(transaction, key, false, { by, reason, at })
    return deleted !== undefined
  })
}

/** Keeps that the global switch was changed where no row tells it: its Redis key. */
export async function keepKillSwitchChange(database: Database, change: KillSwitchChange): Promise<void> {
  await keepChange(database, keyOf(change), change.isOn, change)
}

/** The newest changes. */
export async function readKillSwitchChanges(database: Database, limit: number): Promise<KillSwitchChange[]> {
  const rows = await database.selectFrom('kill_switch_changes').selectAll().orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    ...scopeOf(row),
    isOn: row.is_on,
    by: row.changed_by,
    reason: row.reason,
    at: row.changed_at,
  }))
}

/**
 * Refuses side effects under a switch. Call it inside the transaction that writes them: rows that cannot be read fail it, and nothing is written.
 * @throws KILL_SWITCH_ON
 */
export async function refuseWhenHalted(
  transaction: Database,
  place: { readonly orgId: string; readonly queue: string },
): Promise<void> {
  const found = await transaction
    .selectFrom('kill_switches')
    .selectAll()
    .where('org_id', 'in', [EVERY, place.orgId])
    .where('queue', 'in', [EVERY, place.queue])
    .executeTakeFirst()
  if (found) throw haltedError({ ...scopeOf(found), by: found.turned_on_by, reason: found.reason })
}

/** The error of a job that a switch halts. */
export function haltedError(
  halted: KillSwitchScope & { readonly by: string; readonly reason: string },
): AfterturnError {
  const why = halted.reason === '' ? '' : `: ${halted.reason}`
  return new AfterturnError(
    'KILL_SWITCH_ON',
    `The kill switch of ${describeScope(halted)} was turned on by ${halted.by}${why}.`,
  )
}

/** A scope in words. */
export function describeScope({ orgId, queue }: KillSwitchScope): string {
  if (orgId === undefined) return queue === undefined ? 'everything' : `the queue ${queue}`
  return queue === undefined ? `the org ${orgId}` : `the org ${orgId} on the queue ${queue}`
}

const keyOf = ({ orgId = EVERY, queue = EVERY }: KillSwitchScope) => ({ org_id: orgId, queue })

function scopeOf(row: { org_id: string; queue: string }): KillSwitchScope {
  return { ...(row.org_id !== EVERY && { orgId: row.org_id }), ...(row.queue !== EVERY && { queue: row.queue }) }
}

async function keepChange(
  database: Database,
  key: { org_id: string; queue: string },
  isOn: boolean,
  { by, reason, at }: KillSwitchRow,
): Promise<void> {
  await database
    .insertInto('kill_switch_changes')
    .values({ ...key, is_on: isOn, changed_by: by, reason, changed_at: at })
    .execute()
}
