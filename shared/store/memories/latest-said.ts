import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { TurnRow } from '../turns/turns.ts'
import type { MemoryOwner } from './memories.ts'

/** A memory as somebody may correct it in a later turn. */
type LatestSaid = {
  readonly fact: string
  readonly kind: string
  readonly subject: string | null
  readonly attribute: string | null
  readonly importance: number
}

/** A correction comes soon. */
const TURNS_BACK = 20
const MAX_MEMORIES = 20

/** What an owner's turns before this one said in its workstream and still holds, newest first, at most 20. */
export async function readLatestSaid(
  database: Database,
  orgId: string,
  { workstreamId, seq }: Pick<TurnRow, 'workstreamId' | 'seq'>,
  owner: MemoryOwner,
): Promise<LatestSaid[]> {
  const { rows } = await sql<LatestSaid>`
    select m.fact, m.kind, m.subject, m.attribute, m.importance
    from (select id, seq from turns where org_id = ${orgId} and workstream_id = ${workstreamId} and seq < ${seq}
      order by seq desc limit ${TURNS_BACK}) turn
    join memory_sources s on s.turn = turn.id
    join memories m on m.id = s.memory
    where m.org_id = ${orgId} and m.status = 'active' and m.valid_to is null and m.user_id is not distinct from ${owner.userId}
      and m.agent_id is not distinct from ${owner.agentId} and m.workstream_id is not distinct from ${owner.workstreamId}
    order by turn.seq desc, m.id desc limit ${MAX_MEMORIES}`.execute(database)
  return rows
}
