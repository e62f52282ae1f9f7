import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { FrameRow } from './state-rows.ts'

/** Owns reading checkpoints, their frames and their writes. */

/** `[version, chain, position]`; `[version]` when the value stands in the body; `[version, null]` when there is none, `false` when it is in the writes of ancestors. */
export type ChannelPlace =
  | readonly [version: string | number, chain: number, position: number]
  | readonly [version: string | number, nothing?: null | false]
export type ChannelMap = Readonly<Record<string, ChannelPlace>>

export type CheckpointRow = {
  readonly thread: number
  readonly prunes: number
  readonly threadId: string
  readonly ns: string
  readonly checkpointId: string
  readonly parentId: string | null
  readonly channels: ChannelMap
  readonly bodyChain: number
  readonly bodyPosition: number
}
export type WriteRow = {
  readonly thread: number
  readonly ns: string
  readonly checkpointId: string
  readonly taskId: string
  readonly channel: string
  readonly frame: Buffer
}
export type FramePlace = { readonly thread: number; readonly chain: number; readonly position: number }

type CheckpointFilter = {
  readonly orgId: string
  readonly userId?: string | undefined
  readonly threadId?: string | undefined
  readonly ns?: string | undefined
  readonly checkpointId?: string | undefined
  readonly beforeId?: string | undefined
  readonly filter?: Readonly<Record<string, unknown>> | undefined
}
/** After which checkpoint a page begins: the newest comes first. */
type CheckpointCursor = { readonly checkpointId: string; readonly thread: number; readonly ns: string }

const COLUMNS = sql`c.thread, t.prunes, t.thread_id as "threadId", c.ns, c.checkpoint_id as "checkpointId", c.parent_id as "parentId", c.channels,
  c.body_chain as "bodyChain", c.body_position as "bodyPosition"`

/** The next checkpoints that fit, the newest first. */
export async function readCheckpoints(
  database: Database,
  { orgId, userId, threadId, ns, checkpointId, beforeId, filter }: CheckpointFilter,
  { now, after, limit }: { readonly now: Date; readonly after?: CheckpointCursor | undefined; readonly limit: number },
): Promise<CheckpointRow[]> {
  const { rows } = await sql<CheckpointRow>`
    select ${COLUMNS} from checkpoint_threads t join checkpoints c on c.thread = t.id
    where t.org_id = ${orgId} and ${userId === undefined ? sql`true` : sql`t.user_id = ${userId}`} and ${threadId === undefined ? sql`true` : sql`t.thread_id = ${threadId}`}
      and (t.expires_at is null or t.expires_at > ${now})
      and ${ns === undefined ? sql`true` : sql`c.ns = ${ns}`}
      and ${checkpointId === undefined ? sql`true` : sql`c.checkpoint_id = ${checkpointId}`}
      and ${beforeId === undefined ? sql`true` : sql`c.checkpoint_id < ${beforeId}`}
      and ${filter === undefined ? sql`true` : sql`c.filter @> ${JSON.stringify(filter)}::jsonb`}
      and ${after === undefined ? sql`true` : sql`(c.checkpoint_id, c.thread, c.ns) < (${after.checkpointId}, ${after.thread}::bigint, ${after.ns})`}
    order by c.checkpoint_id desc, c.thread desc, c.ns desc limit ${limit}`.execute(database)
  return rows
}

/** The newest checkpoint of a namespace in which a channel has a value of some version. */
export async function readCheckpointWith(
  database: Database,
  { orgId, threadId, ns }: { readonly orgId: string; readonly threadId: string; readonly ns: string },
  { channel, version }: { readonly channel: string; readonly version: string | number },
  now: Date,
): Promise<CheckpointRow | undefined> {
  const { rows } = await sql<CheckpointRow>`
    select ${COLUMNS} from checkpoint_threads t join checkpoints c on c.thread = t.id
    where t.org_id = ${orgId} and t.thread_id = ${threadId} and (t.expires_at is null or t.expires_at > ${now}) and c.ns = ${ns}
      and c.channels -> ${channel}::text -> 0 = ${JSON.stringify(version)}::jsonb and jsonb_array_length(c.channels -> ${channel}::text) <> 2
    order by c.checkpoint_id desc limit 1`.execute(database)
  return rows[0]
}

/** The frames of chains up to some positions, chain by chain. */
export async function readCheckpointFrames(
  database: Database,
  places: readonly FramePlace[],
): Promise<(FrameRow & { readonly thread: number; readonly chain: number })[]> {
  if (places.length === 0) return []
  const { rows } = await sql<FrameRow & { thread: number; chain: number }>`
    select f.thread, f.chain, f.position, f.frame, f.digest
    from unnest(${places.map(({ thread }) => thread)}::bigint[], ${places.map(({ chain }) => chain)}::bigint[],
      ${places.map(({ position }) => position)}::int[]) as p (thread, chain, position)
    join checkpoint_frames f on f.thread = p.thread and f.chain = p.chain and f.position <= p.position
    order by f.thread, f.chain, f.position`.execute(database)
  return rows
}

/** The writes of checkpoints, each checkpoint's in the order in which a run applies them. */
export async function readWrites(
  database: Database,
  checkpoints: readonly Pick<CheckpointRow, 'thread' | 'ns' | 'checkpointId'>[],
  channels?: readonly string[],
): Promise<WriteRow[]> {
  if (checkpoints.length === 0) return []
  const { rows } = await sql<WriteRow>`
    select w.thread, w.ns, w.checkpoint_id as "checkpointId", w.task_id as "taskId", w.channel, coalesce(w.frame, p.frame) as frame
    from unnest(${checkpoints.map(({ thread }) => thread)}::bigint[], ${checkpoints.map(({ ns }) => ns)}::text[],
      ${checkpoints.map(({ checkpointId }) => checkpointId)}::text[]) as c (thread, ns, checkpoint_id)
    join checkpoint_writes w on w.thread = c.thread and w.ns = c.ns and w.checkpoint_id = c.checkpoint_id
    left join checkpoint_payloads p on p.thread = w.thread and p.digest = w.payload
    where ${channels === undefined ? sql`true` : sql`w.channel = any(${channels}::text[])`}
    order by w.thread, w.ns, w.checkpoint_id, w.task_path, w.task_id, w.idx`.execute(database)
  return rows
}

/** An ancestor, and the channels of which nothing newer than it has a value. */
type AncestorRow = CheckpointRow & { readonly remaining: readonly string[] }

/** The ancestors of a checkpoint, the newest first, up to those that have a value of each channel. */
export async function readAncestors(
  database: Database,
  { thread, ns, parentId }: Pick<CheckpointRow, 'thread' | 'ns' | 'parentId'>,
  channels: readonly string[],
): Promise<AncestorRow[]> {
  const { rows } = await sql<AncestorRow>`
    with recursive walk as (
      select c.*, ${channels}::text[] as remaining, 1 as depth from checkpoints c
      where c.thread = ${thread} and c.ns = ${ns} and c.checkpoint_id = ${parentId}
      union all
      select c.*, left_over.channels, walk.depth + 1 from walk
      cross join lateral (
        select array(select r from unnest(walk.remaining) r where coalesce(jsonb_array_length(walk.channels -> r), 2) = 2) as channels) left_over
      join checkpoints c on c.thread = walk.thread and c.ns = walk.ns and c.checkpoint_id = walk.parent_id
      where cardinality(left_over.channels) > 0)
    select ${COLUMNS}, c.remaining from walk c join checkpoint_threads t on t.id = c.thread order by c.depth`.execute(
    database,
  )
  return rows
}
