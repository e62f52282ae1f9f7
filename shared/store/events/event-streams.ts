import { randomBytes } from 'node:crypto'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'

/**
 * Owns appending to streams of events. Guarantees: inside a stream the order of `seq` is that of commits, without a gap, for the stream's row stays locked
 * until the transaction ends. It is the last lock that a transaction takes, and a transaction appends to one stream only.
 */

/** A stream of one org: its name, part by part. */
export type StreamKey = { readonly orgId: string; readonly stream: readonly string[] }

/** An event to append; `data` is JSON text. */
export type NewEvent = {
  readonly eventId: string
  readonly type: string
  readonly data: string
  /** In the words of `audiences.ts`. */
  readonly audience: string
  readonly userId?: string | null | undefined
  readonly workstreamId?: string | null | undefined
}

/** Where an event stands. */
export type EventPlace = { readonly epoch: string; readonly seq: number }

const EPOCH_BYTES = 6

/**
 * The part of a `with` that appends events in the statement of what they tell of: a commit takes no round trip more. `source` selects
 * `nth, type, audience, user_id, turn_id, memory, data`, with `nth` counting from 1; without rows nothing is appended.
 */
export function appending(
  { orgId, stream, workstreamId }: StreamKey & { readonly workstreamId?: string | null | undefined },
  source: RawBuilder<unknown>,
  at: Date,
): RawBuilder<unknown> {
  return sql`
    told as materialized (${source}),
    appended as (
      insert into event_streams (org_id, stream, epoch, last_seq)
      select ${orgId}::text, ${stream}::text[], ${newEpoch()}, n from (select count(*) as n from told) counted where n > 0
      on conflict (org_id, stream) do update set last_seq = event_streams.last_seq + excluded.last_seq, ended_at = null
      returning id, last_seq - (select count(*) from told) as before),
    events_told as (
      insert into events (stream, seq, org_id, event_id, type, at, audience, user_id, workstream_id, turn_id, memory, data)
      select appended.id, before + nth, ${orgId}::text, gen_random_uuid()::text, told.type, ${at}::timestamptz, told.audience, told.user_id,
        ${workstreamId ?? null}::text, told.turn_id, told.memory, told.data from appended, told)`
}

/** How an event is appended. */
export type AppendOptions = {
  readonly at: Date
  /** Whether the stream ends with it. */
  readonly ends: boolean
  /** Whether the stream must be new, or must have begun. @default either */
  readonly expects?: 'new' | 'begun'
}

/**
 * Appends one event to a stream that has not ended, in one statement (`append_event` of the migrations). Undefined when the stream is not as expected. Refuses an `eventId` that the stream
 * has with 23505.
 */
export async function appendEvent(
  database: Database,
  { orgId, stream }: StreamKey,
  event: NewEvent,
  { at, ends, expects }: AppendOptions,
): Promise<EventPlace | undefined> {
  const { rows } = await sql<EventPlace>`
    select stream_epoch as epoch, event_seq as seq from append_event(
      ${orgId}, ${stream}::text[], ${newEpoch()}, ${expects ?? null}, ${at}::timestamptz, ${ends},
      ${event.eventId}, ${event.type}, ${event.audience}, ${event.userId ?? null}, ${event.workstreamId ?? null}, ${event.data})`.execute(
    database,
  )
  return rows[0]
}

/** An event of a stream by its id, as far as it is kept. */
export async function findEvent(
  database: Database,
  { orgId, stream }: StreamKey,
  eventId: string,
): Promise<(EventPlace & Pick<NewEvent, 'type' | 'data' | 'audience'>) | undefined> {
  const { rows } = await sql<EventPlace & Pick<NewEvent, 'type' | 'data' | 'audience'>>`
    select s.epoch, e.seq, e.type, e.data, e.audience from event_streams s join events e on e.stream = s.id and e.event_id = ${eventId}
    where s.org_id = ${orgId} and s.stream = ${stream}::text[]`.execute(database)
  return rows[0]
}

/** Eight characters without a dot, which separates it from the `seq` in a cursor. */
function newEpoch(): string {
  return randomBytes(EPOCH_BYTES).toString('base64url')
}
