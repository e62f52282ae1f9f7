import { type RawBuilder, sql } from 'kysely'
import type { DroppedFact } from '../../fact-verdicts.ts'
import { ORG_AUDIENCE } from '../audiences.ts'
import type { Database } from '../database.ts'
import { appending, type StreamKey } from './event-streams.ts'

/**
 * Owns the product's own events: which there are, and on which stream each goes. They hold ids, never a text, and are written in the transaction of what
 * they tell of. Whoever commits that transaction announces the stream.
 */
export type ProductEventType =
  | 'turn.extracted'
  | 'turn.dead_lettered'
  | 'memory.created'
  | 'memory.superseded'
  | 'memory.held'
  | 'context.compacted'
  | 'repo.indexed'
  | 'repo.failed'
  | 'erasure.completed'

/** What stands first in the names of the product's own streams; apps cannot publish there. */
export const RESERVED_STREAMS: readonly string[] = ['org', 'workstream', 'repo', 'workflow', 'progress']

/** What concerns an org as a whole. */
export const ORG_STREAM: readonly string[] = ['org']

/** Turns, memories and summaries of a workstream. */
export function workstreamStream(workstreamId: string): readonly string[] {
  return ['workstream', workstreamId]
}

/** Memories of a workstream; those of none are the org's. */
export function memoriesStream(workstreamId: string | null): readonly string[] {
  return workstreamId === null ? ORG_STREAM : workstreamStream(workstreamId)
}

/** Index runs of a repository. */
export function repoStream(repoId: string): readonly string[] {
  return ['repo', repoId]
}

/** The part of a `with` that tells of turns that were settled, and why facts of them were dropped; `settled` is the part that returns their rows. */
export function tellingTurns(
  { orgId, workstreamId }: { readonly orgId: string; readonly workstreamId: string },
  type: ProductEventType & `turn.${string}`,
  at: Date,
  dropped: readonly DroppedFact[],
): RawBuilder<unknown> {
  const reasons = Object.fromEntries(
    [...Map.groupBy(dropped, ({ turn }) => turn)].map(([turn, facts]) => [turn, facts.map(({ reason }) => reason)]),
  )
  const source = sql`
    select row_number() over (order by id) as nth, ${type}::text as type, user_id, turn_id, null::bigint as memory,
      case memory_scope when 'user' then 'user:' || user_id when 'agent' then 'agent:' || agent_id
        when 'workstream' then 'workstream:' || workstream_id else ${ORG_AUDIENCE} end as audience,
      json_strip_nulls(json_build_object('workstreamId', workstream_id, 'turnId', turn_id, 'dropped', ${JSON.stringify(reasons)}::json -> id::text))::text as data
    from settled`
  return appending({ orgId, workstreamId, stream: workstreamStream(workstreamId) }, source, at)
}

/** Where memories come from: a workstream, or with null none. */
type MemorySource = { readonly orgId: string; readonly workstreamId: string | null }

/** The part of a `with` that tells of memories, each to those who see it; `changed` is the part that returns their rows. */
export function tellingMemories(
  { orgId, workstreamId }: MemorySource,
  change: 'written' | 'superseded',
  at: Date,
): RawBuilder<unknown> {
  const type =
    change === 'superseded'
      ? sql`'memory.superseded'`
      : sql`case status when 'active' then 'memory.created' else 'memory.held' end`
  const data =
    change === 'superseded'
      ? sql`json_build_object('memoryId', id, 'supersededBy', superseded_by)`
      : sql`json_build_object('memoryId', id)`
  const source = sql`
    select row_number() over (order by id) as nth, ${type} as type, user_id, null::text as turn_id, id as memory,
      coalesce('user:' || user_id, 'agent:' || agent_id, 'workstream:' || workstream_id, ${ORG_AUDIENCE}) as audience,
      ${data}::text as data from changed`
  return appending({ orgId, workstreamId, stream: memoriesStream(workstreamId) }, source, at)
}

/** Tells something that everybody of the org may know. */
export async function tell(
  transaction: Database,
  key: StreamKey & { readonly workstreamId?: string },
  type: ProductEventType,
  data: object,
  at: Date,
): Promise<void> {
  const source = sql`
    select 1 as nth, ${type}::text as type, ${ORG_AUDIENCE} as audience, null::text as user_id, null::text as turn_id, null::bigint as memory,
      ${JSON.stringify(data)}::text as data`
  await sql`with ${appending(key, source, at)} select 1`.execute(transaction)
}
