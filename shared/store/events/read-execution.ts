import { sql } from 'kysely'
import { audiencesOf } from '../audiences.ts'
import type { Database } from '../database.ts'
import type { Viewer } from '../scopes.ts'
import type { StreamKey } from './event-streams.ts'

/** Owns what an execution comes to: the newest event of each of its steps, in one statement, and which executions have fallen silent. */

/** An event that no newer one of its step has replaced; `data` is JSON text. */
export type FoldedEvent = { readonly type: string; readonly at: Date; readonly data: string }

const MAX_STEPS = 1_000

/** The newest events of an execution by step, oldest first, as a viewer sees them; undefined for one of which the viewer sees nothing. */
export async function readExecution(
  database: Database,
  { orgId, stream }: StreamKey,
  viewer: Viewer,
): Promise<{ readonly cursor: string; readonly events: FoldedEvent[] } | undefined> {
  const { rows } = await sql<FoldedEvent & { cursor: string }>`
    select s.epoch || '.' || s.last_seq as cursor, e.type, e.at, e.data from event_streams s
    cross join lateral (
      select * from (
        select distinct on (step) * from (
          select seq, type, at, data, case when type = 'subtask_execution_update' then 'of ' || (data::jsonb ->> 'subtaskId') else type end as step
          from events where stream = s.id and audience = any(${audiencesOf(viewer)}::text[])) visible
        order by step, seq desc) newest
      order by type = 'subtask_execution_update', seq desc limit ${MAX_STEPS}) e
    where s.org_id = ${orgId} and s.stream = ${stream}::text[] order by e.seq`.execute(database)
  const [first] = rows
  return first && { cursor: first.cursor, events: rows }
}

/** Ends executions of which nothing was heard since a time, as failed, at most so many; returns which. */
export async function endSilentExecutions(
  database: Database,
  { since, now, limit }: { readonly since: Date; readonly now: Date; readonly limit: number },
): Promise<StreamKey[]> {
  const data = JSON.stringify({ error: 'Nothing was heard of it for too long.', reason: 'silent', data: {} })
  const { rows } = await sql<StreamKey>`
    with silent as (
      select s.id, s.last_seq, last.audience, last.user_id, last.workstream_id from event_streams s
      cross join lateral (select * from events where stream = s.id order by seq desc limit 1) last
      where s.stream[1] = 'workflow' and s.ended_at is null and last.at < ${since} limit ${limit}),
    ended as (
      update event_streams s set last_seq = s.last_seq + 1, ended_at = ${now} from silent
      where s.id = silent.id and s.last_seq = silent.last_seq and s.ended_at is null
      returning s.id, s.org_id, s.stream, s.last_seq, silent.audience, silent.user_id, silent.workstream_id),
    told as (
      insert into events (stream, seq, org_id, event_id, type, at, audience, user_id, workstream_id, data)
      select id, last_seq, org_id, 'execution_failed', 'execution_failed', ${now}::timestamptz, audience, user_id, workstream_id, ${data} from ended)
    select org_id as "orgId", stream from ended`.execute(database)
  return rows
}
