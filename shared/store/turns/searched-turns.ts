import { sql } from 'kysely'
import type { Metadata, MetadataFilter } from '../../metadata.ts'
import type { Database } from '../database.ts'
import { isTurnVisible, type Viewer } from '../scopes.ts'
import { hasTurnMetadata, metadataOfTurn } from './turn-metadata.ts'

/** Owns reading the turns that a search has found, with their messages, in one statement. */

export type FoundTurn = {
  readonly id: number
  readonly workstreamId: string
  readonly turnId: string
  readonly occurredAt: Date
  readonly isExtracted: boolean
  readonly metadata: Metadata
  readonly messages: readonly { readonly role: string; readonly name: string | null; readonly content: string }[]
}

/** Turns of an org by their row ids that the viewer may see; those that were said by a time, and that a filter passes, if these are given. */
export async function readFoundTurns(
  database: Database,
  orgId: string,
  ids: readonly number[],
  viewer: Viewer,
  { saidBy, metadata }: { readonly saidBy?: Date | undefined; readonly metadata?: MetadataFilter | undefined } = {},
): Promise<FoundTurn[]> {
  if (ids.length === 0) return []
  // `offset 0` keeps the planner to the index of ids, statistics or not.
  const { rows } = await sql<FoundTurn>`
    select t.id, t.workstream_id as "workstreamId", t.turn_id as "turnId", t.occurred_at as "occurredAt", t.state = 'extracted' as "isExtracted", ${metadataOfTurn(sql`t.id`)} as metadata,
      (select coalesce(json_agg(json_build_object('role', role, 'name', name, 'content', content) order by position), '[]')
       from messages where turn = t.id) as messages
    from unnest(${ids}::bigint[]) as asked (id) cross join lateral (select * from turns where turns.id = asked.id offset 0) t
    where t.org_id = ${orgId} and ${isTurnVisible('t', viewer)}
      and ${saidBy === undefined ? sql`true` : sql`t.occurred_at <= ${saidBy}`} and ${hasTurnMetadata(orgId, metadata, sql`t.id`)}`.execute(
    database,
  )
  return rows
}

/** The turns from which memories that hold at a time were drawn. */
export async function readTurnsOfMemories(
  database: Database,
  orgId: string,
  memories: readonly number[],
  at: Date,
): Promise<{ memory: number; turn: number }[]> {
  if (memories.length === 0) return []
  // `offset 0` keeps the planner to the indexes, statistics or not; other conditions inside would lead it to one of all the org's memories.
  const { rows } = await sql<{ memory: number; turn: number }>`
    select m.id as memory, s.turn from unnest(${memories}::bigint[]) as asked (id)
    cross join lateral (select * from memories where memories.id = asked.id offset 0) m
    cross join lateral (select turn from memory_sources where memory = m.id offset 0) s
    where m.org_id = ${orgId} and m.status = 'active' and (m.valid_to is null or m.valid_to > ${at})`.execute(database)
  return rows
}

/** Those of the turns of which something is remembered, and all of it was superseded by a time. */
export async function readOutdatedTurns(
  database: Database,
  orgId: string,
  ids: readonly number[],
  at: Date,
): Promise<Set<number>> {
  if (ids.length === 0) return new Set()
  // `offset 0` keeps the planner to the indexes, statistics or not.
  const { rows } = await sql<{ id: number }>`
    select t.id from unnest(${ids}::bigint[]) as t (id) cross join lateral (
      select bool_and(m.superseded_by is not null and m.valid_to <= ${at}) as all_ended from memory_sources s cross join lateral (
        select * from memories where memories.id = s.memory offset 0) m
      where s.turn = t.id and m.org_id = ${orgId} and m.status = 'active' offset 0) remembered
    where remembered.all_ended`.execute(database)
  return new Set(rows.map(({ id }) => id))
}
