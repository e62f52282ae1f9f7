import { AfterturnError } from '../../../shared/errors.ts'
import { MAX_RETRY_AFTER_MS } from '../../../shared/retry-after.ts'
import { keepOutage } from '../../../shared/store/turns/failed-tries.ts'
import type { WorkstreamKey } from '../../../shared/store/turns/workstreams.ts'
import type { MemoryServices } from '../memory-services.ts'

/**
 * Owns what a provider that cannot be reached costs. Guarantees: an outage is waited out, at no cost of a try, for `modelOutageMaxMs` from a
 * turn's first failure; the waits grow with the outage. What fails while the models answer others is not taken for an outage.
 */

export type Outage = {
  /** Turns for which it has lasted too long: they spend their tries. */
  readonly overdue: ReadonlySet<number>
  /** What makes the job wait. */
  readonly error: AfterturnError
}

/** Judges a failure of the provider for a batch; undefined when it is the batch's own doing. */
export async function judgeOutage(
  { config, database, clock, health }: MemoryServices,
  scope: WorkstreamKey,
  turns: readonly number[],
  failure: AfterturnError,
): Promise<Outage | undefined> {
  const now = clock.now()
  const since = await keepOutage(database, scope, turns, { at: now, code: failure.code, reason: failure.message })
  const firstMs = Math.min(now.getTime(), ...[...since.values()].map((time) => time.getTime()))
  if (health.haveAllAnsweredSince(new Date(firstMs))) return undefined
  const isOverdue = (time: Date) => now.getTime() - time.getTime() >= config.modelOutageMaxMs
  // Half as long again as it has lasted: the waits grow, and nothing has to be counted.
  const waitMs = Math.min(Math.max((now.getTime() - firstMs) / 2, config.retryBackoffMs), MAX_RETRY_AFTER_MS)
  return {
    overdue: new Set([...since].filter(([, time]) => isOverdue(time)).map(([id]) => id)),
    error: new AfterturnError(failure.code, failure.message, {
      cause: failure.cause,
      retryAfterMs: Math.max(waitMs, failure.retryAfterMs ?? 0),
    }),
  }
}
