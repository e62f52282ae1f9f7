import { sql } from 'kysely'
import type { Database } from '../database.ts'
import type { FailedTry, Resolution } from '../schema.ts'
import { failedTry, keptReason } from '../turns/failed-tries.ts'
import { settleTurns } from '../turns/turns.ts'
import { refreshDigestDue, type WorkstreamKey } from '../turns/workstreams.ts'

/**
 * Owns what could not be done: turns that could not be extracted, and jobs of queues that are not about turns. Each is kept with its reason;
 * a dead turn no longer holds up the turns after it.
 */

type DeathNote = {
  readonly queue: string
  readonly code: string
  readonly reason: string
  readonly attempts: number
}

/** Longer reasons are cut: a provider's answer may be a page. */
const MAX_REASON_LENGTH = 2_000

/**
 * Moves pending turns to the dead letters, all or none, with their tries.
 * @throws TURNS_CHANGED when one of them is not pending any more.
 */
export async function deadLetterTurns(
  database: Database,
  scope: WorkstreamKey,
  turns: readonly number[],
  note: DeathNote,
  timing: { now: Date; windowMs: number; maxWaitMs: number },
): Promise<void> {
  if (turns.length === 0) return
  const last = failedTry({ at: timing.now, code: note.code, reason: note.reason })
  await database.transaction().execute(async (transaction) => {
    await settleTurns(transaction, scope, turns, 'dead_lettered', timing.now)
    await sql`
      insert into dead_letters (org_id, turn, queue, code, reason, attempts, died_at, failed_tries)
      select org_id, id, ${note.queue}, ${note.code}, ${cut(note.reason)}, ${note.attempts}::int, ${timing.now}::timestamptz,
        failed_tries || ${JSON.stringify([last])}::jsonb
      from turns where org_id = ${scope.orgId} and id = any(${turns}::bigint[])`.execute(transaction)
    await refreshDigestDue(transaction, scope, timing)
  })
}

/** A job that failed for good. */
export type DeadJob = DeathNote & {
  readonly jobId: string
  readonly orgId: string | null
  /** What it carried, if it fits its contract: ids, never content. */
  readonly payload: object | null
  readonly diedAt: Date
  readonly failedTries: readonly FailedTry[]
}

/**
 * Keeps jobs as dead letters; those that are kept already stay as they are. A job whose work died of the same cause before makes no second one while the
 * first is open.
 */
