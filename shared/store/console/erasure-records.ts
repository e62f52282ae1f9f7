import { sql } from 'kysely'
import type { Database } from '../database.ts'

/** An erasure as it is listed: ids, never a text. */
type ErasureRecord = {
  readonly id: number
  readonly orgId: string
  readonly userId: string | null
  readonly workstreamId: string | null
  readonly turnId: string | null
  readonly memoryId: number | null
  /** Of retention: turns that are older. */
  readonly olderThan: Date | null
  readonly requestedBy: string
  readonly requestedAt: Date
  readonly workedAt: Date
  readonly completedAt: Date | null
  readonly turns: number
  readonly memories: number
}

/** A page of erasures before one of them, the newest first; of all orgs without `orgId`. */
export async function readErasureRecords(
  database: Database,
  { orgId, beforeId, limit }: { orgId?: string | undefined; beforeId?: number | undefined; limit: number },
): Promise<ErasureRecord[]> {
  const { rows } = await sql<ErasureRecord>`
    select id, org_id as "orgId", user_id as "userId", workstream_id as "workstreamId", turn_id as "turnId", memory as "memoryId",
      older_than as "olderThan", requested_by as "requestedBy", requested_at as "requestedAt", worked_at as "workedAt",
      completed_at as "completedAt", turns, memories from erasures
    where ${orgId === undefined ? sql`true` : sql`org_id = ${orgId}`} and ${beforeId === undefined ? sql`true` : sql`id < ${beforeId}`}
    order by id desc limit ${limit}`.execute(database)
  return rows
}
