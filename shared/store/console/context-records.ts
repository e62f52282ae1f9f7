import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { WorkstreamKey } from '../turns/workstreams.ts'

/** Owns what the console reads of compactions: their figures in lists, and one summary for somebody who reveals it. */

type ContextRecord = {
  readonly id: number
  readonly at: Date
  readonly by: string
  /** The first message that it does not cover, as `SEQ.POSITION`. */
  readonly upTo: string
  /** The messages that it covers and none before it did, and all that it stands for. */
  readonly messages: number
  readonly totalMessages: number
  readonly tokensBefore: number
  readonly tokensAfter: number
  readonly summaryTokens: number
  /** False for one that only shows large outputs by pointers. */
  readonly hasSummary: boolean
  readonly isInForce: boolean
}

/** A page of a workstream's compactions before one of them, the newest first. */
export async function readContextRecords(
  database: Database,
  { orgId, workstreamId }: WorkstreamKey,
  { beforeId, limit }: { beforeId?: number | undefined; limit: number },
): Promise<ContextRecord[]> {
  const { rows } = await sql<ContextRecord>`
    select c.id, c.created_at as at, c.model as by, c.cut_seq || '.' || c.cut_position as "upTo", c.messages, c.total_messages as "totalMessages",
      c.tokens_before as "tokensBefore", c.tokens_after as "tokensAfter", c.summary_tokens as "summaryTokens", c.summary is not null as "hasSummary",
      w.compaction = c.id as "isInForce"
    from compactions c join workstreams w using (org_id, workstream_id)
    where c.org_id = ${orgId} and c.workstream_id = ${workstreamId} and ${beforeId === undefined ? sql`true` : sql`c.id < ${beforeId}`}
    order by c.previous desc limit ${limit}`.execute(database)
  return rows
}

/** Returns the summary of one compaction; undefined if the workstream has none of that id. */
export async function readRevealedSummary(
  database: Database,
  { orgId, workstreamId }: WorkstreamKey,
  id: number,
): Promise<{ readonly summary: object | null } | undefined> {
  const { rows } = await sql<{ summary: object | null }>`
    select summary from compactions where org_id = ${orgId} and workstream_id = ${workstreamId} and id = ${id}`.execute(
    database,
  )
  return rows[0]
}
