import { sql } from 'kysely'
import { type ConversationMessage, type MessageParts, messageOf } from '../../conversation.ts'
import type { Database } from '../database.ts'
import type { WorkstreamKey } from '../turns/workstreams.ts'
import type { MessagePlace } from './workstream-context.ts'

/** Owns how a conversation's messages are read: in pages, from any place, in both directions. No query reads more rows than its limit. */

export type StoredMessage = {
  readonly place: MessagePlace
  readonly turnId: string
  readonly at: Date
  readonly message: ConversationMessage
  /** In o200k; null when it was not counted. */
  readonly tokens: number | null
  /** The place of the call that it answers; null when there is none near before it. */
  readonly call: MessagePlace | null
  /** Its words, as `liveTokensOf` estimates by them. */
  readonly content: string
}

/** Messages from a place on, the oldest first, before another place if one is given. */
export async function readMessagesFrom(
  database: Database,
  scope: WorkstreamKey,
  [seq, position]: MessagePlace,
  { before, limit }: { before?: MessagePlace | undefined; limit: number },
): Promise<StoredMessage[]> {
  const end = before ? sql`and t.seq <= ${before[0]} and (t.seq < ${before[0]} or m.position < ${before[1]})` : sql``
  const { rows } = await sql<Row>`${SELECT(scope)}
    and t.seq >= ${seq} and (t.seq > ${seq} or m.position >= ${position}) ${end}
    order by t.seq, m.position limit ${limit}`.execute(database)
  return rows.map(storedMessage)
}

/** Messages before a place, the newest first, and none before `from`. */
export async function readMessagesBefore(
  database: Database,
  scope: WorkstreamKey,
  [seq, position]: MessagePlace,
  { from, limit }: { from: MessagePlace; limit: number },
): Promise<StoredMessage[]> {
  const { rows } = await sql<Row>`${SELECT(scope)}
    and t.seq >= ${from[0]} and (t.seq > ${from[0]} or m.position >= ${from[1]})
    and t.seq <= ${seq} and (t.seq < ${seq} or m.position < ${position})
    order by t.seq desc, m.position desc limit ${limit}`.execute(database)
  return rows.map(storedMessage)
}

/** The messages at some places, the oldest first. */
export async function readMessagesAt(
  database: Database,
  scope: WorkstreamKey,
  places: readonly MessagePlace[],
): Promise<StoredMessage[]> {
  if (places.length === 0) return []
  const { rows } = await sql<Row>`${SELECT(scope)}
    and (t.seq, m.position) in (${sql.join(places.map(([seq, position]) => sql`(${seq}::bigint, ${position}::int)`))})
    and t.seq in (${sql.join(places.map(([seq]) => sql`${seq}::bigint`))})
    order by t.seq, m.position`.execute(database)
  return rows.map(storedMessage)
}

type Row = {
  seq: number
  position: number
  turnId: string
  at: Date
  role: string
  name: string | null
  content: string
  parts: MessageParts | null
  tokens: number | null
  callSeq: number | null
  callPosition: number | null
}

const SELECT = ({ orgId, workstreamId }: WorkstreamKey) => sql`
  select t.seq, m.position, t.turn_id as "turnId", t.occurred_at as at, m.role, m.name, m.content, m.parts, m.tokens,
    m.call_seq as "callSeq", m.call_position as "callPosition"
  from turns t join messages m on m.turn = t.id
  where t.org_id = ${orgId} and t.workstream_id = ${workstreamId}`

function storedMessage(row: Row): StoredMessage {
  return {
    place: [row.seq, row.position],
    turnId: row.turnId,
    at: row.at,
    message: messageOf(row),
    tokens: row.tokens,
    call: row.callSeq === null || row.callPosition === null ? null : [row.callSeq, row.callPosition],
    content: row.content,
  }
}
