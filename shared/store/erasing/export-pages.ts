import { sql } from 'kysely'
import { type ConversationMessage, type MessageParts, messageOf } from '../../conversation.ts'
import type { Metadata } from '../../metadata.ts'
import type { Database } from '../database.ts'
import { metadataOfTurn } from '../turns/turn-metadata.ts'

/** Owns reading all that is kept of an org, or of one user in it, page by page. Guarantees: what a page takes is bounded, whatever the org has. */

export type ExportScope = { readonly orgId: string; readonly userId?: string | undefined }

/** Row ids of the next turns, in order; of many long ones fewer, but at least one. */
export async function readTurnIdsToExport(
  database: Database,
  { orgId, userId }: ExportScope,
  { afterId, limit, maxBytes }: { readonly afterId: number; readonly limit: number; readonly maxBytes: number },
): Promise<number[]> {
  const { rows } = await sql<{ id: number; bytes: number }>`
    select id, (select coalesce(sum(octet_length(content) + coalesce(octet_length(parts::text), 0)), 0) from messages where turn = t.id)::bigint as bytes from turns t
    where org_id = ${orgId} and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`} and id > ${afterId}
    order by id limit ${limit}`.execute(database)
  let leftBytes = maxBytes
  const fitting = rows.filter(({ bytes }, index) => {
    leftBytes -= bytes
    return index === 0 || leftBytes >= 0
  })
  return fitting.map(({ id }) => id)
}

type ExportedTurn = {
  readonly workstreamId: string
  readonly turnId: string
  readonly userId: string | null
  readonly agentId: string | null
  readonly scope: string
  readonly at: Date
  readonly metadata: Metadata
  /** As they came, with all their parts. */
  readonly messages: readonly ConversationMessage[]
}

/** Turns of an org by their row ids, in the order of those. */
export async function readTurnsToExport(
  database: Database,
  orgId: string,
  ids: readonly number[],
): Promise<ExportedTurn[]> {
  type Message = { role: string; name: string | null; content: string; parts: MessageParts | null }
  const { rows } = await sql<Omit<ExportedTurn, 'messages'> & { messages: Message[] }>`
    select workstream_id as "workstreamId", turn_id as "turnId", user_id as "userId", agent_id as "agentId", memory_scope as scope, occurred_at as at, ${metadataOfTurn(sql`t.id`)} as metadata,
      (select coalesce(json_agg(json_build_object('role', role, 'name', name, 'content', content, 'parts', parts) order by position), '[]')
       from messages where turn = t.id) as messages
    from turns t where org_id = ${orgId} and id = any(${ids}::bigint[]) order by id`.execute(database)
  return rows.map((turn) => ({ ...turn, messages: turn.messages.map(messageOf) }))
}

type ExportedMemory = Readonly<Record<string, unknown>> & { readonly id: number }

/**
 * The next memories with their validity and the turns that they come from. A user's export shows the user's own turns only, and a fact in the words of
 * one of these.
 */
export async function readMemoriesToExport(
  database: Database,
  { orgId, userId }: ExportScope,
  { afterId, limit }: { readonly afterId: number; readonly limit: number },
): Promise<ExportedMemory[]> {
  const isOwn = userId === undefined ? sql`true` : sql`t.user_id = ${userId}`
  // `offset 0` keeps the planner to the indexes, statistics or not.
  const sources = sql`
    from memory_sources s cross join lateral (select * from turns where turns.id = s.turn offset 0) t where s.memory = m.id and ${isOwn}`
  const isWanted = userId === undefined ? sql`true` : sql`(m.user_id = ${userId} or exists (select 1 ${sources}))`
  const { rows } = await sql<{ memory: ExportedMemory }>`
    select json_build_object(
      'id', m.id, 'fact', said.fact, 'kind', m.kind, 'subject', said.subject, 'attribute', said.attribute, 'importance', m.importance,
      'language', said.language, 'status', m.status, 'statusReason', m.status_reason, 'reviewedBy', m.reviewed_by, 'reviewedAt', m.reviewed_at, 'endedBy', m.ended_by,
      'userId', m.user_id, 'agentId', m.agent_id, 'workstreamId', m.workstream_id,
      'observedAt', m.observed_at, 'validFrom', m.valid_from, 'validTo', least(m.valid_to, m.over_at), 'supersededBy', m.superseded_by, 'createdAt', m.created_at,
      'metadata', (select coalesce(jsonb_object_agg(d.key, d.value order by s.said_at, s.turn), '{}')
        from memory_sources s join turns t on t.id = s.turn join turn_metadata d on d.turn = t.id where s.memory = m.id and ${isOwn}),
      'sources', (select coalesce(json_agg(json_build_object(
        'workstreamId', t.workstream_id, 'turnId', t.turn_id, 'quote', s.quote, 'wording', s.wording ->> 'fact', 'at', t.occurred_at)
        order by t.occurred_at, t.id), '[]') ${sources})
    ) as memory
    from memories m left join lateral (
      select s.wording ${sources} order by s.wording is not null, t.occurred_at, t.id limit 1) own on true
    cross join lateral (select
      ${inWords('fact', userId)}, ${inWords('subject', userId)}, ${inWords('attribute', userId)}, ${inWords('language', userId)}) said
    where m.org_id = ${orgId} and m.id > ${afterId} and ${isWanted} order by m.id limit ${limit}`.execute(database)
  return rows.map(({ memory }) => memory)
}

function inWords(column: string, userId: string | undefined) {
  const ofMemory = sql.ref(`m.${column}`)
  return userId === undefined
    ? sql`${ofMemory}`
    : sql`case when own.wording is null then ${ofMemory} else own.wording ->> ${column}::text end as ${sql.ref(column)}`
}

type ExportedMessage = Readonly<Record<string, unknown>> & { readonly id: number }

/** The next messages to agents. */
export async function readMessagesToExport(
  database: Database,
  { orgId, userId }: ExportScope,
  { afterId, limit }: { readonly afterId: number; readonly limit: number },
): Promise<ExportedMessage[]> {
  const { rows } = await sql<{ message: ExportedMessage }>`
    select json_build_object('id', id, 'messageId', message_id, 'messageType', type, 'agent', agent, 'key', key, 'data', data::json, 'state', state,
      'result', result::json, 'receivedAt', received_at, 'settledAt', settled_at) as message
    from agent_messages where org_id = ${orgId} and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`} and id > ${afterId}
    order by id limit ${limit}`.execute(database)
  return rows.map(({ message }) => message)
}

