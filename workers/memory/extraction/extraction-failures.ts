import { isForAllRequests, isOutage, outageWaitMs } from '../../../shared/ai/model-outage.ts'
import { isRefusedInput } from '../../../shared/ai/openai/openai-errors.ts'
import { AfterturnError, isAfterturnError } from '../../../shared/errors.ts'
import { keepOutage } from '../../../shared/store/turns/failed-tries.ts'
import type { WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import type { MemoryServices } from '../memory-services.ts'

/**
 * Owns what a failed extraction costs its turns, by its cause. Guarantees: an outage is waited out, at no cost of a try, for `modelOutageMaxMs` from a
 * turn's first failure; the waits grow with the outage. A failure while the model answers others is no outage.
 */

/**
 * The cause of a failed extraction. `batch`: its turns spend a try, and smaller batches may pass. `provider`: the next batch would fare no better; the
 * turns spend a try, or wait out an outage. `circumstances`: nothing is spent.
 */
type Blame = 'batch' | 'provider' | 'circumstances'

/** SQLSTATEs of bad data: a value that does not fit, a constraint, a limit of the program, an error of the program itself. */
const DATA_FAULTS = /^(2[23]|54|XX000)/

/** Finds the cause of an error, as `asStoreError` gives it. An error unknown to the catalogue counts against the batch, or it would be tried forever. */
export function classifyFailure(error: unknown): Blame {
  if (!isAfterturnError(error)) return 'batch'
  switch (error.code) {
    case 'MODEL_OUTPUT_INVALID':
      return isForAllRequests(error) ? 'provider' : 'batch'
    case 'INPUT_INVALID':
      return 'batch'
    case 'MODEL_REFUSED':
      return isRefusedInput(error) ? 'batch' : 'provider'
    case 'MODEL_UNAVAILABLE':
      return 'provider'
    default:
      return isRefusedByStore(error) ? 'batch' : 'circumstances'
  }
}

/** Whether the store refused the data, and would refuse it again. */
export function isRefusedByStore(error: unknown): boolean {
  const { code } = ((error as Error | undefined)?.cause ?? {}) as { readonly code?: unknown }
  return isAfterturnError(error) && !error.code.startsWith('MODEL_') && DATA_FAULTS.test(String(code ?? ''))
}

export type Outage = {
  /** Turns for which it has lasted too long: they spend their tries. */
  readonly overdue: ReadonlySet<number>
  /** The error that makes the job wait. */
  readonly error: AfterturnError
}

/** Judges a failure of the provider for a batch; undefined if the batch itself caused it. */
export async function judgeOutage(
  { config, database, clock, health, provider }: MemoryServices,
  scope: WorkstreamKey,
  turns: readonly number[],
  failure: AfterturnError,
  signal: AbortSignal,
): Promise<Outage | undefined> {
  const isAway = isAfterturnError(failure, 'MODEL_UNAVAILABLE')
  if (!isAway && !(await isOutage(provider, failure, { orgId: scope.orgId, signal }))) return undefined
  const now = clock.now()
  const since = await keepOutage(database, scope, turns, { at: now, code: failure.code, reason: failure.message })
  const firstMs = Math.min(now.getTime(), ...[...since.values()].map((time) => time.getTime()))
  if (isAway && health.haveAllAnsweredSince(new Date(firstMs))) return undefined
  health.reportOutage(failure, scope)
  const isOverdue = (time: Date) => now.getTime() - time.getTime() >= config.modelOutageMaxMs
  const waitMs = outageWaitMs({ since: new Date(firstMs), now, floorMs: config.retryBackoffMs })
  return {
    overdue: new Set([...since].filter(([, time]) => isOverdue(time)).map(([id]) => id)),
    error: new AfterturnError(failure.code, failure.message, {
      cause: failure.cause,
      retryAfterMs: Math.max(waitMs, failure.retryAfterMs ?? 0),
    }),
  }
}
