import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { StoredEvent } from './read-events.ts'

/**
 * Owns reading the events of a whole org across its streams, in the order of transactions. Guarantees: nothing is skipped, for a page ends before the oldest
 * transaction that is still open. Two events of one stream may come in another order than their `seq`.
 */

/** Where a reader of an org is. */
export type OrgPlace = { readonly xid: string; readonly id: number }

export type OrgEvent = StoredEvent & OrgPlace & { readonly stream: readonly string[]; readonly epoch: string }

/** Before every event. */
export const ORG_BEGINNING: OrgPlace = { xid: '0', id: 0 }

/** The next events of an org, or of one user in it. */
export async function readOrgEvents(
  database: Database,
  { orgId, userId }: { readonly orgId: string; readonly userId?: string | undefined },
  { after, limit }: { readonly after: OrgPlace; readonly limit: number },
): Promise<OrgEvent[]> {
  const { rows } = await sql<OrgEvent>`
    select e.id, e.xid::text as xid, s.stream, s.epoch, e.seq, e.event_id as "eventId", e.type, e.at, e.audience, e.data
    from events e join event_streams s on s.id = e.stream
    where e.org_id = ${orgId} and (e.xid, e.id) > (${after.xid}::xid8, ${after.id}::bigint)
      and e.xid < pg_snapshot_xmin(pg_current_snapshot())
      and ${userId === undefined ? sql`true` : sql`e.user_id = ${userId}`}
    order by e.xid, e.id limit ${limit}`.execute(database)
  return rows
}

/** True if a place lies ahead of the server: of another cluster, or of none. */
export async function isPlaceAhead(database: Database, { xid }: OrgPlace): Promise<boolean> {
  const { rows } = await sql<{ isAhead: boolean }>`
    select ${xid}::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) as "isAhead"`.execute(database)
  return rows[0]?.isAhead === true
}
