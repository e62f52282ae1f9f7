import { type SqlBool, sql } from 'kysely'
import type { Database } from '../database.ts'

/** Owns the SQL of workstreams: their lock, and when their digest is due. Null means that nothing is pending. */

/** Which turns: those of one workstream of one org. */
export type WorkstreamKey = { readonly orgId: string; readonly workstreamId: string }

/** A workstream to be woken, and whether all that it waits for is a backfill. */
export type WakenWorkstream = WorkstreamKey & { readonly isBackfill?: boolean | undefined }

/** When it is, and the two waits of a digest. */
export type DigestTiming = { readonly now: Date; readonly windowMs: number; readonly maxWaitMs: number }

/** A digest is due when the workstream has been quiet for the window, or its oldest pending turn has waited the maximum. */
export function digestDueAfter(
  lastTurnAt: Date,
  firstPendingAt: Date,
  timing: { windowMs: number; maxWaitMs: number },
): Date {
  return new Date(Math.min(lastTurnAt.getTime() + timing.windowMs, firstPendingAt.getTime() + timing.maxWaitMs))
}

/**
 * Locks a workstream until the transaction ends. Whoever settles turns takes it first, as whoever records them does (after the org's fence, for those
 * who need one): in the other order the two would wait for each other, and a turn that is recorded meanwhile could be left without a due time.
 */
export async function lockWorkstream(transaction: Database, scope: WorkstreamKey): Promise<void> {
  await lockingWorkstream(transaction, scope).execute()
}

/** The same as the part of a statement. */
export function lockingWorkstream(transaction: Database, scope: WorkstreamKey) {
  return transaction
    .selectFrom('workstreams')
    .select('next_seq')
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .forUpdate()
}

/** Takes the settled turns out of the due time of their locked workstream: null when nothing is pending, else as the turns that are left say. */
export async function refreshDigestDue(
  transaction: Database,
  scope: WorkstreamKey,
  timing: { windowMs: number; maxWaitMs: number },
): Promise<Date | null> {
  // Mostly nothing is left, and one statement does.
  const cleared = await transaction
    .updateTable('workstreams')
    .set({ first_pending_at: null, digest_due_at: null, is_backfill: false })
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('turns')
            .select('id')
            .where('org_id', '=', scope.orgId)
            .where('workstream_id', '=', scope.workstreamId)
            .where('state', '=', 'pending'),
        ),
      ),
    )
    .returning('next_seq')
    .executeTakeFirst()
  if (cleared) return null
  const { first, last } = await transaction
    .selectFrom('turns')
    .select((eb) => [
      eb.fn.min<Date | null>('recorded_at').as('first'),
      eb.fn.max<Date | null>('recorded_at').as('last'),
    ])
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow()
  const digestDueAt = first && last ? digestDueAfter(last, first, timing) : null
  await transaction
    .updateTable('workstreams')
    .set({ first_pending_at: first, digest_due_at: digestDueAt, digest_max_wait_ms: timing.maxWaitMs })
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .execute()
  return digestDueAt
}

/** When the digest of a workstream is due; null when nothing is pending. */
export async function readDigestDue(database: Database, scope: WorkstreamKey): Promise<Date | null> {
  const row = await database
    .selectFrom('workstreams')
    .select('digest_due_at')
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .executeTakeFirst()
  return row?.digest_due_at ?? null
}

/**
 * When the digest of a workstream is due, and whether that is now. A due time beyond the maximum wait was set by a clock that was ahead, and must not be
 * waited for: the maximum of whoever set it, or a larger one of this process.
 */
export async function readDigest(
  database: Database,
  scope: WorkstreamKey,
  { now, maxWaitMs }: Pick<DigestTiming, 'now' | 'maxWaitMs'>,
): Promise<{ readonly dueAt: Date; readonly isDue: boolean } | undefined> {
  const row = await database
    .selectFrom('workstreams')
    .select(['digest_due_at', 'digest_max_wait_ms'])
    .where('org_id', '=', scope.orgId)
    .where('workstream_id', '=', scope.workstreamId)
    .executeTakeFirst()
  const dueAt = row?.digest_due_at
  if (!dueAt) return undefined
  const latest = now.getTime() + Math.max(maxWaitMs, row.digest_max_wait_ms ?? 0)
  return { dueAt, isDue: dueAt <= now || dueAt.getTime() > latest }
}

/** The longest that a digest may be waited for: this process' maximum, or a larger one under which some due time was set. */
export async function readLongestDigestWaitMs(
  database: Database,
  { now, maxWaitMs }: Pick<DigestTiming, 'now' | 'maxWaitMs'>,
): Promise<number> {
  const { longest } = await database
    .selectFrom('workstreams')
    .select((eb) => eb.fn.max<number | null>('digest_max_wait_ms').as('longest'))
    .where('digest_due_at', '>', new Date(now.getTime() + maxWaitMs))
    .executeTakeFirstOrThrow()
  return Math.max(maxWaitMs, longest ?? 0)
}

/** Workstreams whose digest is overdue, by their ids, after the one given. */
export async function readOverdueWorkstreams(
  database: Database,
  { now, maxWaitMs }: Pick<DigestTiming, 'now' | 'maxWaitMs'>,
  { after, limit }: { after?: WorkstreamKey | undefined; limit: number },
): Promise<WakenWorkstream[]> {
  let query = database
    .selectFrom('workstreams')
    .select(['org_id as orgId', 'workstream_id as workstreamId', 'is_backfill as isBackfill'])
    .where((eb) =>
      eb.or([
        eb('digest_due_at', '<=', now),
        // The first condition is for the index; the second is the workstream's own maximum.
        eb.and([
          eb('digest_due_at', '>', new Date(now.getTime() + maxWaitMs)),
          sql<SqlBool>`digest_due_at > ${now}::timestamptz + coalesce(digest_max_wait_ms, 0) * interval '1 ms'`,
        ]),
      ]),
    )
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('org_id', 'workstream_id'), '>', tuple(after.orgId, after.workstreamId)),
    )
  }
  return query.orderBy('org_id').orderBy('workstream_id').limit(limit).execute()
}
