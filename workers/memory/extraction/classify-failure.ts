import { isForAllRequests } from '../../../shared/ai/model-outage.ts'
import { isRefusedInput } from '../../../shared/ai/openai/openai-errors.ts'
import { isAfterturnError } from '../../../shared/errors.ts'

/**
 * Whose doing a failed extraction is, which decides what it costs. `batch`: its turns spend a try, and smaller batches may pass.
 * `provider`: the next batch would fare no better; they spend a try, or wait out an outage. `circumstances`: nothing is spent.
 */
type Blame = 'batch' | 'provider' | 'circumstances'

/** SQLSTATEs of what was to be written: a value that does not fit, a constraint, a limit of the program, an error of the program itself. */
const DATA_FAULTS = /^(2[23]|54|XX000)/

/** Whose doing an error is, as `asStoreError` gives it. What the catalogue does not know counts against the batch, or it would be tried for ever. */
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

/** Whether the store refused what was to be written, and would again. */
export function isRefusedByStore(error: unknown): boolean {
  const { code } = ((error as Error | undefined)?.cause ?? {}) as { readonly code?: unknown }
  return isAfterturnError(error) && !error.code.startsWith('MODEL_') && DATA_FAULTS.test(String(code ?? ''))
}
