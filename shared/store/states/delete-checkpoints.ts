import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { Erasure } from '../erasing/erasures.ts'

/** Owns how threads and checkpoints go: deleted, pruned, expired, erased; and how a thread is copied. */

const DAY_MS = 86_400_000
const THREADS_AT_ONCE = 20
const SWEPT_AT_ONCE = 500

type Thread = { readonly orgId: string; readonly threadId: string }

/** Deletes a thread with all that it has, and notes it for the runs that are on their way. */
export async function deleteThread(database: Database, { orgId, threadId }: Thread, now: Date): Promise<void> {
  await sql`
    with gone as (delete from checkpoint_threads where org_id = ${orgId} and thread_id = ${threadId})
    insert into checkpoint_tombstones (org_id, thread_id, deleted_at) values (${orgId}, ${threadId}, ${now})
    on conflict (org_id, thread_id) do update set deleted_at = greatest(checkpoint_tombstones.deleted_at, excluded.deleted_at)`.execute(
    database,
  )
}

/** Deletes a thread that has expired; a new one may begin at once. */
export async function deleteExpiredThread(database: Database, { orgId, threadId }: Thread, now: Date): Promise<void> {
  await sql`delete from checkpoint_threads where org_id = ${orgId} and thread_id = ${threadId} and expires_at <= ${now}`.execute(
    database,
  )
}

/**
 * Deletes all checkpoints of a thread but some of the newest of each namespace, and those of their ancestors that hold the last value of a channel of
 * theirs, with what lies between; returns how many went. Call it in a transaction.
 */
