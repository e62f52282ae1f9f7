import type { Database } from '../database.ts'
import type { FailedTry, TurnState } from '../schema.ts'
import type { WorkstreamKey } from './workstreams.ts'

/** What became of a turn. */
export type TurnStatus = {
  readonly state: TurnState
  /** When it happened. */
  readonly at: Date
  readonly recordedAt: Date
  /** When it was extracted, or given up; null while it is pending. */
  readonly settledAt: Date | null
  /** The tries that failed, oldest first; the last says why a dead turn is dead. */
  readonly failedTries: readonly FailedTry[]
}

/** The status of a turn; undefined when it is not recorded. */
export function readTurnStatus(
  database: Database,
  key: WorkstreamKey & { readonly turnId: string },
): Promise<TurnStatus | undefined> {
  return database
    .selectFrom('turns')
    .select([
      'state',
      'occurred_at as at',
      'recorded_at as recordedAt',
      'settled_at as settledAt',
      'failed_tries as failedTries',
    ])
    .where('org_id', '=', key.orgId)
    .where('workstream_id', '=', key.workstreamId)
    .where('turn_id', '=', key.turnId)
    .executeTakeFirst()
}
