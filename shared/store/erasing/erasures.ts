import { type SqlBool, sql } from 'kysely'
import { AfterturnError } from '../../errors.ts'
import type { Database } from '../database.ts'

/**
 * Owns the rows of erasures: what is to be forgotten, how far that is, and, for whoever works on what was read before, that it is to be forgotten.
 * A row says who and which ids, never a text.
 */

/** What is erased: a whole org, or one part of it; `olderThan` is retention's. */
export type ErasureScope = {
  readonly orgId: string
  readonly userId?: string | undefined
  readonly workstreamId?: string | undefined
  /** Beside its workstream. */
  readonly turnId?: string | undefined
  readonly memoryId?: number | undefined
  readonly olderThan?: Date | undefined
  /** Beside `olderThan`: turns from which an active memory of at least this importance comes stay. */
  readonly keptImportance?: number | undefined
}

export type Erasure = ErasureScope & {
  readonly id: number
  readonly uptoTurn: number
  readonly uptoMemory: number
  readonly requestedBy: string
  readonly requestedAt: Date
  readonly completedAt: Date | null
  readonly turns: number
  readonly memories: number
}

/** Writes down that something is to be erased, with all that is there by now. */
export async function insertErasure(
  database: Database,
  scope: ErasureScope,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<Erasure> {
  const { rows } = await sql<{ id: number }>`
    insert into erasures (org_id, user_id, workstream_id, turn_id, memory, older_than, kept_importance, upto_turn, upto_memory, requested_by, requested_at)
    select ${scope.orgId}, ${scope.userId ?? null}, ${scope.workstreamId ?? null}, ${scope.turnId ?? null}, ${scope.memoryId ?? null}::bigint,
      ${scope.olderThan ?? null}::timestamptz, ${scope.keptImportance ?? null}::real,
      coalesce((select max(id) from turns where org_id = ${scope.orgId}), 0),
      coalesce((select max(id) from memories where org_id = ${scope.orgId}), 0), ${by}, ${at}
    returning id`.execute(database)
  const [erasure] = await readErasures(database, sql<SqlBool>`id = ${rows[0]?.id}`, 1)
  return erasure as Erasure
}

/** Erasures that were asked for before a moment and are not through, oldest first. */
export function readUnfinishedErasures(database: Database, askedBefore: Date, limit: number): Promise<Erasure[]> {
  return readErasures(database, sql<SqlBool>`completed_at is null and requested_at < ${askedBefore}`, limit)
}

/** Adds to what an erasure has erased; call it in the transaction that does. */
export async function countErased(
  transaction: Database,
  id: number,
  { turns, memories }: { readonly turns: number; readonly memories: number },
): Promise<void> {
  await sql`update erasures set turns = turns + ${turns}::bigint, memories = memories + ${memories}::bigint where id = ${id}`.execute(
    transaction,
  )
}

/** Notes that all is erased; answers how much that was. */
export async function completeErasure(
  database: Database,
  id: number,
  now: Date,
): Promise<Pick<Erasure, 'turns' | 'memories'>> {
  return database
    .updateTable('erasures')
    .set((eb) => ({ completed_at: eb.fn.coalesce('completed_at', eb.val(now)) }))
    .where('id', '=', id)
    .returning(['turns', 'memories'])
    .executeTakeFirstOrThrow()
}

/**
 * How far an org's erasures are: who works on what it read takes it first, and gives it to `refuseErased` when it commits. It changes when one is asked
 * for, and with each batch that goes: one that was asked for before the reading may erase after it.
 */
export async function readErasureMark(database: Database, orgId: string): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select coalesce(max(id), 0) || ':' || coalesce(sum(turns + memories), 0) as mark from erasures where org_id = ${orgId}`.execute(
    database,
  )
  return rows[0]?.mark ?? ''
}

/**
 * Refuses to commit what rests on rows that may be erased by now. Call it under a lock that erasures take too: the org's fence, or the workstream's row.
 * @throws TURNS_CHANGED
 */
export async function refuseErased(transaction: Database, orgId: string, mark: string): Promise<void> {
  if ((await readErasureMark(transaction, orgId)) === mark) return
  throw new AfterturnError(
    'TURNS_CHANGED',
    `Expected no erasure of org ${JSON.stringify(orgId)} meanwhile, but there was one.`,
  )
}

/**
 * Refuses to go on with turns that are not there any more, given by their row ids.
 * @throws TURNS_CHANGED
 */
export async function refuseErasedTurns(database: Database, orgId: string, ids: readonly number[]): Promise<void> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from turns where org_id = ${orgId} and id = any(${ids}::bigint[])`.execute(database)
  const found = rows[0]?.count ?? 0
  if (found === ids.length) return
  throw new AfterturnError('TURNS_CHANGED', `Expected ${ids.length} turns, got ${found}: the others were erased.`)
}

async function readErasures(
  database: Database,
  condition: ReturnType<typeof sql<SqlBool>>,
  limit: number,
): Promise<Erasure[]> {
  const rows = await database.selectFrom('erasures').selectAll().where(condition).orderBy('id').limit(limit).execute()
  return rows.map((row) => ({
    id: row.id,
    orgId: row.org_id,
    userId: row.user_id ?? undefined,
    workstreamId: row.workstream_id ?? undefined,
    turnId: row.turn_id ?? undefined,
    memoryId: row.memory ?? undefined,
    olderThan: row.older_than ?? undefined,
    keptImportance: row.kept_importance ?? undefined,
    uptoTurn: row.upto_turn,
    uptoMemory: row.upto_memory,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    completedAt: row.completed_at,
    turns: row.turns,
    memories: row.memories,
  }))
}
