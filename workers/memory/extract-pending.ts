import { isAfterturnError } from '../../shared/errors.ts'
import { tryLease } from '../../shared/lock/lease.ts'
import { workstreamLeaseKey } from '../../shared/redis/keys.ts'
import { asStoreError } from '../../shared/store/database.ts'
import { deadLetterTurns } from '../../shared/store/dead-letters.ts'
import { readPendingTurns, type TurnRow } from '../../shared/store/turns.ts'
import type { WorkstreamKey } from '../../shared/store/workstreams.ts'
import type { JobContext } from '../job-context.ts'
import { commitExtraction } from './commit-extraction.ts'
import { extractBatch } from './extract-batch.ts'
import { digestTiming, type MemoryServices } from './memory-services.ts'
import { batchTurns } from './turn-batches.ts'

/**
 * Extracts all pending turns of a workstream, in order: what both memory queues run. Guarantees: each turn is settled once, with its effects,
 * however often and however parallel this runs; a batch that cannot be extracted becomes dead letters and does not hold up the ones after it.
 */

/** Turns that are read at once; what is left is read next. */
const PAGE_TURNS = 500
/** The loser of a workstream's lease looks again after about this time. */
const BUSY_RETRY_MS = 1_000

export type ExtractionReport = {
  turns: number
  memories: number
  duplicates: number
  unquoted: number
  deadLettered: number
}

/** Extracts until nothing is pending, or nothing up to `uptoSeq`. A workstream that is being extracted gives the job back for later. */
export async function extractPending(
  services: MemoryServices,
  scope: WorkstreamKey & { uptoSeq?: number },
  context: JobContext,
): Promise<ExtractionReport> {
  const lease = await tryLease(
    services.redis,
    workstreamLeaseKey(services.config.redisKeyPrefix, scope.orgId, scope.workstreamId),
    services.config.jobLockMs,
  )
  if (!lease) {
    // Jitter keeps two losers from meeting again.
    return context.delayUntil(new Date(services.clock.now().getTime() + BUSY_RETRY_MS * (0.5 + Math.random())))
  }
  const signal = AbortSignal.any([context.signal, lease.signal])
  const report: ExtractionReport = { turns: 0, memories: 0, duplicates: 0, unquoted: 0, deadLettered: 0 }
  let firstDeath: unknown
  try {
    for (let isNothingPending = false; !isNothingPending; ) {
      const page = await readPendingTurns(services.database, scope, PAGE_TURNS)
      if (page.length === 0) break
      for (const batch of batchTurns(page)) {
        const settled = await settleBatch(services, scope, batch, context, signal, report)
        firstDeath ??= settled.death
        isNothingPending = settled.isNothingPending
        await context.progress(report.turns + report.deadLettered, report.turns + report.deadLettered + page.length)
      }
    }
  } finally {
    await lease.release()
  }
  if (firstDeath !== undefined) throw firstDeath
  return report
}

/** Settles one batch one way or the other; answers the error that made it dead letters, throws the one that a retry may mend. */
async function settleBatch(
  services: MemoryServices,
  scope: WorkstreamKey,
  batch: readonly TurnRow[],
  context: JobContext,
  signal: AbortSignal,
  report: ExtractionReport,
): Promise<{ death?: unknown; isNothingPending: boolean }> {
  const ids = batch.map((turn) => turn.id)
  try {
    signal.throwIfAborted()
    const extracted = await extractBatch(services, scope.orgId, batch, signal)
    signal.throwIfAborted()
    const committed = await commitExtraction(services, scope, ids, extracted)
    report.turns += batch.length
    report.memories += committed.memories
    report.duplicates += committed.duplicates
    report.unquoted += extracted.unquoted
    return { isNothingPending: committed.isNothingPending }
  } catch (thrown) {
    const error = asStoreError(thrown)
    if (!isTheEndFor(error, context, signal)) throw error
    const code = isAfterturnError(error) ? error.code : 'UNEXPECTED'
    const reason = error instanceof Error ? error.message : String(error)
    await deadLetterTurns(
      services.database,
      scope,
      ids,
      { queue: context.queue, code, reason, attempts: context.attempt },
      digestTiming(services),
    )
    report.deadLettered += batch.length
    return { death: error, isNothingPending: false }
  }
}

/** Whether trying again is over for a batch: not when the job was stopped, told to wait, overtaken, or the store itself is away. */
function isTheEndFor(error: unknown, context: JobContext, signal: AbortSignal): boolean {
  if (signal.aborted) return false
  if (!isAfterturnError(error)) return context.isLastAttempt
  if (error.code === 'TURNS_CHANGED' || error.code === 'STORE_UNAVAILABLE' || error.retryAfterMs !== undefined)
    return false
  return context.isLastAttempt || !error.retryable
}
