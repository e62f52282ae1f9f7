import { type RawBuilder, sql } from 'kysely'
import type { Metadata, MetadataFilter } from '../../metadata.ts'
import type { Database } from '../database.ts'
import { onePlan } from '../planned-once.ts'
import type { MemoryState, Wording } from '../schema.ts'
import { isMemoryCurrent, isMemoryVisible, type Viewer } from '../scopes.ts'
import { readTallies } from '../tallies.ts'
import {
  findMemoriesOfTurns,
  findTurnsByMetadata,
  hasMemoryMetadata,
  metadataOfMemory,
} from '../turns/turn-metadata.ts'

/** Owns the SQL with which memories are read, with where they came from. */

/** To whom a memory belongs: at most one is set; with none it is the org's. */
export type MemoryOwner = {
  readonly userId: string | null
  readonly agentId: string | null
  readonly workstreamId: string | null
}

export type NewMemory = {
  readonly fact: string
  readonly factHash: Buffer
  readonly kind: string
  readonly subject: string | null
  /** The subject in the form in which subjects are compared. */
  readonly subjectKey: string | null
  readonly attribute: string | null
  readonly importance: number
  readonly language: string | null
  readonly owner: MemoryOwner
  readonly observedAt: Date
  readonly validFrom: Date
  /** When it is over by itself: an event that is to come. @default null */
  readonly overAt?: Date | null
  readonly status: MemoryState
  /** Why it is held. */
  readonly statusReason: string | null
  /** `wording`: how this turn alone puts it, where it is not as the memory does. */
  readonly sources: readonly { readonly turn: number; readonly quote: string; readonly wording?: Wording }[]
  /** The fact that a turn right before stated wrongly: this one takes its place, or is not stored. */
  readonly corrects?: { readonly factHash: Buffer; readonly turn: number }
}

/** A memory with the turns that it came from, oldest first. */
export type Memory = {
  readonly id: number
  readonly fact: string
  /** fact, preference, instruction, decision, task, event or relationship. */
  readonly kind: string
  /** Whom or what it is about, as far as that is known. */
  readonly subject: string | null
  /** Which property of the subject it states, where there is one value at a time. */
  readonly attribute: string | null
  /** 0 to 1. */
  readonly importance: number
  /** ISO 639-1, as far as it is known. */
  readonly language: string | null
  readonly scope: MemoryOwner
  /** When it was last said. */
  readonly observedAt: Date
  /** The day that the fact names, else when it was first said. */
  readonly validFrom: Date
  /** Since when it holds no more; of an event that is to come, the end of its last day. Null for all else. */
  readonly validTo: Date | null
  /** The memory that took its place. */
  readonly supersededBy: number | null
  /** Memories that cannot be true together with it, where nothing says which is. */
  readonly contradicts: readonly number[]
  /** What the app noted of the turns that it comes from; of a key that several have, that of the last. */
  readonly metadata: Metadata
  readonly sources: readonly {
    readonly workstreamId: string
    readonly turnId: string
    /** A piece of the turn, letter by letter; empty where a person approved a fact that its turn does not prove. */
    readonly quote: string
    readonly at: Date
  }[]
}

/** Which of an org's memories: some by id whatever their state, or a page of those that count at a time and that somebody may see. */
export type MemorySelection =
  | { readonly ids: readonly number[] }
  | {
      readonly viewer: Viewer
      readonly at: Date
      readonly limit: number
      /** The last one of the page before. @default the beginning */
      readonly after?: MemoryPlace | undefined
      readonly metadata?: MetadataFilter | undefined
    }

/** A memory's place in a list: whatever is added before it, the next page begins after it. */
export type MemoryPlace = Pick<Memory, 'id' | 'observedAt'>

/** Reads memories of an org, newest observation first. */
export async function readMemories(database: Database, orgId: string, selection: MemorySelection): Promise<Memory[]> {
  if ('ids' in selection) return readMemoriesWhere(database, orgId, sql<boolean>`true`, { ids: selection.ids })
  const { viewer, at, limit, after, metadata } = selection
  const meets = await metadataCondition(database, orgId, metadata)
  return readMemoriesWhere(
    database,
    orgId,
    sql<boolean>`${meets} and ${isMemoryCurrent('m', at)} and ${isMemoryVisible('m', viewer)} and ${isMemoryAfter(after)}`,
    { page: sql`limit ${limit}` },
  )
}

/** True for the memories that a list by newest observation has after a place. */
export function isMemoryAfter(place: MemoryPlace | undefined): RawBuilder<boolean> {
  return place === undefined ? sql`true` : sql`(m.observed_at, m.id) < (${place.observedAt}, ${place.id}::bigint)`
}

