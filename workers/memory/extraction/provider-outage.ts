import { isOutage, outageWaitMs } from '../../../shared/ai/model-outage.ts'
import { AfterturnError, isAfterturnError } from '../../../shared/errors.ts'
import { keepOutage } from '../../../shared/store/turns/failed-tries.ts'
import type { WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import type { MemoryServices } from '../memory-services.ts'

/**
 * Owns what it costs when a model cannot be reached, or refuses whatever it is asked. Guarantees: an outage is waited out, at no cost of a try, for
 * `modelOutageMaxMs` from a turn's first failure; the waits grow with the outage. What fails while the models answer others is no outage.
 */

export type Outage = {
  /** Turns for which it has lasted too long: they spend their tries. */
  readonly overdue: ReadonlySet<number>
  /** What makes the job wait. */
  readonly error: AfterturnError
}

/** Judges a failure of the provider for a batch; undefined when it is the batch's own doing. */
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
