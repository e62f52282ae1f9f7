import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { MemoryState } from '../schema.ts'
import type { MemoryOwner } from './memories.ts'
import type { FencedTransaction } from './org-fences.ts'

/** Owns reading and taking away what memories have from single turns. */

/** A memory by one of its turns. */
export type DerivedFact = {
  readonly memory: number
  /** Row id. */
  readonly turn: number
  readonly quote: string
  readonly fact: string
  readonly factHash: Buffer
  /** As this turn put it; null where it is the memory's own wording. */
  readonly wording: string | null
  readonly status: MemoryState
  /** Whether somebody decided about it: a review, a wish to forget it, a correction by the app. */
  readonly isDecided: boolean
}

/** What memories have from these turns. */
export async function readDerivedFacts(
  database: Database,
  orgId: string,
  turns: readonly number[],
): Promise<DerivedFact[]> {
  // `offset 0` keeps the planner to the indexes, statistics or not.
  const { rows } = await sql<DerivedFact>`
    select m.id as memory, s.turn, s.quote, m.fact, m.fact_hash as "factHash", s.wording ->> 'fact' as wording, m.status,
      m.reviewed_by is not null or m.ended_by is not null or exists (
        select 1 from memory_sources n cross join lateral (select written_by from turns where turns.id = n.turn offset 0) t
        where n.memory = m.superseded_by and t.written_by is not null) as "isDecided"
    from memory_sources s cross join lateral (select * from memories where memories.id = s.memory offset 0) m
    where s.turn = any(${turns}::bigint[]) and m.org_id = ${orgId} order by m.id, s.turn`.execute(database)
  return rows
}

/** What an owner had that was ended with nothing in its place. */
type ForgottenFact = { readonly fact: string; readonly endedAt: Date }

/** An owner who had more ended will hardly say an older one in other words. */
const MAX_FORGOTTEN = 200

/** The newest of what was forgotten of an owner's. */
export async function readForgottenFacts(
  database: Database,
  orgId: string,
  { userId, agentId, workstreamId }: MemoryOwner,
): Promise<ForgottenFact[]> {
  const { rows } = await sql<ForgottenFact>`
    select fact, valid_to as "endedAt" from memories
    where org_id = ${orgId} and ended_by is not null and user_id is not distinct from ${userId} and agent_id is not distinct from ${agentId}
      and workstream_id is not distinct from ${workstreamId}
    order by id desc limit ${MAX_FORGOTTEN}`.execute(database)
  return rows
}

/** Takes turns out of the sources of memories; returns the memories that are left without any, and those that are not. */
export async function removeSources(
  transaction: FencedTransaction,
  sources: readonly Pick<DerivedFact, 'memory' | 'turn'>[],
): Promise<{ readonly orphans: number[]; readonly left: number[] }> {
  if (sources.length === 0) return { orphans: [], left: [] }
  await sql`
    delete from memory_sources s using unnest(${sources.map(({ memory }) => memory)}::bigint[], ${sources.map(({ turn }) => turn)}::bigint[]) as gone (memory, turn)
    where s.memory = gone.memory and s.turn = gone.turn`.execute(transaction)
  const ids = [...new Set(sources.map(({ memory }) => memory))]
  const { rows } = await sql<{ id: number }>`
    select distinct memory as id from memory_sources where memory = any(${ids}::bigint[])`.execute(transaction)
  const left = rows.map(({ id }) => id)
  return { left, orphans: ids.filter((id) => !left.includes(id)) }
}
