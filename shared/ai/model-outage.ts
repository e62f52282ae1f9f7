import { type AfterturnError, isAfterturnError } from '../errors.ts'
import { MAX_RETRY_AFTER_MS } from '../retry-after.ts'
import type { CallOptions, ModelProvider } from './model-provider.ts'
import { failureOf } from './openai/openai-errors.ts'
import { answersPlainly } from './probe-model.ts'

/**
 * Owns what an outage of the models is: they cannot be reached, or refuse whatever they are asked, for the key, the account, the name of the model or
 * the address. Those are circumstances that pass or that the operator mends: work waits for it, and nothing dies of it at once.
 */

/** Whether a failure may be one of the models' circumstances, as far as it tells by itself. */
export function mayBeOutage(error: unknown): error is AfterturnError {
  return (
    isAfterturnError(error, 'MODEL_UNAVAILABLE') || isAfterturnError(error, 'MODEL_REFUSED') || isForAllRequests(error)
  )
}

/** Whether a failure says of itself that every request meets it. */
export function isForAllRequests(error: unknown): error is AfterturnError {
  return isAfterturnError(error) && failureOf(error).isForAll === true
}

/** Whether a failure is an outage: the model does not answer a plain question either. */
export async function isOutage(
  provider: Pick<ModelProvider, 'complete' | 'embed'>,
  error: unknown,
  options: CallOptions & { readonly signal: AbortSignal },
): Promise<boolean> {
  if (!mayBeOutage(error)) return false
  return !(await answersPlainly(provider, failureOf(error).call ?? 'complete', options))
}

/** How long to wait in an outage before the models are asked again: half as long again as it has lasted, so that waits grow and nothing is counted. */
export function outageWaitMs({ since, now, floorMs }: { since: Date; now: Date; floorMs: number }): number {
  return Math.min(Math.max((now.getTime() - since.getTime()) / 2, floorMs), MAX_RETRY_AFTER_MS)
}
