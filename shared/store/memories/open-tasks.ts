import { sql } from 'kysely'
import type { MemoryOwner } from './memories.ts'
import type { FencedTransaction } from './org-fences.ts'

/** A task or event that has no end yet. */
export type OpenTask = {
  readonly id: number
  readonly fact: string
  readonly kind: string
  readonly subject: string | null
  readonly observedAt: Date
  /** Whether it begins after the day on which it was said. */
  readonly isAhead: boolean
  /** Row ids of the turns that said it. */
  readonly turns: readonly number[]
}

/** Somebody with more open tasks will hardly mean an older one. */
const MAX_TASKS = 200

/** An owner's tasks and events that have no end, newest first, at most 200. */
export async function readOpenTasks(
  transaction: FencedTransaction,
  { userId, agentId, workstreamId }: MemoryOwner,
): Promise<OpenTask[]> {
  // The index has nulls too, and finds them by `is null` only.
  const isOwn = (column: 'user_id' | 'agent_id' | 'workstream_id', id: string | null) =>
    id === null ? sql`${sql.ref(`m.${column}`)} is null` : sql`${sql.ref(`m.${column}`)} = ${id}`
  const { rows } = await sql<OpenTask>`
    select m.id, m.fact, m.kind, m.subject, m.observed_at as "observedAt", m.valid_from > m.observed_at as "isAhead",
      (select coalesce(json_agg(s.turn), '[]') from memory_sources s where s.memory = m.id) as turns
    from memories m
    where m.org_id = ${transaction.orgId} and ${isOwn('user_id', userId)} and ${isOwn('agent_id', agentId)} and ${isOwn('workstream_id', workstreamId)}
      and m.kind in ('task', 'event') and m.status = 'active' and m.valid_to is null
    order by m.observed_at desc, m.id desc limit ${MAX_TASKS}`.execute(transaction)
  return rows
}
