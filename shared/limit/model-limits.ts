import type { Config } from '../config.ts'
import type { CallLimits } from './call-budget.ts'

/** Owns which limits each model of a configuration has. */

type LimitSettings = Pick<
  Config,
  | 'completionModel'
  | 'completionCallsPerMinute'
  | 'completionTokensPerMinute'
  | 'embeddingModel'
  | 'embeddingCallsPerMinute'
  | 'embeddingTokensPerMinute'
  | 'modelLimitWindowMs'
>

/** The limits of each model that a configuration names. */
export function limitsOf(config: LimitSettings): Map<string, CallLimits> {
  const windowMs = config.modelLimitWindowMs
  return new Map([
    [
      config.embeddingModel,
      {
        callsPerMinute: config.embeddingCallsPerMinute,
        tokensPerMinute: config.embeddingTokensPerMinute,
        windowMs,
      },
    ],
    [
      config.completionModel,
      {
        callsPerMinute: config.completionCallsPerMinute,
        tokensPerMinute: config.completionTokensPerMinute,
        windowMs,
      },
    ],
  ])
}
