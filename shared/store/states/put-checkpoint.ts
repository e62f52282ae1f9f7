import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { ChannelMap } from './checkpoint-rows.ts'

/** Owns writing checkpoints and the writes of tasks: one statement each, which takes effect whole or not at all. */

/** How a write found its thread. `taken`: another writer has continued a chain or begun the thread, or what is followed is gone. */
export type PutOutcome = 'done' | 'deleted' | 'superseded' | 'expired' | 'taken'

type ThreadOfWrite = {
  readonly orgId: string
  readonly threadId: string
  readonly userId: string | undefined
  readonly begunAt: Date | undefined
  readonly now: Date
  readonly ttlSeconds: number | undefined
  /** The thread as it was when what is written was made to follow a checkpoint of it. */
  readonly followed?: { readonly thread: number; readonly prunes: number } | undefined
}

export type NewFrame = {
  readonly chain: number
  readonly position: number
  readonly frame: Buffer
  readonly digest: Buffer
}
type NewCheckpoint = {
  readonly ns: string
  readonly checkpointId: string
  readonly parentId: string | undefined
  readonly channels: ChannelMap
  readonly bodyChain: number
  readonly bodyPosition: number
  readonly filter: Readonly<Record<string, unknown>>
  readonly frames: readonly NewFrame[]
  readonly isNewestOnly: boolean
}
type NewWrite = {
  readonly index: number
  readonly channel: string
  readonly frame: Buffer
  /** Of a value that is stored once in the thread. */
  readonly digest: Buffer | undefined
}

/** A thread is touched no more often: puts shall not all write the thread's row. */
const TOUCH_INTERVAL_MS = 3_600_000
const UNIQUE_VIOLATION = '23505'
const FOREIGN_KEY_VIOLATION = '23503'

/** Writes a checkpoint; one with the same id is replaced. */
export async function insertCheckpoint(
  database: Database,
  thread: ThreadOfWrite,
  { ns, checkpointId, parentId, channels, bodyChain, bodyPosition, filter, frames, isNewestOnly }: NewCheckpoint,
): Promise<{ readonly outcome: PutOutcome; readonly thread: number }> {
  const isContinued = sql`not exists (select 1 from checkpoints c where c.thread = thread.id and c.ns = ${ns}
    and c.checkpoint_id > ${parentId ?? ''} and c.checkpoint_id <> ${checkpointId})`
  const insert = (transaction: Database) =>
    inThread(
      transaction,
      thread,
      sql`framed as (
        insert into checkpoint_frames (thread, chain, position, frame, digest)
        select thread.id, f.* from thread cross join unnest(${frames.map((one) => one.chain)}::bigint[],
          ${frames.map((one) => one.position)}::int[], ${frames.map((one) => one.frame)}::bytea[], ${frames.map((one) => one.digest)}::bytea[]) as f
        where ${isNewestOnly ? isContinued : sql`true`}),
      written as (
        insert into checkpoints (thread, ns, checkpoint_id, parent_id, channels, body_chain, body_position, filter)
        select id, ${ns}, ${checkpointId}, ${parentId ?? null}::text, ${JSON.stringify(channels)}::jsonb, ${bodyChain}::bigint, ${bodyPosition}::int,
          ${JSON.stringify(filter)}::jsonb from thread where ${isNewestOnly ? isContinued : sql`true`}
        on conflict (thread, ns, checkpoint_id) do update set parent_id = excluded.parent_id, channels = excluded.channels,
          body_chain = excluded.body_chain, body_position = excluded.body_position, filter = excluded.filter
        returning 1)`,
    )
  if (!isNewestOnly) return insert(database)
  // The thread is taken before the statement that looks, which then sees what the one before it has written.
  return database.transaction().execute(async (transaction) => {
    await sql`select 1 from checkpoint_threads where org_id = ${thread.orgId} and thread_id = ${thread.threadId} for update`.execute(
      transaction,
    )
    return insert(transaction)
  })
}

