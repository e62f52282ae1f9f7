import type { contextCompaction } from '../../queues/context-compaction.ts'
import type { PayloadOf } from '../../queues/define-queue.ts'
import { isForAllRequests, isOutage, outageWaitMs } from '../../shared/ai/model-outage.ts'
import { failureOf } from '../../shared/ai/openai/openai-errors.ts'
import { createTokenCounter } from '../../shared/context/token-counter.ts'
import { type AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { contextLeaseKey } from '../../shared/redis/keys.ts'
import {
  blockCompaction,
  isBlocked,
  readContextState,
  settleCompaction,
} from '../../shared/store/conversations/compactions.ts'
import { readErasureMark } from '../../shared/store/erasing/erasures.ts'
import { noteTokenRatio } from '../../shared/store/models/token-ratios.ts'
import { asStoreError } from '../../shared/store/store-errors.ts'
import type { WorkstreamKey } from '../../shared/store/turns/workstreams.ts'
import { takeLineLease } from '../control/lease-line.ts'
import type { Handler, JobContext } from '../fleet/job-context.ts'
import { commitOffload } from './commit-compaction.ts'
import type { ContextWorkServices } from './context-services.ts'
import { foldMessages } from './fold-messages.ts'
import { planCompaction } from './plan-compaction.ts'

/**
 * Compacts a workstream while its row wants it: one step after the other, each planned from the rows and flipped in one transaction. Guarantees:
 * one at a time; safe to run again from any point; ends, since each step moves the cut or the off-loading on.
 */

type CompactionReport = {
  /** Records that were put in force. */
  records: number
  /** Messages that they cover. */
  messages: number
  tokensBefore: number
  tokensAfter: number
  rowsRead: number
  /** What we counted of the questions over what the provider did, of the last that said; how far our count is off. */
  countRatio?: number
  /** Why it ended before the budget was met. */
  ended?: string
}

/** Fewer hold no conversation. */
const MIN_INPUT_TOKENS = 500
const NOTHING_DONE: CompactionReport = { records: 0, messages: 0, tokensBefore: 0, tokensAfter: 0, rowsRead: 0 }

/** Handles one wake-up. */
export function compactWorkstream(services: ContextWorkServices): Handler<PayloadOf<typeof contextCompaction>> {
  return async ({ orgId, workstreamId }, context) => {
    const scope = { orgId, workstreamId }
    const leaseKey = contextLeaseKey(services.config.redisKeyPrefix, orgId, workstreamId)
    const lease = await takeLineLease(services, leaseKey, context)
    const signal = AbortSignal.any([context.signal, lease.signal])
    try {
      for (let inputTokens = services.config.compactionInputTokens; ; ) {
        try {
          const config = { ...services.config, compactionInputTokens: inputTokens }
          return await compact({ ...services, config }, scope, context, signal)
        } catch (error) {
          const { isTooLong, isPromptCut } = failureOf(error)
          // The context of the model is shorter than one call's input: fewer messages are folded at once.
          if ((isTooLong || isPromptCut) && inputTokens > MIN_INPUT_TOKENS)
            inputTokens = Math.max(MIN_INPUT_TOKENS, Math.floor(inputTokens / 2))
          // Another run was first, or something was erased: what is left is planned from the rows.
          else if (!isAfterturnError(error, 'COMPACTION_CHANGED') && !isAfterturnError(error, 'TURNS_CHANGED'))
            throw error
        }
      }
    } catch (error) {
      if (signal.aborted) throw error
      const outageSince = services.health.outageSince()
      if (await isOutage(services.provider, error, { orgId, signal }))
        return await waitForModel(services, scope, error as AfterturnError)
      // The plain question was the first that the model answered after an outage: what it refused before is asked once more.
      if (outageSince && isForAllRequests(error)) return await putOff(services, scope, error)
      if (isOwnEnd(error, context.isLastAttempt)) await block(services, scope).catch(() => {})
      throw error
    } finally {
      await lease.end()
    }
  }
}

async function compact(
  services: ContextWorkServices,
  scope: WorkstreamKey,
  context: JobContext,
  signal: AbortSignal,
): Promise<CompactionReport> {
  const { database, clock, config } = services
  const counter = await createTokenCounter('gpt-5')
  const report: CompactionReport = { ...NOTHING_DONE }
  for (let isFirst = true; ; isFirst = false) {
    signal.throwIfAborted()
    const erasureMark = await readErasureMark(database, scope.orgId)
    const state = await readContextState(database, scope)
    if (!state) return { ...report, ended: 'nothing is recorded' }
    if (isFirst) report.tokensBefore = state.liveTokens
    report.tokensAfter = state.liveTokens
    if (state.target === null) return report
    if (isBlocked(state.blockedUntil, { now: clock.now(), breakerMs: config.compactionBreakerMs }))
      return { ...report, ended: 'the breaker is open' }
    const plan = await planCompaction(services, scope, state, state.target, counter)
    report.rowsRead += plan.rowsRead
    if (plan.kind === 'nothing') {
      if (await settleCompaction(database, scope, state)) return { ...report, ended: plan.why }
      continue
    }
    const step = { state, queue: context.queue, erasureMark }
    if (plan.kind === 'offload') await commitOffload(services, scope, { ...step, plan })
    else {
      const folded = await foldMessages(services, scope, { ...step, plan }, signal)
      if (folded.countRatio !== undefined) {
        report.countRatio = folded.countRatio
        await noteTokenRatio(database, services.provider.completionModel, 1 / folded.countRatio, clock.now())
      }
      if (folded.rejected !== undefined) {
        await block(services, scope)
        context.log.warn({ reason: folded.rejected }, 'a summary was rejected twice')
        return { ...report, ended: `rejected: ${folded.rejected}` }
      }
      report.messages += plan.messages.length
    }
    report.records += 1
    await context.progress(report.messages, Math.max(report.messages, state.totalMessages))
  }
}

/** A model that cannot be used is left alone for a while that grows; then a sweep wakes the workstream again. */
async function waitForModel(
  services: ContextWorkServices,
  scope: WorkstreamKey,
  failure: AfterturnError,
): Promise<CompactionReport> {
  const { clock, config, health } = services
  health.reportOutage(failure, scope)
  const now = clock.now()
  const waitMs = outageWaitMs({ since: health.outageSince() ?? now, now, floorMs: config.retryBackoffMs })
  return putOff(services, scope, failure, waitMs)
}

async function putOff(
  { database, clock, config }: ContextWorkServices,
  scope: WorkstreamKey,
  failure: AfterturnError,
  waitMs = config.retryBackoffMs,
): Promise<CompactionReport> {
  await blockCompaction(database, scope, new Date(clock.now().getTime() + Math.min(waitMs, config.compactionBreakerMs)))
  return { ...NOTHING_DONE, ended: `waits for the model: ${failure.code}: ${failure.message}` }
}

/**
 * Whether a failure ends the job by the workstream's or the model's doing, or by what the store refuses. Every sweep would wake it again, and buy the
 * same: the breaker puts it off.
 */
function isOwnEnd(thrown: unknown, isLastAttempt: boolean): boolean {
  const error = asStoreError(thrown)
  if (!isAfterturnError(error)) return isLastAttempt
  if (!error.retryable) return true
  return isLastAttempt && error.retryAfterMs === undefined && error.code.startsWith('MODEL_')
}

function block({ database, clock, config }: ContextWorkServices, scope: WorkstreamKey): Promise<void> {
  return blockCompaction(database, scope, new Date(clock.now().getTime() + config.compactionBreakerMs))
}
