import type { Clock } from '../clock.ts'
import { isAfterturnError } from '../errors.ts'
import type { Log } from '../observe/log.ts'
import {
  advanceBulkOperation,
  type BulkOperation,
  countResolvedBy,
  endBulkOperation,
  findBulkOperation,
  noteBulkFailure,
  readBulkOperations,
} from '../store/console/bulk-operations.ts'
import { readNextLetters } from '../store/console/dead-letter-groups.ts'
import type { Database } from '../store/database.ts'
import type { DeadLetters } from './dead-letters.ts'

/**
 * Works off operations on many dead letters. Guarantees: what is acted on matched when it was confirmed; each letter once, whoever else works or is killed;
 * an abort ends it within a batch. Must not decide which letters: the row says so.
 */

/** Letters between two looks at whether it was aborted. */
const BATCH_LETTERS = 100
/** A batch ends early after this, so that an abort is heard. */
const BATCH_MS = 500
const MAX_RUNNING = 20

export type BulkServices = {
  readonly database: Database
  readonly deadLetters: Pick<DeadLetters, 'replay' | 'drop'>
  readonly clock: Clock
  readonly log: Pick<Log, 'warn'>
}

/** The name under which an operation resolves letters. */
function bulkActor({ id, requestedBy }: Pick<BulkOperation, 'id' | 'requestedBy'>): string {
  return `bulk ${id} of ${requestedBy}`.slice(0, 100)
}

/** Works on every running operation until it ends, is aborted, cannot go on, or the signal fires. Never rejects. */
export async function workOffBulkOperations(services: BulkServices, signal: AbortSignal): Promise<void> {
  const { database, log } = services
  try {
    for (const { id } of await readBulkOperations(database, { limit: MAX_RUNNING, isRunning: true })) {
      try {
        while (!signal.aborted && (await workOffBatch(services, id)));
      } catch (error) {
        const failure = isAfterturnError(error) ? `${error.code}: ${error.message}` : String(error)
        log.warn({ operation: id, error: failure }, 'an operation on dead letters stopped; it will be resumed')
        await noteBulkFailure(database, id, failure.slice(0, 500))
      }
    }
  } catch (error) {
    log.warn({ error: String(error) }, 'operations on dead letters could not be read')
  }
}

/** Works off one batch; false when nothing is left to do here. */
export async function workOffBatch({ database, deadLetters, clock }: BulkServices, id: number): Promise<boolean> {
  const operation = await findBulkOperation(database, id)
  if (operation?.state !== 'running') return false
  const ids = await readNextLetters(database, operation, BATCH_LETTERS)
  const by = bulkActor(operation)
  const endMs = clock.monotonicMs() + BATCH_MS
  let [place, refused] = [operation.afterId, 0]
  for (const letter of ids) {
    try {
      await deadLetters[operation.action]({ ids: [letter], by })
    } catch (error) {
      // Somebody else was first.
      if (!isAfterturnError(error)) throw error
      if (error.retryable) {
        await advance()
        throw error
      }
      if (error.code !== 'DEAD_LETTER_SETTLED') refused += 1
    }
    place = letter
    if (clock.monotonicMs() > endMs) break
  }
  if (ids.length === 0) {
    // Letters that a batch resolved before its process was killed.
    place = operation.uptoId
    if (await advance()) await endBulkOperation(database, id, clock.now())
    return false
  }
  return advance()

  async function advance(): Promise<boolean> {
    const { afterId } = operation as BulkOperation
    if (place === afterId) return true
    const done = await countResolvedBy(database, { by, afterId, uptoId: place })
    return advanceBulkOperation(database, { id, afterId }, { afterId: place, done, refused })
  }
}
