import { sql } from 'kysely'
import { AfterturnError } from '../../errors.ts'
import type { Database } from '../database.ts'
import { ORG_STREAM, tell } from '../events/product-events.ts'

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
  /** When somebody asked for it last. */
  readonly askedAt: Date
}

/** What an erasure has erased. */
export type ErasedCounts = { readonly turns: number; readonly memories: number }

/**
 * Writes down that something is to be erased, with all that is there by now. An erasure of the same scope that is not complete is continued: a wish that
 * fails and is repeated stays one row.
 */
export async function requestErasure(
  database: Database,
  scope: ErasureScope,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<Erasure> {
  const olderThan = sql`${scope.olderThan ?? null}::timestamptz`
  const keptImportance = sql`${scope.keptImportance ?? null}::real`
  const uptoTurn = sql`coalesce((select max(id) from turns where org_id = ${scope.orgId}), 0)`
  const uptoMemory = sql`coalesce((select max(id) from memories where org_id = ${scope.orgId}), 0)`
  const continued = await sql<{ id: number }>`
    update erasures set upto_turn = ${uptoTurn}, upto_memory = ${uptoMemory}, older_than = ${olderThan}, kept_importance = ${keptImportance},
      asked_at = ${at}, worked_at = ${at}
    where completed_at is null and id = (
      select id from erasures where org_id = ${scope.orgId} and completed_at is null and (older_than is null) = (${olderThan} is null)
        and user_id is not distinct from ${scope.userId ?? null}::text and workstream_id is not distinct from ${scope.workstreamId ?? null}::text
        and turn_id is not distinct from ${scope.turnId ?? null}::text and memory is not distinct from ${scope.memoryId ?? null}::bigint
      order by id limit 1)
    returning id`.execute(database)
  if (continued.rows[0]) return readErasure(database, continued.rows[0].id)
  const { rows } = await sql<{ id: number }>`
    insert into erasures (org_id, user_id, workstream_id, turn_id, memory, older_than, kept_importance, upto_turn, upto_memory, requested_by,
      requested_at, asked_at, worked_at)
    values (${scope.orgId}, ${scope.userId ?? null}, ${scope.workstreamId ?? null}, ${scope.turnId ?? null}, ${scope.memoryId ?? null}::bigint,
      ${olderThan}, ${keptImportance}, ${uptoTurn}, ${uptoMemory}, ${by}, ${at}, ${at}, ${at})
    returning id`.execute(database)
  return readErasure(database, rows[0]?.id as number)
}

/**
 * Takes up the erasure that has been without a sign of life for longest, at least since `idleSince`: for one process, whoever else asks.
 * A sign of life from a clock that was ahead does not count.
 */
export async function takeIdleErasure(
  database: Database,
  { now, idleSince }: { readonly now: Date; readonly idleSince: Date },
): Promise<Erasure | undefined> {
  const implausible = new Date(2 * now.getTime() - idleSince.getTime())
  const { rows } = await sql<{ id: number }>`
    update erasures set worked_at = ${now} where completed_at is null and id = (
      select id from erasures where completed_at is null and (worked_at < ${idleSince} or worked_at > ${implausible})
      order by worked_at, id limit 1 for update skip locked)
    returning id`.execute(database)
  return rows[0] && readErasure(database, rows[0].id)
}

/** Gives a sign of life for erasures. */
export async function keepErasuresAlive(database: Database, ids: readonly number[], now: Date): Promise<void> {
  await sql`update erasures set worked_at = ${now} where id = any(${ids}::bigint[])`.execute(database)
}

/** Adds to what an erasure has erased; call it in the transaction that does. */
export async function countErased(transaction: Database, id: number, { turns, memories }: ErasedCounts): Promise<void> {
  await sql`update erasures set turns = turns + ${turns}::bigint, memories = memories + ${memories}::bigint where id = ${id}`.execute(
    transaction,
  )
}

/** Notes that all is erased and tells the org's stream, unless more was asked for meanwhile; returns how much that was. */
export async function completeErasure(
  database: Database,
  { id, askedAt }: Pick<Erasure, 'id' | 'askedAt'>,
  now: Date,
): Promise<ErasedCounts> {
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<ErasedCounts & { orgId: string; isTold: boolean }>`
      update erasures set completed_at = case when asked_at <= ${askedAt} then coalesce(completed_at, ${now}) else completed_at end
      where id = ${id} returning turns, memories, org_id as "orgId", completed_at is not null and coalesce(user_id, workstream_id, memory::text, older_than::text) is not null as "isTold"`.execute(
      transaction,
    )
    const { orgId, isTold, ...counts } = rows[0] as (typeof rows)[number]
    const key = { orgId, stream: ORG_STREAM }
    // A whole org goes with its streams: nobody is left to be told, and nothing may name it.
    if (isTold) await tell(transaction, key, 'erasure.completed', { erasureId: id, ...counts }, now)
    return counts
  })
}

/**
 * How far an org's erasures are: who works on what it read takes it first, and gives it to `refuseErased` when it commits. It changes when one is asked
 * for, and with each batch that goes: one that was asked for before the reading may erase after it.
 */
export async function readErasureMark(database: Database, orgId: string): Promise<string> {
  const { rows } = await sql<{ mark: string }>`
    select coalesce(max(id), 0) || ':' || coalesce(sum(turns + memories), 0) || ':' || coalesce(extract(epoch from max(asked_at)), 0) as mark from erasures where org_id = ${orgId}`.execute(
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

async function readErasure(database: Database, id: number): Promise<Erasure> {
  const row = await database.selectFrom('erasures').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return {
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
    askedAt: row.asked_at,
  }
}