export async function pruneThread(transaction: Database, { orgId, threadId }: Thread, keep: number): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    select id from checkpoint_threads where org_id = ${orgId} and thread_id = ${threadId} for update`.execute(
    transaction,
  )
  const thread = rows[0]?.id
  if (thread === undefined) return 0
  const { numAffectedRows } = await sql`
    with recursive newest as (
      select c.*, row_number() over (partition by ns order by checkpoint_id desc) as nth from checkpoints c where thread = ${thread}),
    kept as (
      select thread, ns, checkpoint_id, parent_id, array(
        select key from jsonb_each(channels) where value -> 1 = 'false'::jsonb) as lacking
      from newest where nth <= ${keep}
      union
      select c.thread, c.ns, c.checkpoint_id, c.parent_id, array(
        select l from unnest(k.lacking) l where coalesce(jsonb_array_length(c.channels -> l), 2) = 2)
      from kept k join checkpoints c on c.thread = k.thread and c.ns = k.ns and c.checkpoint_id = k.parent_id
      where cardinality(k.lacking) > 0)
    delete from checkpoints c where c.thread = ${thread} and not exists (
      select 1 from kept k where k.ns = c.ns and k.checkpoint_id = c.checkpoint_id)`.execute(transaction)
  if (numAffectedRows === 0n) return 0
  await sql`update checkpoint_threads set prunes = prunes + 1 where id = ${thread}`.execute(transaction)
  // Writes that came before their checkpoint are newer than all that is pruned.
  await sql`
    delete from checkpoint_writes w where w.thread = ${thread}
      and not exists (select 1 from checkpoints c where c.thread = w.thread and c.ns = w.ns and c.checkpoint_id = w.checkpoint_id)
      and w.checkpoint_id < (select max(checkpoint_id) from checkpoints c where c.thread = w.thread and c.ns = w.ns)`.execute(
    transaction,
  )
  await sql`
    delete from checkpoint_payloads p where p.thread = ${thread}
      and not exists (select 1 from checkpoint_writes w where w.thread = p.thread and w.payload = p.digest)`.execute(
    transaction,
  )
  await sql`
    delete from checkpoint_frames f where f.thread = ${thread} and f.chain <> all(array(
      select body_chain from checkpoints where thread = ${thread} union
      select (value ->> 1)::bigint from checkpoints cross join jsonb_each(channels)
      where thread = ${thread} and jsonb_array_length(value) = 3))`.execute(transaction)
  return Number(numAffectedRows)
}

/** Copies a thread; false when the new one is there already or the old one is not. Call it in a transaction. */
export async function copyThread(
  transaction: Database,
  { orgId, threadId }: Thread,
  toThreadId: string,
  now: Date,
): Promise<boolean> {
  const { rows } = await sql<{ from: number; to: number }>`
    with source as (select * from checkpoint_threads where org_id = ${orgId} and thread_id = ${threadId} and (expires_at is null or expires_at > ${now})),
    target as (
      insert into checkpoint_threads (org_id, thread_id, user_id, created_at, touched_at, expires_at)
      select org_id, ${toThreadId}, user_id, ${now}, ${now}, expires_at from source on conflict do nothing returning id)
    select source.id as from, target.id as to from source cross join target`.execute(transaction)
  const [ids] = rows
  if (!ids) return false
  const columns = {
    checkpoint_frames: 'chain, position, frame, digest',
    checkpoint_payloads: 'digest, frame',
    checkpoint_writes: 'ns, checkpoint_id, task_path, task_id, idx, channel, frame, payload',
    checkpoints: 'ns, checkpoint_id, parent_id, channels, body_chain, body_position, filter',
  }
  for (const [table, names] of Object.entries(columns))
    await sql`insert into ${sql.table(table)} (thread, ${sql.raw(names)}) select ${ids.to}::bigint, ${sql.raw(names)}
      from ${sql.table(table)} where thread = ${ids.from}`.execute(transaction)
  return true
}

/** Deletes threads that have expired or were last written to before retention's days, and tombstones that are a day old. */
export async function sweepThreads(database: Database, now: Date, retentionDays: number | undefined): Promise<void> {
  const olderThan =
    retentionDays === undefined ? null : new Date((Math.floor(now.getTime() / DAY_MS) - retentionDays) * DAY_MS)
  for (let count = SWEPT_AT_ONCE; count === SWEPT_AT_ONCE; ) {
    const { numAffectedRows } = await sql`
      delete from checkpoint_threads where id = any(array(
        select id from checkpoint_threads where expires_at <= ${now} or touched_at < ${olderThan}::timestamptz limit ${SWEPT_AT_ONCE} for update skip locked))`.execute(
      database,
    )
    count = Number(numAffectedRows)
  }
  await sql`delete from checkpoint_tombstones where deleted_at < ${new Date(now.getTime() - DAY_MS)}`.execute(database)
}

/** Erases the next threads of an org, or of a user in it, that began before `until`; returns whether there may be more. */
export async function eraseThreads(
  transaction: Database,
  { orgId, userId }: Pick<Erasure, 'orgId' | 'userId'>,
  until: Date,
  limit: number,
): Promise<boolean> {
  const isOf = sql`org_id = ${orgId} and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`} and created_at <= ${until}`
  const { rows } = await sql<{ id: number }>`
    select id from checkpoint_threads where ${isOf} order by id limit ${THREADS_AT_ONCE} for update`.execute(
    transaction,
  )
  const ids = rows.map(({ id }) => id)
  if (userId === undefined) await sql`delete from checkpoint_tombstones where org_id = ${orgId}`.execute(transaction)
  if (ids.length === 0) return false
  await sql`update checkpoint_threads set prunes = prunes + 1 where id = any(${ids}::bigint[])`.execute(transaction)
  for (const table of ['checkpoints', 'checkpoint_writes', 'checkpoint_payloads', 'checkpoint_frames']) {
    const { numAffectedRows } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where thread = any(${ids}::bigint[]) limit ${limit}))`.execute(transaction)
    if (Number(numAffectedRows) === limit) return true
  }
  await sql`delete from checkpoint_threads where id = any(${ids}::bigint[])`.execute(transaction)
  return true
}
