import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { ErasureScope } from '../erasing/erasures.ts'
import { workstreamStream } from './product-events.ts'

/**
 * Owns how events are forgotten. Guarantees: an event that goes leaves an empty place, which nobody sees, so that its stream has no gap; a stream whose
 * every event goes is gone itself. Processes keep what they have read of it for seconds.
 */

type TurnPlace = { readonly workstreamId: string; readonly turnId: string }

/** Forgets what was told of turns. */
export async function eraseTurnEvents(
  transaction: Database,
  orgId: string,
  turns: readonly TurnPlace[],
): Promise<void> {
  for (const [workstreamId, own] of Map.groupBy(turns, (turn) => turn.workstreamId)) {
    const stream = workstreamStream(workstreamId)
    await empty(
      transaction,
      sql`stream = (select id from event_streams where org_id = ${orgId} and stream = ${stream}::text[])
        and turn_id = any(${own.map(({ turnId }) => turnId)}::text[])`,
    )
  }
}

/** Forgets what was told of memories, by their row ids. */
export async function eraseMemoryEvents(transaction: Database, orgId: string, ids: readonly number[]): Promise<void> {
  await empty(transaction, sql`org_id = ${orgId} and memory = any(${ids}::bigint[])`)
}

/** Forgets the next events of an org, a user or a workstream, up to a time; returns whether there may be more. */
export async function eraseEvents(
  transaction: Database,
  { orgId, userId, workstreamId, turnId, memoryId, olderThan }: ErasureScope,
  until: Date,
  limit: number,
): Promise<boolean> {
  if (turnId !== undefined || memoryId !== undefined || olderThan !== undefined) return false
  const next = (condition: RawBuilder<unknown>) =>
    sql`ctid = any(array(select ctid from events where org_id = ${orgId} and at <= ${until} and ${condition} limit ${limit}))`
  if (userId !== undefined) return (await empty(transaction, next(sql`user_id = ${userId}`))) > 0
  const named =
    workstreamId === undefined
      ? sql`s.org_id = ${orgId}`
      : sql`s.org_id = ${orgId} and s.stream = ${workstreamStream(workstreamId)}::text[]`
  const { numAffectedRows = 0n } = await sql`
    delete from events where ${next(sql`stream in (select s.id from event_streams s where ${named})`)}`.execute(
    transaction,
  )
  if (numAffectedRows > 0n) return true
  await sql`delete from event_streams s where ${named} and not exists (select 1 from events where stream = s.id)`.execute(
    transaction,
  )
  await sql`update event_streams s set first_seq = (select min(seq) from events where stream = s.id) where ${named}`.execute(
    transaction,
  )
  return workstreamId !== undefined && (await empty(transaction, next(sql`workstream_id = ${workstreamId}`))) > 0
}

/** An audience to which nobody belongs. */
const NOBODY = 'nobody'

async function empty(transaction: Database, condition: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update events set event_id = 'erased:' || id, type = 'erased', data = '{}', audience = ${NOBODY},
      user_id = null, workstream_id = null, turn_id = null, memory = null
    where ${condition}`.execute(transaction)
  return Number(numAffectedRows)
}
