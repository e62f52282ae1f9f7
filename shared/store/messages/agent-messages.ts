import { sql } from 'kysely'
import type { Database } from '../database.ts'
import { keptReason } from '../turns/failed-tries.ts'
import { buryDead } from './dead-message.ts'

/**
 * Owns the rows of messages to agents. Guarantees: a message is settled once, by whoever holds its lease; of one agent and key only the oldest that is open
 * can be taken, so that their order is kept whoever works them.
 */

export type MessageState = 'received' | 'routed' | 'running' | 'completed' | 'dead'
export type MessageKey = { readonly orgId: string; readonly messageId: string }
export type MessageRow = MessageKey & {
  readonly type: string
  readonly agent: string | null
  readonly key: string | null
  /** JSON text. */
  readonly data: string
  readonly state: MessageState
  readonly attempts: number
  readonly receivedAt: Date
  readonly settledAt: Date | null
  /** JSON text. */
  readonly result: string | null
  readonly failureCode: string | null
  readonly failure: string | null
}
type NewAgentMessage = MessageKey & {
  readonly type: string
  readonly agent: string | null
  readonly key: string | null
  readonly userId: string | null
  readonly workstreamId: string | null
  readonly data: string
}
/** A message to put into a stream: that of its agent, or without one the incoming one. */
export type Wake = MessageKey & { readonly agent: string | null }

const COLUMNS = sql`org_id as "orgId", message_id as "messageId", type, agent, key, data, state, attempts, received_at as "receivedAt",
  settled_at as "settledAt", result, failure_code as "failureCode", failure`
const isOpen = sql`state in ('received', 'routed', 'running')`

/** Writes a message, unless its id is known; returns whether it is new, and otherwise whether it is the same. */
export async function insertMessage(
  database: Database,
  { orgId, messageId, type, agent, key, userId, workstreamId, data }: NewAgentMessage,
  now: Date,
): Promise<'new' | 'same' | 'other'> {
  const { rows } = await sql`
    insert into agent_messages (org_id, message_id, type, agent, key, user_id, workstream_id, data, state, received_at, woken_at)
    values (${orgId}, ${messageId}, ${type}, ${agent}, ${key}, ${userId}, ${workstreamId}, ${data}, ${agent === null ? 'received' : 'routed'}, ${now}, ${now})
    on conflict do nothing returning 1`.execute(database)
  if (rows.length > 0) return 'new'
  // A message without an agent may still be routed to another one.
  const { rows: known } = await sql<{ isSame: boolean }>`
    select type = ${type} and key is not distinct from ${key} and data = ${data} and user_id is not distinct from ${userId}
      and workstream_id is not distinct from ${workstreamId} and agent is not distinct from coalesce(${agent}, agent) as "isSame"
    from agent_messages
    where org_id = ${orgId} and message_id = ${messageId}`.execute(database)
  return known[0]?.isSame ? 'same' : 'other'
}

export async function readMessage(
  database: Database,
  { orgId, messageId }: MessageKey,
): Promise<MessageRow | undefined> {
  const { rows } = await sql<MessageRow>`
    select ${COLUMNS} from agent_messages where org_id = ${orgId} and message_id = ${messageId}`.execute(database)
  return rows[0]
}

/** Notes where a received message goes; false when it was routed before. */
export async function routeMessage(
  database: Database,
  { orgId, messageId }: MessageKey,
  agent: string,
  now: Date,
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update agent_messages set agent = ${agent}, state = 'routed', woken_at = ${now}
    where org_id = ${orgId} and message_id = ${messageId} and state = 'received'`.execute(database)
  return numAffectedRows > 0n
}

/** Notes that messages are in no stream, for there was no room: they are the first that are put back, the oldest first. */
export async function noteNoRoom(database: Database, messages: readonly MessageKey[]): Promise<void> {
  await sql`
    update agent_messages m set woken_at = received_at - interval '100 years'
    from unnest(${messages.map(({ orgId }) => orgId)}::text[], ${messages.map(({ messageId }) => messageId)}::text[]) as given (org_id, message_id)
    where m.org_id = given.org_id and m.message_id = given.message_id and m.state in ('received', 'routed')`.execute(
    database,
  )
}

/** Begins an attempt; undefined for a message that is settled, leased, unrouted, or behind another one of its key. */
export async function takeMessage(
  database: Database,
  { orgId, messageId }: MessageKey,
  { lease, now, until }: { readonly lease: string; readonly now: Date; readonly until: Date },
): Promise<MessageRow | undefined> {
  const { rows } = await sql<MessageRow>`
    update agent_messages m set state = 'running', attempts = attempts + 1, lease = ${lease}, lease_until = ${until}, woken_at = ${now}
    where org_id = ${orgId} and message_id = ${messageId} and (state = 'routed' or (state = 'running' and lease_until < ${now}))
      and (key is null or not exists (
        select 1 from agent_messages before where before.org_id = m.org_id and (before.agent = m.agent or before.agent is null) and before.key = m.key and before.id < m.id
          and before.state in ('received', 'routed', 'running')))
    returning ${COLUMNS}`.execute(database)
  return rows[0]
}

/** Keeps a message for longer; false when the lease is lost. */
export async function extendMessage(
  database: Database,
  { orgId, messageId }: MessageKey,
  { lease, now, until }: { readonly lease: string; readonly now: Date; readonly until: Date },
): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update agent_messages set lease_until = ${until}, woken_at = ${now}
    where org_id = ${orgId} and message_id = ${messageId} and state = 'running' and lease = ${lease}`.execute(database)
  return numAffectedRows > 0n
}

/** How an attempt ended: well, for good, to be tried again, or stopped by no fault of its own, which costs it no attempt. */
export type Outcome =
  | { readonly kind: 'completed'; readonly result: string }
  | { readonly kind: 'dead' | 'again' | 'returned'; readonly code: string; readonly reason: string }

