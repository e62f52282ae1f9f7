import { type RawBuilder, sql } from 'kysely'
import type { Metadata, MetadataFilter } from '../../metadata.ts'
import type { Database } from '../database.ts'
import { onePlan, plannedOnce } from '../planned-once.ts'
import { isTurnVisible, type Viewer } from '../scopes.ts'
import { hasTurnMetadata, metadataOfTurn } from './turn-metadata.ts'

/** Owns reading the turns that a search has found: who speaks in many of them, and all of the few that are shown. */

export type FoundTurn = {
  readonly id: number
  readonly workstreamId: string
  readonly turnId: string
  readonly occurredAt: Date
  readonly isExtracted: boolean
  /** True if something is remembered of it, and all of that was superseded by then. */
  readonly isOutdated: boolean
  readonly metadata: Metadata
  readonly messages: readonly { readonly role: string; readonly name: string | null; readonly content: string }[]
}

type TurnFilter = { readonly saidBy?: Date | undefined; readonly metadata?: MetadataFilter | undefined }

/**
 * The names in turns of an org, by row ids: of those that the viewer may see and that have any text; that were said by a time, and that a filter
 * passes, if these are given.
 */
export async function readNamesInTurns(
  database: Database,
  orgId: string,
  ids: readonly number[],
  viewer: Viewer,
  { saidBy, metadata }: TurnFilter = {},
): Promise<{ id: number; names: string[] }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: number; names: string[] }>`${metadata ? sql`` : onePlan}
    select t.id, said.names from ${turnsWithIds(ids)} cross join lateral (
      select coalesce(array_agg(name) filter (where name is not null), '{}') as names, bool_or(octet_length(content) > 0) as has_text
      from messages where turn = t.id) said
    where t.org_id = ${orgId} and ${isTurnVisible('t', viewer)} and said.has_text
      and ${saidBy === undefined ? sql`true` : sql`t.occurred_at <= ${saidBy}`} and ${hasTurnMetadata(orgId, metadata, sql`t.id`)}`.execute(
    database,
  )
  return rows
}

/** Turns of an org by their row ids that the viewer may see; they are outdated by what was superseded at a time. */
export async function readFoundTurns(
  database: Database,
  orgId: string,
  ids: readonly number[],
  viewer: Viewer,
  at: Date,
): Promise<FoundTurn[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<FoundTurn>`${onePlan}
    select t.id, t.workstream_id as "workstreamId", t.turn_id as "turnId", t.occurred_at as "occurredAt", t.state = 'extracted' as "isExtracted", ${metadataOfTurn(sql`t.id`)} as metadata,
      t.state = 'extracted' and coalesce((
        select bool_and(m.superseded_by is not null and m.valid_to <= ${at}) from memory_sources s
        cross join lateral (select * from memories where memories.id = s.memory offset 0) m
        where s.turn = t.id and m.org_id = ${orgId} and m.status = 'active'), false) as "isOutdated",
      (select coalesce(json_agg(json_build_object('role', role, 'name', name, 'content', content) order by position), '[]')
       from messages where turn = t.id) as messages
    from ${turnsWithIds(ids)} where t.org_id = ${orgId} and ${isTurnVisible('t', viewer)}`.execute(database)
  return rows
}

/** `offset 0` keeps the planner to the index of ids, statistics or not. */
function turnsWithIds(ids: readonly number[]): RawBuilder<unknown> {
  return sql`unnest(${plannedOnce.bigint(ids)}) as asked (id) cross join lateral (select * from turns where turns.id = asked.id offset 0) t`
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
  const { rows } = await sql<{ memory: number; turn: number }>`${onePlan}
    select m.id as memory, s.turn from unnest(${memories}::bigint[]) as asked (id)
    cross join lateral (select * from memories where memories.id = asked.id offset 0) m
    cross join lateral (select turn from memory_sources where memory = m.id offset 0) s
    where m.org_id = ${orgId} and m.status = 'active' and (m.valid_to is null or m.valid_to > ${at})`.execute(database)
  return rows
}
