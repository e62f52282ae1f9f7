import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { readTallies } from '../tallies.ts'
import { isMemoryAfter, type Memory, type MemoryPlace, type NewMemory, readMemoriesWhere } from './memories.ts'
import { noteChanged } from './memory-changes.ts'
import type { FencedTransaction } from './org-fences.ts'

/** Owns the SQL of memories that are held for a review, and of what came of it. A memory is reviewed once. */

/** What is known of a review beside the memory. */
type Review = {
  readonly status: 'quarantined' | 'rejected'
  /** Why it is held: `instruction-like`, `unquoted` or `not-own-words`. */
  readonly reason: string
  readonly reviewedBy: string | null
  readonly reviewedAt: Date | null
}
export type HeldMemory = Memory & Review

/** An org's held or rejected memories, newest observation first. */
export async function readHeldMemories(
  database: Database,
  orgId: string,
  { status, limit, after }: { status: Review['status']; limit: number; after?: MemoryPlace | undefined },
): Promise<HeldMemory[]> {
  const isListed = sql<boolean>`m.status = ${status} and ${isMemoryAfter(after)}`
  const memories = await readMemoriesWhere(database, orgId, isListed, { page: sql`limit ${limit}` })
  if (memories.length === 0) return []
  const reviews = await database
    .selectFrom('memories')
    .select(['id', 'status_reason', 'reviewed_by', 'reviewed_at'])
    .where('org_id', '=', orgId)
    .where(
      'id',
      'in',
      memories.map(({ id }) => id),
    )
    .execute()
  const byId = new Map(reviews.map((review) => [review.id, review]))
  return memories.map((memory) => {
    const review = byId.get(memory.id)
    return {
      ...memory,
      status,
      reason: review?.status_reason ?? '',
      reviewedBy: review?.reviewed_by ?? null,
      reviewedAt: review?.reviewed_at ?? null,
    }
  })
}

/** The orgs with the most memories that wait for a review. */
export async function readHeldByOrg(
  database: Database,
  limit: number,
): Promise<{ readonly orgId: string; readonly count: number }[]> {
  const rows = await database
    .selectFrom('memories')
    .select((eb) => ['org_id', eb.fn.countAll<number>().as('count')])
    .where('status', '=', 'quarantined')
    .groupBy('org_id')
    .orderBy('count', 'desc')
    .orderBy('org_id')
    .limit(limit)
    .execute()
  return rows.map(({ org_id: orgId, count }) => ({ orgId, count: Number(count) }))
}

/** Memories that wait for a review, of one org or of all. */
export async function countHeldMemories(database: Database, orgId?: string): Promise<number> {
  return (await readTallies(database, orgId)).held
}

/** A held memory as a fact to compare with what is known, and the workstream in which it was said last. */
export type HeldFact = NewMemory & { readonly row: number; readonly workstreamId: string | null }

/** A memory that is held, if it is. */
export async function readHeldFact(database: Database, orgId: string, id: number): Promise<HeldFact | undefined> {
  const { rows } = await sql<HeldFact>`
    select m.id as row, m.fact, m.fact_hash as "factHash", m.kind, m.subject, m.subject_key as "subjectKey", m.attribute, m.importance, m.language, m.status,
      m.status_reason as "statusReason", m.observed_at as "observedAt", m.valid_from as "validFrom",
      json_build_object('userId', m.user_id, 'agentId', m.agent_id, 'workstreamId', m.workstream_id) as owner,
      (select coalesce(json_agg(json_build_object('turn', s.turn, 'quote', s.quote)), '[]') from memory_sources s where s.memory = m.id) as sources,
      (select t.workstream_id from memory_sources s cross join lateral (select * from turns where turns.id = s.turn offset 0) t
       where s.memory = m.id
       order by t.occurred_at desc, t.id desc limit 1) as "workstreamId"
    from memories m where m.org_id = ${orgId} and m.id = ${id} and m.status = 'quarantined'`.execute(database)
  return rows[0]
}

/** Ends the hold on a memory, with who did it and when; false when it is not held any more. Plans that knew nothing of it become stale. */
export async function reviewMemory(
  transaction: FencedTransaction,
  id: number,
  review: { readonly status: 'active' | 'rejected'; readonly by: string; readonly at: Date },
): Promise<boolean> {
  const reviewed = await transaction
    .updateTable('memories')
    .set({ status: review.status, reviewed_by: review.by, reviewed_at: review.at })
    .where('org_id', '=', transaction.orgId)
    .where('id', '=', id)
    .where('status', '=', 'quarantined')
    .returning('id')
    .executeTakeFirst()
  await noteChanged(transaction, [id])
  return reviewed !== undefined
}

/** Ends the hold on memories that other turns have proved; nobody had to review them. */
export async function releaseProved(transaction: FencedTransaction, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await transaction
    .updateTable('memories')
    .set({ status: 'active', status_reason: null })
    .where('org_id', '=', transaction.orgId)
    .where('id', 'in', [...ids])
    .where('status', '=', 'quarantined')
    .execute()
  await noteChanged(transaction, ids)
}
