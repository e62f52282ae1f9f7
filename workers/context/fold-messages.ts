import { failureOf } from '../../shared/ai/openai/openai-errors.ts'
import { isAfterturnError } from '../../shared/errors.ts'
import {
  type ContextState,
  countCompactionAttempt,
  countRejectedSummary,
} from '../../shared/store/conversations/compactions.ts'
import { refuseErased } from '../../shared/store/erasing/erasures.ts'
import { addToLedger, type UsageEntry } from '../../shared/store/models/usage-ledger.ts'
import type { WorkstreamKey } from '../../shared/store/turns/workstreams.ts'
import { commitFold } from './commit-compaction.ts'
import type { ContextWorkServices } from './context-services.ts'
import type { FoldPlan } from './plan-compaction.ts'
import { summariseMessages } from './summarise-messages.ts'
import { type SummaryTry, writeSummary } from './write-summary.ts'

/**
 * Folds messages into the summary: asks, has the answer judged, asks once more with the reason when it is rejected, and commits. Guarantees: an attempt
 * is counted before it begins, so that one which kills its worker is found out; a rejected summary is never shown.
 */

/** Rejections in a row that open the breaker. */
const MAX_REJECTED = 2
/** Attempts that may die without an end. */
const MAX_DEATHS = 4

type Folded = { readonly rejected?: string; readonly countRatio?: number | undefined }

/** Folds one plan. Answers why when it was rejected for good; throws what a later try may mend. */
export async function foldMessages(
  services: ContextWorkServices,
  scope: WorkstreamKey,
  { state, plan, queue, erasureMark }: { state: ContextState; plan: FoldPlan; queue: string; erasureMark: string },
  signal: AbortSignal,
): Promise<Folded> {
  const { database, clock } = services
  const attempts = await countCompactionAttempt(database, scope, 1)
  if (attempts > MAX_DEATHS) return { rejected: `${attempts - 1} workers died while they summarised it` }
  try {
    let rejected: string | undefined
    for (;;) {
      const tried = await trySummary(services, scope, { state, plan, rejected, erasureMark }, signal)
      signal.throwIfAborted()
      const fault = typeof tried === 'string' ? tried : tried.fault
      if (fault === undefined) {
        const written = tried as SummaryTry
        await services.tracing.span('commit compaction', { messages: plan.messages.length }, () =>
          commitFold(services, scope, { queue, state, erasureMark, plan, written }),
        )
        return { countRatio: written.countRatio }
      }
      // A commit carries the cost of what it writes; one that cannot be read is booked where it came in.
      if (typeof tried !== 'string') await addToLedger(database, scope.orgId, clock.now(), [costOf(tried)])
      if ((await countRejectedSummary(database, scope)) >= MAX_REJECTED) {
        await countCompactionAttempt(database, scope, -1)
        return { rejected: fault }
      }
      rejected = fault
    }
  } catch (error) {
    // Best effort: the store may be what failed, and then this attempt counts as a death.
    await countCompactionAttempt(database, scope, -1).catch(() => {})
    throw error
  }
}

function costOf({ usage, isCached }: SummaryTry): UsageEntry {
  return { task: summariseMessages.name, usage, cacheHits: isCached ? 1 : 0 }
}

/** A summary with its verdict; an answer that cannot be read is as good as a rejected one, and answers why. */
async function trySummary(
  services: ContextWorkServices,
  { orgId }: WorkstreamKey,
  {
    state,
    plan,
    rejected,
    erasureMark,
  }: { state: ContextState; plan: FoldPlan; rejected: string | undefined; erasureMark: string },
  signal: AbortSignal,
): Promise<SummaryTry | string> {
  try {
    const beforeBuy = () => refuseErased(services.database, orgId, erasureMark)
    return await writeSummary(services, orgId, { previous: state.compaction, plan, rejected }, { signal, beforeBuy })
  } catch (error) {
    // A question that the server cut is asked about fewer messages.
    const isAnswer = isAfterturnError(error, 'MODEL_OUTPUT_INVALID') && !failureOf(error).isPromptCut
    if (isAnswer && !signal.aborted) return 'it could not be read'
    throw error
  }
}
