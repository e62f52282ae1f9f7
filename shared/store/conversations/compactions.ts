import { sql } from 'kysely'
import { AfterturnError } from '../../errors.ts'
import type { Database } from '../database.ts'
import type { WakenWorkstream, WorkstreamKey } from '../turns/workstreams.ts'
import type { Pins } from './system-pins.ts'
import type { MessagePlace } from './workstream-context.ts'

/**
 * Owns the SQL of compactions: records that only grow, and on the workstream's row which one is in force. Guarantees: each record has one successor;
 * the flip is a compare-and-set of the locked row.
 */

/** A record: it stands for every message before `cut`, but for the pinned ones. */
export type Compaction = {
  readonly id: number
  readonly cut: MessagePlace
  /** Large tool outputs before this place are shown as pointers. */
  readonly offload: MessagePlace
  /** How many messages stand before the cut. */
  readonly totalMessages: number
  readonly summary: object | null
  readonly summaryTokens: number
  readonly model: string
  readonly tokensBefore: number
  readonly tokensAfter: number
  readonly createdAt: Date
}

/** Where a conversation begins. */
export const START: MessagePlace = [0, 0]

/** What a workstream's row says of its context, with the record in force. */
export type ContextState = {
  /** The place after the last message. */
  readonly end: MessagePlace
  readonly liveTokens: number
  readonly totalMessages: number
  readonly pins: Pins
  /** The budget for which a compaction is wanted; null when none is. */
  readonly target: number | null
  readonly attempts: number
  readonly blockedUntil: Date | null
  readonly compaction: Compaction | undefined
}

/** The state of a workstream; undefined when nothing was recorded in it. One row of each table is read. */
export async function readContextState(database: Database, scope: WorkstreamKey): Promise<ContextState | undefined> {
  const row = await database
    .selectFrom('workstreams as w')
    .leftJoin('compactions as c', 'c.id', 'w.compaction')
    .select([
      'w.next_seq',
      'w.live_tokens',
      'w.total_messages',
      'w.pins',
      'w.compaction_target',
      'w.compaction_attempts',
    ])
    .select([
      'w.compaction_blocked_until',
      'c.id',
      'c.cut_seq',
      'c.cut_position',
      'c.offload_seq',
      'c.offload_position',
    ])
    .select(['c.total_messages as covered', 'c.summary', 'c.summary_tokens', 'c.model', 'c.tokens_before'])
    .select(['c.tokens_after', 'c.created_at'])
    .where('w.org_id', '=', scope.orgId)
    .where('w.workstream_id', '=', scope.workstreamId)
    .executeTakeFirst()
  if (!row) return undefined
  return {
    end: [row.next_seq, 0],
    liveTokens: row.live_tokens,
    totalMessages: row.total_messages,
    pins: row.pins,
    target: row.compaction_target,
    attempts: row.compaction_attempts,
    blockedUntil: row.compaction_blocked_until,
    compaction:
      row.id === null
        ? undefined
        : {
            id: row.id,
            cut: [row.cut_seq as number, row.cut_position as number],
            offload: [row.offload_seq as number, row.offload_position as number],
            totalMessages: row.covered as number,
            summary: row.summary,
            summaryTokens: row.summary_tokens as number,
            model: row.model as string,
            tokensBefore: row.tokens_before as number,
            tokensAfter: row.tokens_after as number,
            createdAt: row.created_at as Date,
          },
  }
}

export type NewCompaction = {
  readonly previous: Compaction | undefined
  readonly cut: MessagePlace
  readonly offload: MessagePlace
  /** How many messages lie between the previous cut and this one. */
  readonly messages: number
  readonly inputHash: Buffer
  readonly summary: object | null
  readonly summaryTokens: number
  readonly model: string
  /** By how much the live tokens change. */
  readonly liveTokensChange: number
}

/**
 * Writes a record and puts it in force. Call it inside a transaction.
 * @throws COMPACTION_CHANGED when another record is in force than the one it follows.
 */
