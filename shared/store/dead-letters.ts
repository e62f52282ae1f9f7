import type { Database } from './database.ts'
import { settleTurns } from './turns.ts'
import { lockWorkstream, refreshDigestDue, type WorkstreamKey } from './workstreams.ts'

/** Owns turns that could not be extracted: each is kept with its reason, and no longer holds up the turns after it. */

export type DeathNote = {
  readonly queue: string
  readonly code: string
  readonly reason: string
  readonly attempts: number
}

/** Longer reasons are cut: a provider's answer may be a page. */
const MAX_REASON_LENGTH = 2_000

/**
 * Moves pending turns to the dead letters, all or none.
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
  await database.transaction().execute(async (transaction) => {
    await lockWorkstream(transaction, scope)
    await settleTurns(transaction, scope, turns, 'dead_lettered', timing.now)
    await transaction
      .insertInto('dead_letters')
      .values(
        turns.map((turn) => ({
          org_id: scope.orgId,
          turn,
          queue: note.queue,
          code: note.code,
          reason: note.reason.slice(0, MAX_REASON_LENGTH),
          attempts: note.attempts,
          died_at: timing.now,
        })),
      )
      .execute()
    await refreshDigestDue(transaction, scope, timing)
  })
}

/** How many dead letters there are, by queue and reason. */
export async function countDeadLetters(database: Database): Promise<{ queue: string; code: string; count: number }[]> {
  return database
    .selectFrom('dead_letters')
    .select((eb) => ['queue', 'code', eb.fn.countAll<number>().as('count')])
    .groupBy(['queue', 'code'])
    .execute()
}

/** A dead letter as people read it. */
export type DeadLetter = DeathNote & {
  readonly id: number
  readonly orgId: string
  readonly workstreamId: string
  readonly turnId: string
  readonly diedAt: Date
}

/** The newest dead letters, of one org or of all. */
export async function readDeadLetters(
  database: Database,
  options: { orgId?: string; limit: number },
): Promise<DeadLetter[]> {
  let query = database
    .selectFrom('dead_letters as d')
    .innerJoin('turns as t', 't.id', 'd.turn')
    .select([
      'd.id',
      'd.org_id as orgId',
      't.workstream_id as workstreamId',
      't.turn_id as turnId',
      'd.queue',
      'd.code',
      'd.reason',
      'd.attempts',
      'd.died_at as diedAt',
    ])
  if (options.orgId !== undefined) query = query.where('d.org_id', '=', options.orgId)
  return query.orderBy('d.id', 'desc').limit(options.limit).execute()
}