const MAX_REASON_LENGTH = 2_000
const WORN_OUT = { code: 'WORKER_DIED', reason: 'It was begun as often as a message may be, and never ended.' }

/** Ends an attempt of whoever holds the lease; without a lease, of a message that nobody works. Undefined when there is none. What is dead has a letter. */
export async function settleMessage(
  database: Database,
  { orgId, messageId }: MessageKey,
  lease: string | null,
  outcome: Outcome,
  now: Date,
): Promise<Pick<MessageRow, 'agent' | 'key'> | undefined> {
  const isOver = outcome.kind === 'completed' || outcome.kind === 'dead'
  const state = isOver ? outcome.kind : 'routed'
  const failure = outcome.kind === 'completed' ? undefined : outcome
  const { rows } = await sql<Pick<MessageRow, 'agent' | 'key'>>`
    with settled as (
    update agent_messages set state = ${state}, lease = null, lease_until = null, woken_at = ${now},
      settled_at = ${isOver ? now : null}::timestamptz, attempts = attempts - ${outcome.kind === 'returned' ? 1 : 0}::int, result = ${outcome.kind === 'completed' ? outcome.result : null},
      failure_code = ${failure?.code ?? null}, failure = ${failure ? keptReason(failure.reason, MAX_REASON_LENGTH) : null}
    where org_id = ${orgId} and message_id = ${messageId} and ${lease === null ? sql`state in ('received', 'routed')` : sql`state = 'running' and lease = ${lease}`} returning *),
    ${buryDead('settled', now)} select agent, key from settled`.execute(database)
  return rows[0]
}

/** Opens a dead message again, with all its attempts; false when it is not dead, or not kept any more. The next sweep wakes it. */
export async function reviveMessage(database: Database, { orgId, messageId }: MessageKey): Promise<boolean> {
  const { numAffectedRows = 0n } = await sql`
    update agent_messages set state = case when agent is null then 'received' else 'routed' end, attempts = 0, settled_at = null,
      failure_code = null, failure = null, woken_at = received_at - interval '100 years'
    where org_id = ${orgId} and message_id = ${messageId} and state = 'dead'`.execute(database)
  return numAffectedRows > 0n
}

/** The message that may be taken now that one before it is settled, if they have a key. */
export async function nextOfKey(database: Database, { orgId, messageId }: MessageKey): Promise<Wake | undefined> {
  const { rows } = await sql<Wake>`
    select next.org_id as "orgId", next.message_id as "messageId", next.agent from agent_messages m join agent_messages next
      on next.org_id = m.org_id and next.agent = m.agent and next.key = m.key and next.id > m.id
    where m.org_id = ${orgId} and m.message_id = ${messageId} and m.key is not null and next.state = 'routed' order by next.id limit 1`.execute(
    database,
  )
  return rows[0]
}

/**
 * What no stream has any more, as far as one can tell: open messages that were not woken since a time, and attempts whose lease is over. Those that were
 * begun too often are dead instead, with their letters.
 */
export async function sweepMessages(
  database: Database,
  {
    now,
    since,
    maxAttempts,
    limit,
    besidesAgents,
  }: {
    readonly now: Date
    readonly since: Date
    readonly maxAttempts: number
    readonly limit: number
    /** Agents whose streams have no room. */
    readonly besidesAgents: readonly string[]
  },
): Promise<{ readonly lost: readonly Wake[]; readonly dead: readonly Wake[] }> {
  const { rows } = await sql<Wake & { state: MessageState }>`
    with lost as (
      select id from agent_messages where ${isOpen} and woken_at < ${since} and (state <> 'running' or lease_until < ${now})
        and (agent is null or agent <> all(${besidesAgents}::text[]))
      order by woken_at limit ${limit} for update skip locked), swept as (
    update agent_messages m set woken_at = ${now}, lease = null, lease_until = null,
      state = case when m.state = 'received' then 'received' when m.attempts >= ${maxAttempts} then 'dead' else 'routed' end,
      settled_at = case when m.state <> 'received' and m.attempts >= ${maxAttempts} then ${now}::timestamptz end,
      failure_code = case when m.state <> 'received' and m.attempts >= ${maxAttempts} then ${WORN_OUT.code}::text else failure_code end,
      failure = case when m.state <> 'received' and m.attempts >= ${maxAttempts} then ${WORN_OUT.reason}::text else failure end
    from lost where m.id = lost.id returning m.*),
    ${buryDead('swept', now)}
    select org_id as "orgId", message_id as "messageId", agent, state from swept`.execute(database)
  return { lost: rows.filter(({ state }) => state !== 'dead'), dead: rows.filter(({ state }) => state === 'dead') }
}

/** Forgets messages: settled ones from before a time, or those of an org, a user or a workstream; returns whether there may be more. */
export async function deleteMessages(
  database: Database,
  named:
    | { readonly settledBefore: Date }
    | {
        readonly orgId: string
        readonly userId?: string | undefined
        readonly workstreamId?: string | undefined
        readonly until: Date
      },
  limit: number,
): Promise<boolean> {
  const condition =
    'settledBefore' in named
      ? sql`settled_at < ${named.settledBefore}`
      : sql`org_id = ${named.orgId} and received_at <= ${named.until}
          and ${named.userId === undefined ? sql`true` : sql`user_id = ${named.userId}`}
          and ${named.workstreamId === undefined ? sql`true` : sql`workstream_id = ${named.workstreamId}`}`
  const { numAffectedRows = 0n } = await sql`
    delete from agent_messages where id = any(array(select id from agent_messages where ${condition} limit ${limit}))`.execute(
    database,
  )
  return numAffectedRows > 0n
}
