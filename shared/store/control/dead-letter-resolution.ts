import { AfterturnError } from '../../errors.ts'
import type { Database } from '../database.ts'
import { type MessageKey, reviveMessage } from '../messages/agent-messages.ts'
import type { Resolution } from '../schema.ts'
import { type DigestTiming, lockWorkstream, refreshDigestDue, type WorkstreamKey } from '../turns/workstreams.ts'
import { type DeadLetterDetail, findDeadLetters } from './dead-letters.ts'

/** Owns how dead letters end: replayed or dropped, once, by compare-and-set. The row stays, with who did it and when. */

/** Who ends it, and when. */
type Resolver = { readonly by: string; readonly at: Date }

/**
 * Sets a dead turn pending again, with all its tries, and answers when its workstream's digest is due.
 * @throws DEAD_LETTER_SETTLED, TURNS_CHANGED: nothing was written.
 */
export async function replayTurn(
  database: Database,
  letter: DeadLetterDetail,
  resolver: Resolver,
  timing: DigestTiming,
): Promise<WorkstreamKey & { digestDueAt: Date | null }> {
  const scope = { orgId: letter.orgId as string, workstreamId: letter.workstreamId as string }
  return database.transaction().execute(async (transaction) => {
    // First the workstream, as whoever records and settles turns.
    await lockWorkstream(transaction, scope)
    await resolve(transaction, letter.id, 'replayed', resolver)
    const pending = await transaction
      .updateTable('turns')
      .set({ state: 'pending', settled_at: null, attempts: 0, failed_tries: '[]' })
      .where('org_id', '=', scope.orgId)
      .where('workstream_id', '=', scope.workstreamId)
      .where('turn_id', '=', letter.turnId)
      .where('state', '=', 'dead_lettered')
      .returning('id')
      .executeTakeFirst()
    if (!pending)
      throw new AfterturnError(
        'TURNS_CHANGED',
        `Expected the turn of dead letter ${letter.id} to be dead, got another.`,
      )
    return { ...scope, digestDueAt: await refreshDigestDue(transaction, scope, timing) }
  })
}

/**
 * Enqueues a dead job again. Inside the transaction: a job that Redis did not take leaves the letter open. One that landed all the same
 * is absorbed, or runs twice, which jobs may.
 * @throws DEAD_LETTER_SETTLED, and what `enqueue` throws: the letter is as it was.
 */
export async function replayJob(
  database: Database,
  letter: DeadLetterDetail,
  resolver: Resolver,
  enqueue: () => Promise<unknown>,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await resolve(transaction, letter.id, 'replayed', resolver)
    await enqueue()
  })
}

/**
 * Opens a dead message again, whose row says whether it is worked.
 * @throws DEAD_LETTER_SETTLED; MESSAGE_UNKNOWN when it is not dead, or not kept any more: the letter is as it was.
 */
export async function replayMessage(
  database: Database,
  letter: DeadLetterDetail,
  resolver: Resolver,
  message: MessageKey,
): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await resolve(transaction, letter.id, 'replayed', resolver)
    if (!(await reviveMessage(transaction, message)))
      throw new AfterturnError(
        'MESSAGE_UNKNOWN',
        `Expected the message ${message.messageId} of dead letter ${letter.id} to be dead, got one that is open or no longer kept.`,
      )
  })
}

/**
 * Takes a dead letter off the list for good; its turn stays dead.
 * @throws DEAD_LETTER_SETTLED
 */
export async function dropDeadLetter(database: Database, id: number, resolver: Resolver): Promise<void> {
  await database.transaction().execute((transaction) => resolve(transaction, id, 'dropped', resolver))
}

async function resolve(transaction: Database, id: number, resolution: Resolution, { by, at }: Resolver): Promise<void> {
  const resolved = await transaction
    .updateTable('dead_letters')
    .set({ resolution, resolved_by: by, resolved_at: at })
    .where('id', '=', id)
    .where('resolution', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (!resolved) throw settledError(id, (await findDeadLetters(transaction, [id]))[0])
}

/** The error of a dead letter that was replayed or dropped before, or is not there at all. */
export function settledError(id: number, letter: DeadLetterDetail | undefined): AfterturnError {
  if (!letter) return new AfterturnError('DEAD_LETTER_UNKNOWN', `There is no dead letter ${id}.`)
  return new AfterturnError(
    'DEAD_LETTER_SETTLED',
    `Dead letter ${id} was ${letter.resolution} by ${letter.resolvedBy} at ${letter.resolvedAt?.toISOString()}.`,
  )
}
