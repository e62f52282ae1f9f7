import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { StreamKey } from './event-streams.ts'

/** Owns reading streams of events. Guarantees: a page is of one snapshot, and bounded in events and bytes; its first event always fits. */

/** An event as it is stored; `data` is JSON text. */
export type StoredEvent = {
  readonly seq: number
  readonly eventId: string
  readonly type: string
  readonly at: Date
  readonly audience: string
  readonly data: string
}

/** How far a stream is. */
export type StreamHead = {
  /** Its row; a stream that was erased and begins again has another. */
  readonly id: number
  readonly epoch: string
  /** The first that is kept; beyond `lastSeq` when none is. */
  readonly firstSeq: number
  readonly lastSeq: number
  readonly isEnded: boolean
}

export type StreamPage = { readonly head: StreamHead; readonly events: readonly StoredEvent[] }

/** What a page holds at most. */
export type PageLimit = { readonly limit: number; readonly maxBytes: number }

/** Events that follow a `seq`, oldest first; undefined for a stream without any. */
export async function readStreamPage(
  database: Database,
  { orgId, stream }: StreamKey,
  { afterSeq, limit, maxBytes }: PageLimit & { readonly afterSeq: number },
): Promise<StreamPage | undefined> {
  const { rows } = await sql<StreamHead & { [Key in keyof StoredEvent]: StoredEvent[Key] | null }>`
    select s.id, s.epoch, s.first_seq as "firstSeq", s.last_seq as "lastSeq", s.ended_at is not null as "isEnded",
      e.seq, e.event_id as "eventId", e.type, e.at, e.audience, e.data
    from event_streams s left join lateral (
      select page.*, sum(octet_length(data)) over (order by seq) - octet_length(data) as before from (
        select * from events where stream = s.id and seq > ${afterSeq} order by seq limit ${limit}) page) e on e.before < ${maxBytes}
    where s.org_id = ${orgId} and s.stream = ${stream}::text[] order by e.seq`.execute(database)
  const [first] = rows
  if (!first) return undefined
  const { id, epoch, firstSeq, lastSeq, isEnded } = first
  const events = rows
    .filter(({ seq }) => seq !== null)
    .map(({ seq, eventId, type, at, audience, data }) => ({ seq, eventId, type, at, audience, data }) as StoredEvent)
  return { head: { id, epoch, firstSeq, lastSeq, isEnded }, events }
}

/** How far streams are, in their order; undefined for one without any event. */
export async function readStreamHeads(
  database: Database,
  keys: readonly StreamKey[],
): Promise<(StreamHead | undefined)[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<StreamHead & { nth: number }>`
    select s.id, s.epoch, s.first_seq as "firstSeq", s.last_seq as "lastSeq", s.ended_at is not null as "isEnded", given.nth - 1 as nth
    from unnest(${keys.map(({ orgId }) => orgId)}::text[], ${keys.map(({ stream }) => JSON.stringify(stream))}::text[])
      with ordinality as given (org_id, stream, nth)
    cross join lateral (select * from event_streams where org_id = given.org_id
      and stream = array(select jsonb_array_elements_text(given.stream::jsonb)) offset 0) s`.execute(database)
  const heads: (StreamHead | undefined)[] = keys.map(() => undefined)
  for (const { nth, ...head } of rows) heads[nth] = head
  return heads
}
