import { sql } from 'kysely'
import { AfterturnError } from '../../errors.ts'
import type { Database } from '../database.ts'
import type { WorkstreamKey } from './workstreams.ts'

/** Owns how often each turn was tried. A try counts from its beginning, so that a turn which kills its worker is found out. */

/**
 * Counts a try of each of these pending turns, or of none of them; returns the tries so far, this one included, by row id.
 * @throws TURNS_CHANGED when one of them is not pending any more.
 */
export async function beginAttempt(
  database: Database,
  scope: WorkstreamKey,
  ids: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; attempts: number }>`
    with pending as materialized (
      select id from turns where org_id = ${scope.orgId} and id = any(${ids}::bigint[]) and state = 'pending' order by id for update)
    update turns set attempts = attempts + 1
    where id in (select id from pending) and (select count(*) from pending) = ${ids.length}::bigint
    returning id, attempts`.execute(database)
  if (rows.length !== ids.length) {
    throw new AfterturnError(
      'TURNS_CHANGED',
      `Expected ${ids.length} pending turns, got fewer: another run has settled the others, or they were erased.`,
    )
  }
  return new Map(rows.map(({ id, attempts }) => [id, attempts]))
}

/** Takes back a try that was not the turns' own: a shutdown, a store that was away. */
export async function returnAttempt(database: Database, scope: WorkstreamKey, ids: readonly number[]): Promise<void> {
  await sql`
    update turns set attempts = attempts - 1
    where org_id = ${scope.orgId} and id = any(${ids}::bigint[]) and state = 'pending' and attempts > 0`.execute(
    database,
  )
}
