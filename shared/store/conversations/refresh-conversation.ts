import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { WorkstreamKey } from '../turns/workstreams.ts'
import { type Pins, pinSystem } from './system-pins.ts'

/** Owns what a workstream's row knows of its conversation once turns of it went or changed. Call it inside the transaction that changes them. */

/** System messages of a conversation that are read to tell which of them hold. */
const MAX_READ_SYSTEM = 1_000

/** Reckons the row anew from what is left; a summary that stood for turns that went says their words, so all summaries go. */
export async function refreshConversation(transaction: Database, scope: WorkstreamKey): Promise<void> {
  const { orgId, workstreamId } = scope
  const pins = await readPins(transaction, scope)
  await sql`delete from compactions where org_id = ${orgId} and workstream_id = ${workstreamId}`.execute(transaction)
  await sql`
    update messages m set call_seq = null, call_position = null from turns t
    where t.id = m.turn and t.org_id = ${orgId} and t.workstream_id = ${workstreamId} and m.call_seq is not null and not exists (
      select 1 from turns c where c.org_id = t.org_id and c.workstream_id = t.workstream_id and c.seq = m.call_seq)`.execute(
    transaction,
  )
  // As the migration reckons it, and `liveTokensOf`.
  await sql`
    update workstreams w set compaction = null, compaction_target = null, compaction_failures = 0, compaction_attempts = 0, compaction_blocked_until = null,
      live_tokens = left_over.tokens, total_messages = left_over.messages, pins = ${JSON.stringify(pins)}::jsonb,
      open_calls = coalesce((select jsonb_agg(call) from jsonb_array_elements(w.open_calls) as call where exists (
        select 1 from turns t where t.org_id = w.org_id and t.workstream_id = w.workstream_id and t.seq = (call ->> 'seq')::bigint)), '[]')
    from (
      select count(*) as messages, coalesce(sum(coalesce(m.tokens, ceil(octet_length(m.content) / 4.0) + 4)), 0) as tokens
      from turns t join messages m on m.turn = t.id
      where t.org_id = ${orgId} and t.workstream_id = ${workstreamId} and t.seq >= 0
    ) left_over
    where w.org_id = ${orgId} and w.workstream_id = ${workstreamId}`.execute(transaction)
}

type Pinnable = { seq: number; position: number; content: string; isLeading: boolean }

async function readPins(transaction: Database, { orgId, workstreamId }: WorkstreamKey): Promise<Pins> {
  const isHere = sql`t.org_id = ${orgId} and t.workstream_id = ${workstreamId} and t.seq >= 0`
  const { rows: system } = await sql<Pinnable>`
    select * from (
      select t.seq, m.position, m.content, not exists (
        select 1 from messages o where o.turn = t.id and o.position < m.position and o.role not in ('system', 'developer')) as "isLeading"
      from turns t join messages m on m.turn = t.id
      where ${isHere} and m.role in ('system', 'developer') order by t.seq desc, m.position desc limit ${MAX_READ_SYSTEM}) newest
    order by seq, position`.execute(transaction)
  const { rows: users } = await sql<Pick<Pinnable, 'seq' | 'position'>>`
    select t.seq, m.position from turns t join messages m on m.turn = t.id
    where ${isHere} and m.role = 'user' order by t.seq, m.position limit 1`.execute(transaction)
  const [user] = users
  const pins: Pins = user ? { user: [user.seq, user.position] } : {}
  return system.reduce<Pins>(
    (held, { seq, position, content, isLeading }) => pinSystem(held, { at: [seq, position], text: content, isLeading }),
    pins,
  )
}
