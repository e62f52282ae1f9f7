import { isAfterturnError } from '../../errors.ts'
import { type ModelUsage, NO_USAGE } from '../model-provider.ts'
import { failureOf } from '../openai/openai-errors.ts'

/** Owns what an answer says that it cost. A server may say anything: what is no count is taken for none. */

type Usage = { readonly prompt_tokens?: unknown; readonly completion_tokens?: unknown; readonly total_tokens?: unknown }
type Answer = { readonly usage?: Usage | null }

/** The cost of one call by its answer, of whatever shape that is. */
export function usageOfAnswer(answer: Answer | null | undefined): ModelUsage {
  const { prompt_tokens, completion_tokens, total_tokens } = answer?.usage ?? {}
  const outputTokens = countIn(completion_tokens)
  // Voyage tells the sum alone.
  const inputTokens = countIn(prompt_tokens ?? countIn(total_tokens) - outputTokens)
  return { calls: 1, inputTokens, outputTokens }
}

/** What a call that failed was paid all the same: that of an answer that came and was none. */
export function usageOfFailedCall(error: unknown): ModelUsage {
  if (!isAfterturnError(error, 'MODEL_OUTPUT_INVALID')) return NO_USAGE
  return failureOf(error).usage ?? NO_USAGE
}

/** More than a billion tokens are a server's mistake, and would be the ledger's. */
const MAX_TOKENS = 1e9

function countIn(given: unknown): number {
  return Number.isInteger(given) && (given as number) >= 0 && (given as number) <= MAX_TOKENS ? (given as number) : 0
}
