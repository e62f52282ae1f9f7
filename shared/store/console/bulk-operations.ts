import { sql } from 'kysely'
import type { DeadLetterFilter } from '../control/dead-letters.ts'
import type { Database } from '../database.ts'

/**
 * Owns the rows of operations on many dead letters. Guarantees: an operation's filter, its newest letter and its count stay as they were confirmed; its
 * place moves by compare-and-set, so that two processes never count a letter twice.
 */

type BulkAction = 'replay' | 'drop'

type NewBulkOperation = DeadLetterFilter & {
  readonly action: BulkAction
  readonly uptoId: number
  readonly confirmed: number
  readonly requestedBy: string
  readonly requestedAt: Date
}

export type BulkOperation = NewBulkOperation & {
  readonly id: number
  /** Letters up to this one are worked off. */
  readonly afterId: number
  readonly done: number
  readonly refused: number
  readonly state: 'running' | 'aborted' | 'ended'
  /** The error that stopped the last batch; it is tried again. */
  readonly failure: string | null
  readonly endedAt: Date | null
}

const columns = sql`id, action, org_id as "orgId", queue, code, cause, upto_id as "uptoId", after_id as "afterId", confirmed, done, refused,
  requested_by as "requestedBy", requested_at as "requestedAt", state, failure, ended_at as "endedAt"`

/** Writes an operation, which then is worked off, and returns its id. */
export async function insertBulkOperation(database: Database, operation: NewBulkOperation): Promise<number> {
  const {
    action,
    orgId = null,
    queue = null,
    code = null,
    cause = null,
    uptoId,
    confirmed,
    requestedBy,
    requestedAt,
  } = operation
  const { rows } = await sql<{ id: number }>`
    insert into bulk_operations (action, org_id, queue, code, cause, upto_id, confirmed, requested_by, requested_at)
    values (${action}, ${orgId}, ${queue}, ${code}, ${cause}, ${uptoId}, ${confirmed}, ${requestedBy}, ${requestedAt}) returning id`.execute(
    database,
  )
  return rows[0]?.id as number
}

/** Operations, the newest first; those that run only, if asked for, the oldest first. */
export async function readBulkOperations(
  database: Database,
  { limit, isRunning = false }: { limit: number; isRunning?: boolean },
): Promise<BulkOperation[]> {
  const which = isRunning ? sql`where state = 'running' order by id` : sql`order by id desc`
  const { rows } = await sql<BulkOperation>`select ${columns} from bulk_operations ${which} limit ${limit}`.execute(
    database,
  )
  return rows.map(withoutNulls)
}

/** One operation; undefined when there is none. */
export async function findBulkOperation(database: Database, id: number): Promise<BulkOperation | undefined> {
  const { rows } = await sql<BulkOperation>`select ${columns} from bulk_operations where id = ${id}`.execute(database)
  return rows[0] && withoutNulls(rows[0])
}

/** Stops an operation, or lets one that was stopped go on; false when it was in neither state. */
export async function switchBulkOperation(database: Database, id: number, to: 'running' | 'aborted'): Promise<boolean> {
  const from = to === 'running' ? 'aborted' : 'running'
  const { rows } = await sql`
    update bulk_operations set state = ${to}, failure = null where id = ${id} and state = ${from} returning id`.execute(
    database,
  )
  return rows.length > 0
}

/** Moves an operation's place after a batch; false when another process was first. */
export async function advanceBulkOperation(
  database: Database,
  { id, afterId }: Pick<BulkOperation, 'id' | 'afterId'>,
  batch: { readonly afterId: number; readonly done: number; readonly refused: number },
): Promise<boolean> {
  const { rows } = await sql`
    update bulk_operations set after_id = ${batch.afterId}, done = done + ${batch.done}, refused = refused + ${batch.refused}, failure = null
    where id = ${id} and after_id = ${afterId} returning id`.execute(database)
  return rows.length > 0
}

/** Ends an operation whose letters are worked off. */
export async function endBulkOperation(database: Database, id: number, now: Date): Promise<void> {
  await sql`update bulk_operations set state = 'ended', ended_at = ${now} where id = ${id} and state = 'running'`.execute(
    database,
  )
}

/** Notes what stopped a batch. */
export async function noteBulkFailure(database: Database, id: number, failure: string): Promise<void> {
  await sql`update bulk_operations set failure = ${failure} where id = ${id}`.execute(database)
}

/** Counts the letters between two ids that this name resolved, those of an interrupted batch included. */
export async function countResolvedBy(
  database: Database,
  { by, afterId, uptoId }: { by: string; afterId: number; uptoId: number },
): Promise<number> {
  const { rows } = await sql<{ letters: number }>`
    select count(*) as letters from dead_letters where id > ${afterId} and id <= ${uptoId} and resolved_by = ${by}`.execute(
    database,
  )
  return rows[0]?.letters ?? 0
}

function withoutNulls(row: BulkOperation): BulkOperation {
  const { orgId, queue, code, cause, ...rest } = row
  return {
    ...rest,
    ...(orgId !== null && { orgId }),
    ...(queue !== null && { queue }),
    ...(code !== null && { code }),
    ...(cause !== null && { cause }),
  }
}
