import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { FailedTry } from './schema.ts'
import type { WorkstreamKey } from './workstreams.ts'

/** Owns the tries that failed, as dead letters tell them. Guarantees: their number and length are bounded. */

/** A turn has fewer tries than this; whoever raises them must not make rows grow without end. */
export const MAX_KEPT_TRIES = 20
const MAX_REASON_LENGTH = 500

/** A try as it is kept. */
export function failedTry(failure: { at: Date; code: string; reason: string }): FailedTry {
  return {
    at: failure.at.toISOString(),
    code: failure.code,
    reason: failure.reason.slice(0, MAX_REASON_LENGTH).replaceAll('\0', '').toWellFormed(),
  }
}

/** Keeps why a try of these pending turns failed, for the day they become dead letters. */
export async function keepFailedTry(
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
