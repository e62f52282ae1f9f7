import { DEFAULT_RETRY } from '../../../queues/define-queue.ts'
import { isForAllRequests, mayBeOutage } from '../../../shared/ai/model-outage.ts'
import { AfterturnError, isAfterturnError } from '../../../shared/errors.ts'
import { deadLetterTurns } from '../../../shared/store/control/dead-letters.ts'
import { refuseWhenHalted } from '../../../shared/store/control/kill-switches.ts'
import { type FencedTransaction, fencedTransaction } from '../../../shared/store/memories/org-fences.ts'
import { bookCheckpoints } from '../../../shared/store/models/model-checkpoints.ts'
import { asStoreError } from '../../../shared/store/store-errors.ts'
import { haveFailed, recordFailedTry } from '../../../shared/store/turns/failed-tries.ts'
import { beginAttempt, returnAttempt } from '../../../shared/store/turns/turn-attempts.ts'
import { settleTurns, type TurnRow } from '../../../shared/store/turns/turns.ts'
import { refreshDigestDue, type WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import type { JobContext } from '../../fleet/job-context.ts'
import { extractFacts } from '../facts/extract-facts.ts'
import { announceWorkstream, digestTiming, type MemoryServices } from '../memory-services.ts'
import { compareFacts } from '../reconciliation/compare-facts.ts'
import { endDone } from '../reconciliation/end-done.ts'
import { endNamed } from '../reconciliation/end-named.ts'
import { type FactPlan, MAX_PLANS, planFacts } from '../reconciliation/plan-facts.ts'
import { reconcileFacts } from '../reconciliation/reconcile-facts.ts'
import { storeFacts } from '../reconciliation/store-facts.ts'
import { type ExtractedBatch, extractBatch, NOTHING_USED, partOf } from './extract-batch.ts'
import { classifyFailure, isRefusedByStore, judgeOutage } from './extraction-failures.ts'

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
  readonly failures: unknown[]
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

type CommittedBatch = {
  readonly memories: number
  readonly duplicates: number
  readonly quarantined: number
  /** Whether the workstream has no other pending turn. */
  readonly isNothingPending: boolean
}

/**
 * Settles a batch; answers whether nothing else is pending. `isNew`: no answer about its turns is kept. Throws what a later try may mend, and a provider's
 * failure that the next batch would meet too.
 */
export async function settleBatch(
  run: ExtractionRun,
  batch: readonly TurnRow[],
  { isNew }: { readonly isNew: boolean },
): Promise<boolean> {
  run.signal.throwIfAborted()
  if (!run.services.provider.isFree) await run.services.budget.refuseWhenSpent(run.scope.orgId)
  const attempts = await beginAttempt(run.services.database, run.scope, idsOf(batch))
  const isWornOut = (turn: TurnRow) => (attempts.get(turn.id) as number) > MAX_TURN_ATTEMPTS
  const wornOut = batch.filter(isWornOut)
  if (wornOut.length > 0) await deadLetter(run, wornOut, MAX_TURN_ATTEMPTS, 'WORKER_DIED', WORN_OUT_REASON)
  const left = batch.filter((turn) => !isWornOut(turn))
  const unbilled = new Set(idsOf(left))
  try {
    return await settle(run, left, attempts, unbilled, { isNew })
  } catch (error) {
    // Best effort: the store may be what failed, and then these turns have had one try more.
    if (unbilled.size > 0) await returnAttempt(run.services.database, run.scope, [...unbilled]).catch(() => {})
    throw error
  }
}

const WORN_OUT_REASON = `The worker died ${MAX_TURN_ATTEMPTS} times while it extracted this turn, without an error.`

async function settle(
  run: ExtractionRun,
  batch: readonly TurnRow[],
  attempts: ReadonlyMap<number, number>,
  unbilled: Set<number>,
  { isNew = false, kept }: { readonly isNew?: boolean; readonly kept?: ExtractedBatch | undefined },
): Promise<boolean> {
  if (batch.length === 0) return false
  let extracted = kept
  try {
    run.signal.throwIfAborted()
    extracted ??= await extractBatch(run.services, run.scope.orgId, batch, run.signal, { isNew })
    const isNothingPending = await planAndCommit(run, batch, extracted, kept !== undefined)
    for (const { id } of batch) unbilled.delete(id)
    return isNothingPending
  } catch (thrown) {
    const error = asStoreError(thrown)
    const suspect = run.signal.aborted ? 'circumstances' : classifyFailure(error)
    if (suspect === 'circumstances') throw error
    const { modelOutageMaxMs } = run.services.config
    const isSuspected = modelOutageMaxMs > 0 && mayBeOutage(error)
    const outage = isSuspected && (await judgeOutage(run.services, run.scope, idsOf(batch), error, run.signal))
    const blame = outage ? 'provider' : isSuspected ? 'batch' : suspect
    if (blame === 'batch' && batch.length > 1) {
      // What the store refused was paid for: its parts are written, and no model is asked about them again.
      const whole = isRefusedByStore(error) ? extracted : undefined
      const middle = Math.ceil(batch.length / 2)
      const [first, second] = [batch.slice(0, middle), batch.slice(middle)]
      await settle(run, first, attempts, unbilled, { kept: whole && partOf(whole, idsOf(first)) })
      const rest = whole && { ...partOf(whole, idsOf(second)), usage: NOTHING_USED }
      return settle(run, second, attempts, unbilled, { kept: rest })
    }
    const billed = outage ? batch.filter(({ id }) => outage.overdue.has(id)) : batch
    for (const { id } of billed) unbilled.delete(id)
    const code = isAfterturnError(error) ? error.code : 'UNEXPECTED'
    const reason = error instanceof Error ? error.message : String(error)
    // A plain question is answered: what all requests met, or these turns met before, may be over by now and is tried again.
    const failedBefore = () => haveFailed(run.services.database, run.scope, idsOf(batch)).catch(() => false)
    const isMended = isSuspected && !outage && (isForAllRequests(error) || (await failedBefore()))
    const isFinal = isAfterturnError(error) && !error.retryable && !isMended
    const dead = billed.filter(({ id }) => isFinal || (attempts.get(id) as number) >= MAX_TURN_ATTEMPTS)
    for (const [tries, turns] of Map.groupBy(dead, ({ id }) => attempts.get(id) as number)) {
      await deadLetter(run, turns, tries, code, reason)
    }
    const alive = billed.filter((turn) => !dead.includes(turn))
    const failure = { at: run.services.clock.now(), code, reason }
    if (alive.length > 0) await recordFailedTry(run.services.database, run.scope, idsOf(alive), failure)
    if (outage) throw outage.error
    if (blame === 'provider' || dead.length < batch.length) throw isMended ? triedAgain(run, error) : error
    run.failures.push(error)
    return false
  }
}

/** A refusal that is over, as an error that makes the job come back. */
function triedAgain({ services }: ExtractionRun, { code, message, cause }: AfterturnError): AfterturnError {
  return new AfterturnError(code, message, { cause, retryAfterMs: services.config.retryBackoffMs })
}

async function planAndCommit(
  { services, scope, context, signal, report }: ExtractionRun,
  batch: readonly TurnRow[],
  extracted: ExtractedBatch,
  isByRules: boolean,
): Promise<boolean> {
  const turnIds = idsOf(batch)
  for (let plans = 1; ; plans += 1) {
    const plan = await planFacts(services, scope.orgId, extracted, turnIds, signal, isByRules)
    signal.throwIfAborted()
    const place = { ...scope, queue: context.queue }
    const isLastPlan = plans === MAX_PLANS
    const write = () => commitExtraction(services, place, turnIds, extracted, { plan, isLastPlan }, signal)
    const committed = await services.tracing.span('commit extraction', { turns: batch.length }, write)
    if (!committed) continue
    report.turns += batch.length
    report.memories += committed.memories
    report.duplicates += committed.duplicates
    report.quarantined += committed.quarantined
    report.dropped += extracted.dropped.length
    return committed.isNothingPending
  }
}

/**
 * Writes all effects of a batch under the org's memory lock, in one short transaction: its fence first, then the compare-and-set of its turns.
 * They land once or not at all. The signal ends the wait for the lock. Undefined: nothing was written, for a model
 * should be asked about memories that came since the plan was made; with `isLastPlan` the rules decide.
 * @throws TURNS_CHANGED when another run was first; KILL_SWITCH_ON; FENCE_LOST, and what the lock throws.
 */
async function commitExtraction(
  services: MemoryServices,
  scope: WorkstreamKey & { readonly queue: string },
  turnIds: readonly number[],
  batch: ExtractedBatch,
  { plan, isLastPlan }: { readonly plan: FactPlan; readonly isLastPlan: boolean },
  signal: AbortSignal,
): Promise<CommittedBatch | undefined> {
  const commit = async (transaction: FencedTransaction) => {
    const timing = digestTiming(services)
    const planned = { facts: batch.memories, plan, isLastPlan }
    const comparison = await compareFacts(transaction, services, planned)
    if (!comparison) return undefined
    await settleTurns(transaction, scope, turnIds, 'extracted', timing.now, batch.dropped)
    const model = services.provider.embeddingModel
    const { workstreamId } = scope
    const stored = await storeFacts(transaction, comparison, {
      model,
      now: timing.now,
      turns: batch.turns,
      workstreamId,
    })
    await endNamed(transaction, services, batch.endings, timing.now)
    await endDone(transaction, batch.done, timing.now)
    // Mostly nothing is left to ask.
    const isAsked = plan.usage.usage.calls + plan.usage.cacheHits > 0
    await bookCheckpoints(transaction, scope.orgId, turnIds, timing.now, [
      { task: extractFacts.name, ...batch.usage.extraction, duplicates: stored.duplicates },
      ...(isAsked ? [{ task: reconcileFacts.name, ...plan.usage }] : []),
      { task: 'embed', ...batch.usage.embedding },
    ])
    const digestDueAt = await refreshDigestDue(transaction, scope, timing)
    // Last, so that no wait lies between the look and the commit.
    await refuseWhenHalted(transaction, scope)
    const { added, duplicates, quarantined } = stored
    return { memories: added, duplicates, quarantined, isNothingPending: digestDueAt === null }
  }
  const committed = await services.withOrgMemoryLock(
    scope.orgId,
    ({ fence }) => fencedTransaction(services.database, fence, commit),
    { signal },
  )
  if (committed) announceWorkstream(services, scope)
  return committed
}

async function deadLetter(
  run: ExtractionRun,
  turns: readonly TurnRow[],
  attempts: number,
  code: string,
  reason: string,
) {
  const note = { queue: run.context.queue, code, reason, attempts }
  await deadLetterTurns(run.services.database, run.scope, idsOf(turns), note, digestTiming(run.services))
  const named = { ...run.scope, turns: turns.map(({ turnId }) => turnId), code, reason, attempts }
  run.context.log.warn(named, 'turns became dead letters')
  announceWorkstream(run.services, run.scope)
  run.report.deadLettered += turns.length
}

function idsOf(turns: readonly TurnRow[]): number[] {
  return turns.map((turn) => turn.id)
}
