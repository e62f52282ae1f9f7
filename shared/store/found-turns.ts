import { sql } from 'kysely'
import type { Database } from './database.ts'
import { isTurnVisible, type Viewer } from './scopes.ts'

/** Owns reading the turns that a search has found, with their messages, in one statement. */

export type FoundTurn = {
  readonly id: number
  readonly workstreamId: string
  readonly turnId: string
  readonly occurredAt: Date
  readonly isExtracted: boolean
  readonly messages: readonly { readonly role: string; readonly name: string | null; readonly content: string }[]
}

/** Turns of an org by their row ids that the viewer may see, and that were said by a time if one is given. */
export async function readFoundTurns(
  database: Database,
  orgId: string,
  ids: readonly number[],
  viewer: Viewer,
  saidBy?: Date,
): Promise<FoundTurn[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<FoundTurn>`
    select t.id, t.workstream_id as "workstreamId", t.turn_id as "turnId", t.occurred_at as "occurredAt", t.state = 'extracted' as "isExtracted",
      (select coalesce(json_agg(json_build_object('role', role, 'name', name, 'content', content) order by position), '[]')
       from messages where turn = t.id) as messages
    from turns t
    where t.org_id = ${orgId} and t.id = any(${ids}::bigint[]) and ${isTurnVisible('t', viewer)}
      and ${saidBy === undefined ? sql`true` : sql`t.occurred_at <= ${saidBy}`}`.execute(database)
  return rows
}
