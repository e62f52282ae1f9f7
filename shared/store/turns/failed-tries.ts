import { sql } from 'kysely'
import { redactSecrets } from '../../redact/redact-secrets.ts'
import type { Database } from '../database.ts'
import type { FailedTry } from '../schema.ts'
import type { WorkstreamKey } from './workstreams.ts'

/** Owns the tries that failed, as dead letters tell them. Guarantees: their number and length are bounded. */

/** A turn has fewer tries than this; whoever raises them must not make rows grow without end. */
export const MAX_KEPT_TRIES = 20
const MAX_REASON_LENGTH = 500

/** The most characters of a reason that are looked at: it may quote a whole answer. */
const MAX_SCANNED_LENGTH = 10_000

/** The beginning of a reason, without secrets and as the store takes texts; who failed may say anything. */
export function keptReason(reason: string, maxLength = MAX_REASON_LENGTH): string {
  const { text } = redactSecrets(reason.slice(0, MAX_SCANNED_LENGTH).replaceAll('\0', ''))
  return text.slice(0, maxLength).toWellFormed()
}

/** A try as it is kept. */
export function failedTry(failure: { at: Date; code: string; reason: string }): FailedTry {
  return {
    at: failure.at.toISOString(),
    code: failure.code,
    reason: keptReason(failure.reason),
  }
}

/** Keeps why a try of these pending turns failed, for the day they become dead letters. */
export async function recordFailedTry(
  database: Database,
  scope: WorkstreamKey,
  turns: readonly number[],
  failure: { at: Date; code: string; reason: string },
): Promise<void> {
  await sql`
    update turns set failed_tries = failed_tries || ${JSON.stringify([failedTry(failure)])}::jsonb
    where org_id = ${scope.orgId} and id = any(${turns}::bigint[]) and state = 'pending'
      and jsonb_array_length(failed_tries) < ${MAX_KEPT_TRIES}`.execute(database)
}

/** Keeps of an outage how it began, once a turn; answers for each of these pending turns since when it lasts, by row id. */
export async function keepOutage(
  database: Database,
  scope: WorkstreamKey,
  turns: readonly number[],
  failure: { at: Date; code: string; reason: string },
): Promise<Map<number, Date>> {
  const { rows } = await sql<{ id: number; since: Date }>`
    update turns set failed_tries = case when failed_tries @> ${JSON.stringify([{ code: failure.code }])}::jsonb then failed_tries
      else failed_tries || ${JSON.stringify([failedTry(failure)])}::jsonb end
    where org_id = ${scope.orgId} and id = any(${turns}::bigint[]) and state = 'pending'
    returning id, (select min((failed ->> 'at')::timestamptz) from jsonb_array_elements(failed_tries) failed
      where failed ->> 'code' = ${failure.code}) as since`.execute(database)
  return new Map(rows.map(({ id, since }) => [id, since]))
}

/** True when each of these pending turns has failed before, or is waiting out an outage. */
export async function haveFailed(database: Database, scope: WorkstreamKey, turns: readonly number[]): Promise<boolean> {
  const { rows } = await sql<{ isAll: boolean }>`
    select coalesce(bool_and(failed_tries <> '[]'), false) as "isAll" from turns
    where org_id = ${scope.orgId} and id = any(${turns}::bigint[]) and state = 'pending'`.execute(database)
  return rows[0]?.isAll ?? false
}

/** Why the turn that waits longest of those that were tried is still pending; of one org or of all. */
export async function readOldestFailure(database: Database, orgId?: string): Promise<FailedTry | null> {
  const { rows } = await sql<{ failed: FailedTry }>`
    select failed_tries -> -1 as failed from turns
    where state = 'pending' and failed_tries <> '[]' and ${orgId === undefined ? sql`true` : sql`org_id = ${orgId}`}
    order by id limit 1`.execute(database)
  return rows[0]?.failed ?? null
}