type ExportedCompaction = Readonly<Record<string, unknown>> & { readonly id: number }

/** The next compactions; a user's export has those of conversations in which nobody else spoke. */
export async function readCompactionsToExport(
  database: Database,
  { orgId, userId }: ExportScope,
  { afterId, limit }: { readonly afterId: number; readonly limit: number },
): Promise<ExportedCompaction[]> {
  const isWanted =
    userId === undefined
      ? sql`true`
      : sql`not exists (select 1 from turns t
          where t.org_id = c.org_id and t.workstream_id = c.workstream_id and t.user_id is distinct from ${userId})`
  const { rows } = await sql<{ compaction: ExportedCompaction }>`
    select json_build_object(
      'id', c.id, 'workstreamId', c.workstream_id, 'summary', c.summary, 'model', c.model, 'messages', c.messages,
      'isInForce', w.compaction is not distinct from c.id, 'createdAt', c.created_at) as compaction
    from compactions c join workstreams w on w.org_id = c.org_id and w.workstream_id = c.workstream_id
    where c.org_id = ${orgId} and c.id > ${afterId} and ${isWanted} order by c.id limit ${limit}`.execute(database)
  return rows.map(({ compaction }) => compaction)
}

/** The next sessions, without what opens them. */
export async function readSessionsToExport(
  database: Database,
  { orgId, userId }: ExportScope,
  { afterId, limit }: { readonly afterId: number; readonly limit: number },
): Promise<{ readonly id: number }[]> {
  const { rows } = await sql<{ id: number; data: string }>`
    select id, user_id as "userId", device, data, created_at as "createdAt", last_seen_at as "lastSeenAt", expires_at as "expiresAt" from sessions
    where org_id = ${orgId} and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`} and id > ${afterId}
    order by id limit ${limit}`.execute(database)
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as unknown }))
}

/** The next answers that are kept to be given again. */
export async function readAnswersToExport(
  database: Database,
  { orgId, userId }: ExportScope,
  { afterId, limit }: { readonly afterId: number; readonly limit: number },
): Promise<{ readonly id: number }[]> {
  const { rows } = await sql<{ id: number }>`
    select id, user_id as "userId", question, answer, created_at as "createdAt", expires_at as "expiresAt" from answers
    where org_id = ${orgId} and ${userId === undefined ? sql`true` : sql`user_id = ${userId}`} and id > ${afterId}
    order by id limit ${limit}`.execute(database)
  return rows
}
