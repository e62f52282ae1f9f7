import { DEFAULT_RETRY } from '../../../queues/define-queue.ts'
import { isAfterturnError } from '../../../shared/errors.ts'
import { deadLetterTurns } from '../../../shared/store/control/dead-letters.ts'
import { asStoreError } from '../../../shared/store/store-errors.ts'
import { recordFailedTry } from '../../../shared/store/turns/failed-tries.ts'
import { beginAttempt, returnAttempt } from '../../../shared/store/turns/turn-attempts.ts'
import type { TurnRow } from '../../../shared/store/turns/turns.ts'
import type { WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import type { JobContext } from '../../fleet/job-context.ts'
import { digestTiming, type MemoryServices } from '../memory-services.ts'
import { MAX_PLANS, planFacts } from '../reconciliation/plan-facts.ts'
import { classifyFailure } from './blame.ts'
import { commitExtraction } from './commit-extraction.ts'
import { extractBatch } from './extract-batch.ts'
import { judgeOutage } from './provider-outage.ts'

/**
 * Settles a batch of turns: extracted, or dead letters with the reason. Guarantees: tries are counted by turn, not by job, and before they begin;
 * a batch that fails by its own doing is halved until the turn that spoils it is alone; what is not the turns' doing costs them nothing.
 */

/** The tries that a turn has: the first and the seed's retries. */
const MAX_TURN_ATTEMPTS = 1 + DEFAULT_RETRY.retries

/** One run over a workstream, and what has come of it. */
export type ExtractionRun = {
  readonly services: MemoryServices
  readonly scope: WorkstreamKey
  readonly context: JobContext
  /** Fires when the run must stop; composed of the job's signal and the lease's. */
  readonly signal: AbortSignal
  readonly report: ExtractionReport
  /** Why turns became dead letters. */
  readonly deaths: unknown[]
}

export type ExtractionReport = {
  turns: number
  memories: number
  duplicates: number
  /** Facts that are held for a review. */
  quarantined: number
  /** Proposed facts that were dropped. */
  dropped: number
  deadLettered: number
}

/** Settles a batch; answers whether nothing else is pending. Throws what a later try may mend, and a provider's failure that the next batch would meet too. */
export async function settleBatch(run: ExtractionRun, batch: readonly TurnRow[]): Promise<boolean> {
  run.signal.throwIfAborted()
  const attempts = await beginAttempt(run.services.database, run.scope, idsOf(batch))
  const isWornOut = (turn: TurnRow) => (attempts.get(turn.id) as number) > MAX_TURN_ATTEMPTS
  const wornOut = batch.filter(isWornOut)
  if (wornOut.length > 0) await bury(run, wornOut, MAX_TURN_ATTEMPTS, 'WORKER_DIED', WORN_OUT_REASON)
  const left = batch.filter((turn) => !isWornOut(turn))
  const untried = new Set(idsOf(left))
  try {
    return await settle(run, left, attempts, untried)
  } catch (error) {
    // Best effort: the store may be what failed, and then these turns have had one try more.
    if (untried.size > 0) await returnAttempt(run.services.database, run.scope, [...untried]).catch(() => {})
    throw error
  }
}

const WORN_OUT_REASON = `The worker died ${MAX_TURN_ATTEMPTS} times while it extracted this turn, without an error.`

async function settle(
  run: ExtractionRun,
  batch: readonly TurnRow[],
  attempts: ReadonlyMap<number, number>,
  untried: Set<number>,
): Promise<boolean> {
  if (batch.length === 0) return false
  try {
    const isNothingPending = await extractAndCommit(run, batch)
    for (const { id } of batch) untried.delete(id)
    return isNothingPending
  } catch (thrown) {
    const error = asStoreError(thrown)
    const suspect = run.signal.aborted ? 'circumstances' : classifyFailure(error)
    if (suspect === 'circumstances') throw error
    const { modelOutageMaxMs } = run.services.config
    const isUnreachable = modelOutageMaxMs > 0 && suspect === 'provider' && isAfterturnError(error) && error.retryable
    const outage = isUnreachable && (await judgeOutage(run.services, run.scope, idsOf(batch), error))
    const blame = isUnreachable && !outage ? 'batch' : suspect
    if (blame === 'batch' && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2)
      await settle(run, batch.slice(0, middle), attempts, untried)
      return settle(run, batch.slice(middle), attempts, untried)
    }
    const charged = outage ? batch.filter(({ id }) => outage.overdue.has(id)) : batch
    for (const { id } of charged) untried.delete(id)
    const code = isAfterturnError(error) ? error.code : 'UNEXPECTED'
    const reason = error instanceof Error ? error.message : String(error)
    const isFinal = isAfterturnError(error) && !error.retryable
    const dead = charged.filter(({ id }) => isFinal || (attempts.get(id) as number) >= MAX_TURN_ATTEMPTS)
    for (const [tries, turns] of Map.groupBy(dead, ({ id }) => attempts.get(id) as number)) {
      await bury(run, turns, tries, code, reason)
    }
    const alive = charged.filter((turn) => !dead.includes(turn))
    const failure = { at: run.services.clock.now(), code, reason }
    if (alive.length > 0) await recordFailedTry(run.services.database, run.scope, idsOf(alive), failure)
    if (blame === 'provider' || dead.length < batch.length) throw outage ? outage.error : error
    run.deaths.push(error)
    return false
  }
}

async function extractAndCommit(
  { services, scope, context, signal, report }: ExtractionRun,
  batch: readonly TurnRow[],
) {
  signal.throwIfAborted()
  const turnIds = idsOf(batch)
  const extracted = await extractBatch(services, scope.orgId, batch, signal)
  for (let plans = 1; ; plans += 1) {
    const plan = await planFacts(services, scope.orgId, extracted, turnIds, signal)
    signal.throwIfAborted()
    const place = { ...scope, queue: context.queue }
    const isLastPlan = plans === MAX_PLANS
    const commit = () => commitExtraction(services, place, turnIds, extracted, { plan, isLastPlan }, signal)
    const committed = await services.tracing.span('commit extraction', { turns: batch.length }, commit)
    if (!committed) continue
    report.turns += batch.length
    report.memories += committed.memories
    report.duplicates += committed.duplicates
    report.quarantined += committed.quarantined
    report.dropped += extracted.dropped
    return committed.isNothingPending
  }
}

async function bury(run: ExtractionRun, turns: readonly TurnRow[], attempts: number, code: string, reason: string) {
  const note = { queue: run.context.queue, code, reason, attempts }
  await deadLetterTurns(run.services.database, run.scope, idsOf(turns), note, digestTiming(run.services))
  run.report.deadLettered += turns.length
}

function idsOf(turns: readonly TurnRow[]): number[] {
  return turns.map((turn) => turn.id)
}