/** Writes what a task wrote. */
export function insertWrites(
  database: Database,
  thread: ThreadOfWrite,
  place: { readonly ns: string; readonly checkpointId: string; readonly taskId: string; readonly taskPath: string },
  writes: readonly NewWrite[],
  replaces: boolean,
): Promise<{ readonly outcome: PutOutcome; readonly thread: number }> {
  const shared = [
    ...new Map(writes.flatMap((one) => (one.digest ? [[one.digest.toString('hex'), one] as const] : []))).values(),
  ]
  const onConflict = replaces
    ? sql`do update set channel = excluded.channel, frame = excluded.frame, payload = excluded.payload, task_path = excluded.task_path`
    : sql`do nothing`
  return inThread(
    database,
    thread,
    sql`shared as (
      insert into checkpoint_payloads (thread, digest, frame)
      select thread.id, p.* from thread cross join unnest(${shared.map((one) => one.digest as Buffer)}::bytea[],
        ${shared.map((one) => one.frame)}::bytea[]) as p on conflict do nothing),
    inserted as (
      insert into checkpoint_writes (thread, ns, checkpoint_id, task_path, task_id, idx, channel, frame, payload)
      select thread.id, ${place.ns}, ${place.checkpointId}, ${place.taskPath}, ${place.taskId}, w.*
      from thread cross join unnest(${writes.map((one) => one.index)}::int[], ${writes.map((one) => one.channel)}::text[],
        ${writes.map((one) => (one.digest ? null : one.frame))}::bytea[], ${writes.map((one) => one.digest ?? null)}::bytea[]) as w
      on conflict (thread, ns, checkpoint_id, task_id, idx) ${onConflict}),
    written as (select 1)`,
  )
}

/** Runs insertions into a thread, which begins with them unless it was deleted since the run began. `written` says whether they took effect. */
async function inThread(
  database: Database,
  { orgId, threadId, userId, begunAt, now, ttlSeconds, followed }: ThreadOfWrite,
  insertions: RawBuilder<unknown>,
): Promise<{ readonly outcome: PutOutcome; readonly thread: number }> {
  const expiresAt = ttlSeconds === undefined ? null : new Date(now.getTime() + ttlSeconds * 1_000)
  const movedFrom = expiresAt === null ? null : new Date(expiresAt.getTime() - (ttlSeconds as number) * 100)
  const isGone = sql`exists (select 1 from checkpoint_tombstones
    where org_id = ${orgId} and thread_id = ${threadId} and deleted_at >= ${begunAt ?? null}::timestamptz)`
  const isFollowed = followed ? sql`id = ${followed.thread} and prunes = ${followed.prunes}::int` : sql`true`
  const isIt = sql`org_id = ${orgId} and thread_id = ${threadId}`
  try {
    const { rows } = await sql<{ thread: number | null; isGone: boolean; isExpired: boolean; isWritten: boolean }>`
      with known as (select id from checkpoint_threads where ${isIt} and (expires_at is null or expires_at > ${now}) and ${isFollowed} for key share),
      made as (
        insert into checkpoint_threads (org_id, thread_id, user_id, created_at, touched_at, expires_at)
        select ${orgId}, ${threadId}, ${userId ?? null}::text, ${now}, ${now}, ${expiresAt}::timestamptz where ${followed === undefined} and not exists (select 1 from checkpoint_threads where ${isIt}) and not ${isGone}
        returning id),
      moved as (
        update checkpoint_threads set touched_at = ${now}, expires_at = coalesce(${expiresAt}::timestamptz, expires_at)
        where ${isIt} and (expires_at is null or expires_at > ${now})
          and (touched_at < ${new Date(now.getTime() - TOUCH_INTERVAL_MS)} or expires_at < ${movedFrom}::timestamptz)),
      thread as (select id from made union all select id from known where not ${isGone}),
      ${insertions}
      select (select id from thread) as thread, ${isGone} as "isGone", exists (select 1 from checkpoint_threads where ${isIt} and expires_at <= ${now}) as "isExpired",
        exists (select 1 from written) as "isWritten"`.execute(database)
    const row = rows[0] as (typeof rows)[0]
    if (row.isGone || row.isExpired) return { outcome: row.isGone ? 'deleted' : 'expired', thread: 0 }
    if (row.thread === null) return { outcome: 'taken', thread: 0 }
    return { outcome: row.isWritten ? 'done' : 'superseded', thread: row.thread }
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === UNIQUE_VIOLATION || code === FOREIGN_KEY_VIOLATION) return { outcome: 'taken', thread: 0 }
    throw error
  }
}
