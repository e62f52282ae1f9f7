import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { onePlan } from '../planned-once.ts'
import { isTurnVisible, type Viewer } from '../scopes.ts'

/** Owns reading the turns that nothing has indexed, for search: those that wait for extraction, and those that it gave up. */

/** A pending turn's place in the index to come, and its text, line by line. */
type PendingTurn = {
  readonly id: number
  readonly sequence: number
  readonly position: number
  readonly messages: readonly { readonly role: string; readonly name: string | null; readonly content: string }[]
}

/** Whether a turn of the org, or of one of its workstreams, waits for its extraction. */
export async function hasPendingTurns(database: Database, orgId: string, workstreamId?: string): Promise<boolean> {
  const { rows } = await sql`select 1 from turns where org_id = ${orgId} and state = 'pending'
    and ${workstreamId === undefined ? sql`true` : sql`workstream_id = ${workstreamId}`} limit 1`.execute(database)
  return rows.length > 0
}

/** The newest such turns of an org that the viewer may see, as many as the limits take; of each message its beginning. */
export async function readNewestPending(
  database: Database,
  orgId: string,
  viewer: Viewer,
  { turns, bytes, messageCharacters }: { turns: number; bytes: number; messageCharacters: number },
): Promise<PendingTurn[]> {
  // Usually there is none, and planning the query below costs three times this check.
  const { rows: some } =
    await sql`${onePlan} select 1 from turns where org_id = ${orgId} and state in ('pending', 'dead_lettered') limit 1`.execute(
      database,
    )
  if (some.length === 0) return []
  // Statistics or not: `+ 0` keeps the planner from going through all turns by their ids, `offset 0` keeps it to the indexes.
  const { rows } = await sql<PendingTurn>`
    with newest as materialized (
      select id, workstream_id, seq from turns t where org_id = ${orgId} and state in ('pending', 'dead_lettered') and ${isTurnVisible('t', viewer)}
      order by id + 0 desc limit ${turns}),
    sized as materialized (
      select n.*, sum(size.bytes) over (order by n.id desc) as bytes from newest n
      cross join lateral (
        select coalesce(sum(least(octet_length(content), ${4 * messageCharacters})), 0) as bytes from messages where turn = n.id offset 0) size)
    select s.id, w.number as sequence, s.seq as position, texts.messages from sized s
    cross join lateral (select number from workstreams where org_id = ${orgId} and workstream_id = s.workstream_id offset 0) w
    cross join lateral (
      select json_agg(json_build_object('role', role, 'name', name, 'content', left(content, ${messageCharacters})) order by position) as messages
      from messages where turn = s.id offset 0) texts
    where s.bytes <= ${bytes} and texts.messages is not null`.execute(database)
  return rows
}
