import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { MessageParts } from '../../conversation.ts'
import { AfterturnError } from '../../errors.ts'
import type { Metadata } from '../../metadata.ts'
import { refreshConversation } from '../conversations/refresh-conversation.ts'
import { contextAfterTurn, type MessagePlace } from '../conversations/workstream-context.ts'
import type { Database } from '../database.ts'
import { type Erasure, requestErasure } from '../erasing/erasures.ts'
import type { MemoryScope } from '../scopes.ts'
import { insertMetadata } from './turn-metadata.ts'
import { type DigestTiming, digestDueAfter, type WorkstreamKey } from './workstreams.ts'

/**
 * Owns how a turn is written, with its messages and what its workstream's row says of them, and how it takes the place of another of its id. Guarantees:
 * once, in the order of its workstream. From the transaction that replaces a turn on the old one is in no conversation and is extracted by nobody; what
 * was derived from it goes by the erasure that is written there, which a sweep finishes if its process dies.
 */

/** A turn that happens now, or one of a history that is imported. */
export type TurnPriority = 'live' | 'backfill'

/** A turn as it is written: checked, and within the limits. */
export type NewTurn = {
  readonly orgId: string
  readonly workstreamId: string
  readonly turnId: string
  readonly messages: readonly NewTurnMessage[]
  readonly at?: Date | undefined
  readonly timeZone?: string | undefined
  readonly userId?: string | undefined
  readonly agentId?: string | undefined
  /** @default 'org' */
  readonly scope?: MemoryScope | undefined
  readonly metadata?: Metadata | undefined
  /** A backfill lets the org's live turns go first. @default 'live' */
  readonly priority?: TurnPriority | undefined
  /** Whether it takes the place of a turn of its id that has other content. @default false */
  readonly replace?: boolean | undefined
}

export type NewTurnMessage = {
  readonly role: string
  readonly name?: string | undefined
  /** Its words. */
  readonly content: string
  /** What its words do not say. */
  readonly parts?: MessageParts | undefined
  /** In o200k; null when they were not counted. */
  readonly tokens?: number | null | undefined
}

type InsertedTurn = {
  readonly deduplicated: boolean
  readonly digestDueAt: Date | null
  /** True if all pending turns of its workstream are a backfill. */
  readonly isBackfill: boolean
  /** What a full load of the conversation takes now. */
  readonly liveTokens: number
  /** Whether a compaction is wanted and may run. */
  readonly isCompactionDue: boolean
  /** What takes away what was derived from the turn that it replaces; undefined when it replaces none. */
  readonly erasure?: Erasure | undefined
}

/** Where the replaced turn stood, and the erasure that takes it away. */
type SetAside = { readonly seq: number; readonly erasure: Erasure }

/**
 * Writes a turn and moves its workstream's due time, or finds that it is there already. From `compactFromTokens` on a compaction is wanted.
 * @throws TURN_CONFLICT when the turnId stands for other content.
 */
export async function insertTurn(
  database: Database,
  turn: NewTurn,
  contentHash: Buffer,
  timing: DigestTiming,
  compactFromTokens = Number.POSITIVE_INFINITY,
): Promise<InsertedTurn> {
  return database.transaction().execute(async (transaction) => {
    // The upsert locks the workstream, so its turns get their order one after the other.
    const workstream = await transaction
      .insertInto('workstreams')
      .values({ org_id: turn.orgId, workstream_id: turn.workstreamId, first_pending_at: null, digest_due_at: null })
      .onConflict((conflict) => conflict.columns(['org_id', 'workstream_id']).doUpdateSet({ org_id: turn.orgId }))
      .returning(['next_seq', 'first_pending_at', 'digest_due_at', 'live_tokens', 'total_messages', 'pins'])
      .returning(['open_calls', 'compaction_target', 'compaction_blocked_until', 'said_at', 'is_backfill'])
      .executeTakeFirstOrThrow()
    const occurredAt = turn.at ?? timing.now
    const saidAt = lastOf(workstream.said_at, occurredAt < timing.now ? occurredAt : timing.now)
    const replaced = turn.replace ? await setAsideTurn(transaction, turn, contentHash, timing.now) : undefined
    const seq = replaced?.seq ?? workstream.next_seq
    const inserted = await transaction
      .insertInto('turns')
      .values({
        org_id: turn.orgId,
        workstream_id: turn.workstreamId,
        turn_id: turn.turnId,
        seq,
        occurred_at: occurredAt,
        recorded_at: timing.now,
        time_zone: turn.timeZone ?? null,
        said_at: saidAt,
        content_hash: contentHash,
        settled_at: null,
        user_id: turn.userId ?? null,
        agent_id: turn.agentId ?? null,
        memory_scope: turn.scope ?? 'org',
      })
      .onConflict((conflict) => conflict.columns(['org_id', 'workstream_id', 'turn_id']).doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!inserted) {
      await refuseOtherContent(transaction, turn, contentHash)
      const [liveTokens, wanted] = [workstream.live_tokens, workstream.compaction_target]
      return {
        deduplicated: true,
        digestDueAt: workstream.digest_due_at,
        isBackfill: workstream.is_backfill,
        liveTokens,
        isCompactionDue: isCompactionDue(wanted, workstream.compaction_blocked_until, timing.now),
      }
    }

    const { row, calls } = contextAfterTurn(workstream, seq, turn.messages)
    await insertMessages(transaction, inserted.id, turn.messages, calls)
    await insertMetadata(transaction, turn.orgId, inserted.id, turn.metadata)
    const firstPendingAt = workstream.first_pending_at ?? timing.now
    const digestDueAt = digestDueAfter(timing.now, firstPendingAt, timing)
    // One live turn makes its workstream live: the turns before it keep their order.
    const isBackfill = turn.priority === 'backfill' && (workstream.first_pending_at === null || workstream.is_backfill)
    const wanted = workstream.compaction_target ?? (row.live_tokens >= compactFromTokens ? compactFromTokens : null)
    await transaction
      .updateTable('workstreams')
      .set({
        next_seq: Math.max(workstream.next_seq, seq + 1),
        said_at: saidAt,
        first_pending_at: firstPendingAt,
        digest_due_at: digestDueAt,
        digest_max_wait_ms: timing.maxWaitMs,
        is_backfill: isBackfill,
        ...row,
        pins: JSON.stringify(row.pins),
        open_calls: JSON.stringify(row.open_calls),
        compaction_target: wanted,
      })
      .where('org_id', '=', turn.orgId)
      .where('workstream_id', '=', turn.workstreamId)
      .execute()
    // Pins, tokens and summaries were of the turn that went.
    if (replaced) await refreshConversation(transaction, turn)
    return {
      deduplicated: false,
      erasure: replaced?.erasure,
      digestDueAt,
      isBackfill,
      liveTokens: row.live_tokens,
      isCompactionDue: isCompactionDue(wanted, workstream.compaction_blocked_until, timing.now),
    }
  })
}

