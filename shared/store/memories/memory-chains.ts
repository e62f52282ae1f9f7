import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { MemoryState } from '../schema.ts'
import { isMemoryVisible, type Viewer } from '../scopes.ts'

/** Owns reading what became of a memory: its state, what it took the place of, and what took its place. */

export type MemoryChain = {
  readonly createdAt: Date
  readonly status: MemoryState
  readonly statusReason: string | null
  readonly reviewedBy: string | null
  readonly reviewedAt: Date | null
  /** Who wrote it by `memory.add` or `memory.update`; null where turns said it. */
  readonly writtenBy: string | null
  /** Who ended it with nothing in its place; `validTo` of the memory says when. */
  readonly endedBy: string | null
  /** Nearest first. */
  readonly successors: readonly number[]
  /** All whose place it took, themselves or through another, newest first. */
  readonly predecessors: readonly number[]
}

/** Longer chains are cut; they also end a circle, which nothing should ever write. */
const MAX_CHAIN = 1_000

/** The life of a memory of the org that the viewer may see; undefined when there is none. */
export async function readMemoryChain(
  database: Database,
  orgId: string,
  id: number,
  viewer: Viewer,
): Promise<MemoryChain | undefined> {
  const { rows } = await sql<MemoryChain>`
    with recursive later (id, step) as (
      select superseded_by, 1 from memories where org_id = ${orgId} and id = ${id}
      union all
      select m.superseded_by, step + 1 from later join memories m on m.id = later.id where m.org_id = ${orgId} and step < ${MAX_CHAIN}),
    earlier (id, step) as (
      select ${id}::bigint, 0
      union
      select m.id, step + 1 from earlier join memories m on m.superseded_by = earlier.id where m.org_id = ${orgId} and step < ${MAX_CHAIN})
    select m.created_at as "createdAt", m.status, m.status_reason as "statusReason", m.reviewed_by as "reviewedBy", m.reviewed_at as "reviewedAt", m.ended_by as "endedBy",
      (select t.written_by from memory_sources s cross join lateral (select * from turns where turns.id = s.turn offset 0) t
       where s.memory = m.id and t.written_by is not null order by t.id limit 1) as "writtenBy",
      (select coalesce(json_agg(id order by step), '[]') from later where id is not null) as successors,
      (select coalesce(json_agg(id order by id desc), '[]') from (select distinct id from earlier where step > 0) e) as predecessors
    from memories m where m.org_id = ${orgId} and m.id = ${id} and ${isMemoryVisible('m', viewer)}`.execute(database)
  return rows[0]
}