export async function insertDeadJobs(database: Database, jobs: readonly DeadJob[]): Promise<void> {
  if (jobs.length === 0) return
  await database
    .insertInto('dead_letters')
    .values(
      jobs.map((job) => ({
        org_id: job.orgId,
        job_id: job.jobId,
        payload: job.payload === null ? null : JSON.stringify(job.payload),
        queue: job.queue,
        code: job.code,
        reason: cut(job.reason),
        attempts: job.attempts,
        died_at: job.diedAt,
        failed_tries: JSON.stringify(job.failedTries),
        // Somebody wanted that one to end: there is nothing left to see to.
        ...(job.code === 'JOB_CANCELLED' && {
          resolution: 'dropped' as const,
          resolved_by: 'cancel',
          resolved_at: job.diedAt,
        }),
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Which of these failed jobs of a queue have no dead letter yet. */
export async function findUnkeptJobs(
  database: Database,
  queue: string,
  jobs: readonly { readonly jobId: string; readonly diedAt: Date }[],
): Promise<string[]> {
  const { rows } = await sql<{ jobId: string }>`
    select failed.job_id as "jobId"
    from unnest(${jobs.map((job) => job.jobId)}::text[], ${jobs.map((job) => job.diedAt)}::timestamptz[]) as failed (job_id, died_at)
    where not exists (
      select from dead_letters d where d.queue = ${queue} and d.job_id = failed.job_id and d.died_at = failed.died_at)`.execute(
    database,
  )
  return rows.map((row) => row.jobId)
}

/** A dead letter as people read it: a turn's, or a job's. */
export type DeadLetter = DeathNote & {
  readonly id: number
  /** Null for a job whose payload names no org. */
  readonly orgId: string | null
  readonly workstreamId: string | null
  readonly turnId: string | null
  readonly jobId: string | null
  readonly diedAt: Date
  /** How it ended; null while it is open. */
  readonly resolution: Resolution | null
  readonly resolvedBy: string | null
  readonly resolvedAt: Date | null
}

/** With its tries, the oldest first, and what a job carried. */
export type DeadLetterDetail = DeadLetter & {
  readonly failedTries: readonly FailedTry[]
  readonly payload: object | null
}

/** What died, in words. */
export function describeSubject({ workstreamId, turnId, jobId }: DeadLetter): string {
  return jobId === null ? `turn ${turnId} of ${workstreamId}` : `job ${jobId}`
}

export type DeadLetterFilter = {
  readonly orgId?: string | undefined
  readonly queue?: string | undefined
  readonly code?: string | undefined
  /** The reason without what differs from case to case. */
  readonly cause?: string | undefined
}

/** The newest dead letters that fit: the open ones, or those that were replayed or dropped. */
export async function readDeadLetters(
  database: Database,
  options: DeadLetterFilter & { limit: number; beforeId?: number | undefined; isResolved?: boolean | undefined },
): Promise<DeadLetter[]> {
  let query = selectLetters(database)
    .where((eb) => eb.and(matching(options)))
    .where('d.resolution', options.isResolved === true ? 'is not' : 'is', null)
  if (options.beforeId !== undefined) query = query.where('d.id', '<', options.beforeId)
  return query.orderBy('d.id', 'desc').limit(options.limit).execute()
}

/** Those of these dead letters that exist, with all that is known of them. */
export async function findDeadLetters(database: Database, ids: readonly number[]): Promise<DeadLetterDetail[]> {
  if (ids.length === 0) return []
  return selectLetters(database)
    .select(['d.failed_tries as failedTries', 'd.payload'])
    .where('d.id', 'in', ids)
    .orderBy('d.id')
    .execute()
}

/** How many of those that fit are open, by queue and reason. */
export async function countDeadLetters(
  database: Database,
  filter: DeadLetterFilter = {},
): Promise<{ queue: string; code: string; count: number }[]> {
  if (filter.orgId === undefined) return countByCause(database, filter)
  return database
    .selectFrom('dead_letters as d')
    .select((eb) => ['d.queue', 'd.code', eb.fn.countAll<number>().as('count')])
    .where((eb) => eb.and(matching(filter)))
    .where('d.resolution', 'is', null)
    .groupBy(['d.queue', 'd.code'])
    .execute()
}

/** Of all orgs they are not counted: there is a tally for each cause. */
async function countByCause(database: Database, { queue, code }: DeadLetterFilter) {
  const { rows } = await sql<{ queue: string; code: string; count: number }>`
    select queue, code, sum(letters)::bigint as count from dead_letter_tallies
    where ${queue === undefined ? sql`true` : sql`queue = ${queue}`} and ${code === undefined ? sql`true` : sql`code = ${code}`}
    group by queue, code having sum(letters) <> 0`.execute(database)
  return rows
}

function selectLetters(database: Database) {
  return database
    .selectFrom('dead_letters as d')
    .leftJoin('turns as t', 't.id', 'd.turn')
    .select([
      'd.id',
      'd.org_id as orgId',
      't.workstream_id as workstreamId',
      't.turn_id as turnId',
      'd.job_id as jobId',
      'd.queue',
      'd.code',
      'd.reason',
      'd.attempts',
      'd.died_at as diedAt',
      'd.resolution',
      'd.resolved_by as resolvedBy',
      'd.resolved_at as resolvedAt',
    ])
}

/** The filter as columns; what is left out fits all. */
function matching({ orgId, queue, code, cause }: DeadLetterFilter) {
  return {
    ...(orgId !== undefined && { 'd.org_id': orgId }),
    ...(queue !== undefined && { 'd.queue': queue }),
    ...(code !== undefined && { 'd.code': code }),
    ...(cause !== undefined && { 'd.cause': cause }),
  }
}

const cut = (reason: string) => keptReason(reason, MAX_REASON_LENGTH)