/** Sets a turn aside, if there is one of this id with other content. Its workstream must be locked. */
async function setAsideTurn(
  transaction: Database,
  { turnId, ...scope }: WorkstreamKey & { readonly turnId: string },
  contentHash: Buffer,
  now: Date,
): Promise<SetAside | undefined> {
  const { orgId, workstreamId } = scope
  const old = await transaction
    .selectFrom('turns')
    .select(['id', 'seq', 'state', 'content_hash', 'settled_at'])
    .where('org_id', '=', orgId)
    .where('workstream_id', '=', workstreamId)
    .where('turn_id', '=', turnId)
    .forUpdate()
    .executeTakeFirst()
  if (!old || old.content_hash.equals(contentHash)) return undefined
  // Nobody can name it, and no conversation reaches before its beginning.
  const asideId = `replaced:${randomUUID()}`
  await transaction
    .updateTable('turns')
    .set({
      turn_id: asideId,
      seq: -old.id,
      ...(old.state === 'pending' && { state: 'extracted' as const, settled_at: now }),
    })
    .where('id', '=', old.id)
    .where('org_id', '=', orgId)
    .execute()
  const erasure = await requestErasure(
    transaction,
    { orgId, workstreamId, turnId: asideId },
    { by: 'replace', at: now },
  )
  return { seq: old.seq, erasure }
}

function lastOf(before: Date | null, at: Date): Date {
  return before && before > at ? before : at
}

/** One statement with one parameter a column, however many messages there are: a statement has at most 65,535 parameters. */
async function insertMessages(
  transaction: Database,
  turn: number,
  messages: readonly NewTurnMessage[],
  calls: readonly (MessagePlace | undefined)[],
): Promise<void> {
  await sql`
    insert into messages (turn, position, role, name, content, parts, tokens, call_seq, call_position)
    select ${turn}, nth - 1, role, name, content, parts, tokens, call_seq, call_position
    from unnest(
      ${messages.map(({ role }) => role)}::text[], ${messages.map(({ name }) => name ?? null)}::text[],
      ${messages.map(({ content }) => content)}::text[],
      ${messages.map(({ parts }) => (parts ? JSON.stringify(parts) : null))}::jsonb[],
      ${messages.map(({ tokens }) => tokens ?? null)}::int[],
      ${calls.map((call) => call?.[0] ?? null)}::bigint[], ${calls.map((call) => call?.[1] ?? null)}::int[])
      with ordinality as given (role, name, content, parts, tokens, call_seq, call_position, nth)`.execute(transaction)
}

/** Whether a compaction is wanted and its breaker is not open. */
function isCompactionDue(target: number | null, blockedUntil: Date | null, now: Date): boolean {
  return target !== null && (blockedUntil === null || blockedUntil <= now)
}

async function refuseOtherContent(database: Database, turn: NewTurn, contentHash: Buffer): Promise<void> {
  const existing = await database
    .selectFrom('turns')
    .select('content_hash')
    .where('org_id', '=', turn.orgId)
    .where('workstream_id', '=', turn.workstreamId)
    .where('turn_id', '=', turn.turnId)
    .executeTakeFirstOrThrow()
  if (!existing.content_hash.equals(contentHash)) {
    throw new AfterturnError(
      'TURN_CONFLICT',
      `The turn ${JSON.stringify(turn.turnId)} is recorded with other content.`,
      { recorded: 'no' },
    )
  }
}