export async function flipCompaction(
  transaction: Database,
  scope: WorkstreamKey,
  record: NewCompaction,
  now: Date,
): Promise<{ tokensBefore: number; tokensAfter: number }> {
  const { previous } = record
  const row = await transaction
    .selectFrom('workstreams')
    .select(['compaction', 'live_tokens'])
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .forUpdate()
    .executeTakeFirst()
  if (!row || row.compaction !== (previous?.id ?? null)) {
    throw new AfterturnError(
      'COMPACTION_CHANGED',
      `Expected the compaction ${previous?.id ?? 'none'} in force, got ${row ? (row.compaction ?? 'none') : 'no workstream'}.`,
    )
  }
  const from = previous?.cut ?? START
  const tokensAfter = Math.max(0, row.live_tokens + record.liveTokensChange)
  const { id } = await transaction
    .insertInto('compactions')
    .values({
      org_id: scope.orgId,
      workstream_id: scope.workstreamId,
      previous: previous?.id ?? 0,
      from_seq: from[0],
      from_position: from[1],
      cut_seq: record.cut[0],
      cut_position: record.cut[1],
      offload_seq: record.offload[0],
      offload_position: record.offload[1],
      messages: record.messages,
      total_messages: (previous?.totalMessages ?? 0) + record.messages,
      input_hash: record.inputHash,
      summary: record.summary === null ? null : JSON.stringify(record.summary),
      summary_tokens: record.summaryTokens,
      model: record.model,
      tokens_before: row.live_tokens,
      tokens_after: tokensAfter,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await transaction
    .updateTable('workstreams')
    .set({
      compaction: id,
      live_tokens: tokensAfter,
      compaction_attempts: 0,
      compaction_failures: 0,
      compaction_blocked_until: null,
    })
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .execute()
  return { tokensBefore: row.live_tokens, tokensAfter }
}

/** Asks for a compaction to a budget and closes the breaker; false when nothing was recorded there. */
export async function wantCompaction(database: Database, scope: WorkstreamKey, budgetTokens: number): Promise<boolean> {
  const { rows } = await sql`
    update workstreams set compaction_target = ${budgetTokens}, compaction_blocked_until = null, compaction_attempts = 0
    where org_id = ${scope.orgId} and workstream_id = ${scope.workstreamId} returning 1`.execute(database)
  return rows.length > 0
}

/** Nothing is wanted any more; false when turns came or another budget was asked for since the state was read, so that it must be looked at again. */
export async function settleCompaction(database: Database, scope: WorkstreamKey, seen: ContextState): Promise<boolean> {
  const { rows } = await sql`
    update workstreams set compaction_target = null, compaction_attempts = 0
    where org_id = ${scope.orgId} and workstream_id = ${scope.workstreamId} and total_messages = ${seen.totalMessages}
      and compaction_target is not distinct from ${seen.target}::bigint returning 1`.execute(database)
  return rows.length > 0
}

/** Counts that a compaction is begun, or with -1 that it ended without killing its worker; answers how many have not. */
export async function countCompactionAttempt(database: Database, scope: WorkstreamKey, by: 1 | -1): Promise<number> {
  const { rows } = await sql<{ attempts: number }>`
    update workstreams set compaction_attempts = greatest(0, compaction_attempts + ${by}::int)
    where org_id = ${scope.orgId} and workstream_id = ${scope.workstreamId}
    returning compaction_attempts as attempts`.execute(database)
  return rows[0]?.attempts ?? 0
}

/** Counts a summary that was rejected; answers how many have been since the last that was not. */
export async function countRejectedSummary(database: Database, scope: WorkstreamKey): Promise<number> {
  const { rows } = await sql<{ failures: number }>`
    update workstreams set compaction_failures = compaction_failures + 1
    where org_id = ${scope.orgId} and workstream_id = ${scope.workstreamId}
    returning compaction_failures as failures`.execute(database)
  return rows[0]?.failures ?? 0
}

/** Opens the breaker: the workstream is left alone until then, and its context is only truncated. */
export async function blockCompaction(database: Database, scope: WorkstreamKey, until: Date): Promise<void> {
  await sql`
    update workstreams set compaction_blocked_until = ${until}, compaction_attempts = 0
    where org_id = ${scope.orgId} and workstream_id = ${scope.workstreamId}`.execute(database)
}

/** Whether a breaker is open. One that would stay open for longer than it is ever opened was set by a clock that was ahead. */
export function isBlocked(blockedUntil: Date | null, { now, breakerMs }: { now: Date; breakerMs: number }): boolean {
  return blockedUntil !== null && blockedUntil > now && blockedUntil.getTime() <= now.getTime() + 2 * breakerMs
}

/** Workstreams whose compaction is wanted and not blocked, by their ids, after the one given. */
export async function readWantedCompactions(
  database: Database,
  { now, breakerMs }: { now: Date; breakerMs: number },
  { after, limit }: { after?: WorkstreamKey | undefined; limit: number },
): Promise<WakenWorkstream[]> {
  const plausible = new Date(now.getTime() + 2 * breakerMs)
  let query = database
    .selectFrom('workstreams')
    .select(['org_id as orgId', 'workstream_id as workstreamId', 'is_backfill as isBackfill'])
    .where('compaction_target', 'is not', null)
    .where((eb) =>
      eb.or([
        eb('compaction_blocked_until', 'is', null),
        eb('compaction_blocked_until', '<=', now),
        eb('compaction_blocked_until', '>', plausible),
      ]),
    )
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('org_id', 'workstream_id'), '>', tuple(after.orgId, after.workstreamId)),
    )
  }
  return query.orderBy('org_id').orderBy('workstream_id').limit(limit).execute()
}

/** The newest compactions of all orgs, as people read them. */
export async function readNewestCompactions(database: Database, limit: number) {
  const rows = await database
    .selectFrom('compactions')
    .select(['org_id as orgId', 'workstream_id as workstreamId', 'cut_seq', 'cut_position', 'model as by'])
    .select(['total_messages as coveredMessages', 'tokens_before as tokensBefore', 'tokens_after as tokensAfter'])
    .select('created_at as at')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ cut_seq, cut_position, ...row }) => ({ ...row, cut: [cut_seq, cut_position] as MessagePlace }))
}