/** The standing instructions that hold for a viewer, newest first. */
export async function readInstructions(
  database: Database,
  orgId: string,
  {
    viewer,
    at,
    limit,
    metadata,
  }: {
    readonly viewer: Viewer
    readonly at: Date
    readonly limit: number
    readonly metadata?: MetadataFilter | undefined
  },
): Promise<Memory[]> {
  const isMeant = sql<boolean>`m.kind = 'instruction' and ${isMemoryCurrent('m', at)} and ${isMemoryVisible('m', viewer)}
    and ${hasMemoryMetadata(orgId, metadata, sql`m.id`)}`
  return readMemoriesWhere(database, orgId, isMeant, { page: sql`limit ${limit}` })
}

/** Reads the memories of an org for which a condition over `m` holds: all, those with some ids, or a page. */
export async function readMemoriesWhere(
  database: Database,
  orgId: string,
  condition: RawBuilder<boolean>,
  {
    ids,
    hasOnePlan = false,
    page = sql``,
  }: {
    readonly ids?: readonly number[]
    /** For conditions whose plan is the same for all parameters. */
    readonly hasOnePlan?: boolean
    readonly page?: RawBuilder<unknown>
  } = {},
): Promise<Memory[]> {
  const { rows } = await sql<Memory & { sources: { at: string }[] }>`${hasOnePlan ? onePlan : sql``}
    select m.id, m.fact, m.kind, m.subject, m.attribute, m.importance, m.language,
      json_build_object('userId', m.user_id, 'agentId', m.agent_id, 'workstreamId', m.workstream_id) as scope,
      m.observed_at as "observedAt", m.valid_from as "validFrom", least(m.valid_to, m.over_at) as "validTo", m.superseded_by as "supersededBy",
      (select coalesce(json_agg(c.id order by c.id), '[]') from (
         select other as id from memory_contradictions where memory = m.id
         union all select memory from memory_contradictions where other = m.id) c) as contradicts,
      ${metadataOfMemory(sql`m.id`)} as metadata,
      (select coalesce(json_agg(json_build_object(
          'workstreamId', t.workstream_id, 'turnId', t.turn_id, 'quote', s.quote, 'at', t.occurred_at) order by t.occurred_at, t.id), '[]')
       from memory_sources s cross join lateral (select * from turns where turns.id = s.turn offset 0) t where s.memory = m.id) as sources
    from ${ids ? memoriesWithIds(ids) : sql`memories m`}
    where m.org_id = ${orgId} and ${condition}
    order by m.observed_at desc, m.id desc ${page}`.execute(database)
  return rows.map((row) => ({ ...row, sources: row.sources.map((source) => ({ ...source, at: new Date(source.at) })) }))
}

/** `offset 0` keeps the planner to the index of ids: without statistics, as on PGlite, it goes through all memories of the org. */
function memoriesWithIds(ids: readonly number[]): RawBuilder<unknown> {
  return sql`unnest(${ids}::bigint[]) as asked (id) cross join lateral (select * from memories where memories.id = asked.id offset 0) m`
}

/** Filters that more turns pass are asked of each memory in its turn. */
const MAX_FOUND_TURNS = 1_000

/** True for memories `m` that a filter on metadata passes: of the few that it passes, or asked of each. */
async function metadataCondition(database: Database, orgId: string, filter: MetadataFilter | undefined) {
  const turns = filter && (await findTurnsByMetadata(database, orgId, filter, MAX_FOUND_TURNS))
  if (turns === undefined) return hasMemoryMetadata(orgId, filter, sql`m.id`)
  return sql<boolean>`m.id = any(${await findMemoriesOfTurns(database, turns)}::bigint[])`
}

/** The ids of memories of an org for which a condition over `m` holds, at most so many. */
export async function findMemoriesWhere(
  database: Database,
  orgId: string,
  condition: RawBuilder<boolean>,
  limit: number,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select m.id from memories m where m.org_id = ${orgId} and ${condition} limit ${limit}`.execute(database)
  return rows.map(({ id }) => id)
}

/** How many memories count at a time, for one org or for all. */
export async function countMemories(database: Database, at: Date, orgId?: string): Promise<number> {
  const { lasting } = await readTallies(database, orgId)
  // Of those that begin or end later: some count although they have an end, others do not although they have none.
  const { rows } = await sql<{ more: number }>`
    select coalesce(sum(case when valid_to is null and over_at is null and status = 'active' then -1 else 0 end
      + case when ${isMemoryCurrent('m', at)} then 1 else 0 end), 0)::bigint as more
    from memories m where (valid_to is not null or over_at is not null or valid_from > created_at)
      and greatest(valid_to, over_at, valid_from) > ${at} and ${orgId === undefined ? sql`true` : sql`org_id = ${orgId}`}`.execute(
    database,
  )
  return lasting + (rows[0]?.more ?? 0)
}
