import { z } from 'zod'
import { isAfterturnError } from '../errors.ts'
import type { CallOptions, ModelProvider } from './model-provider.ts'
import type { ModelTask } from './model-task.ts'
import { failureOf, type ModelCall } from './openai/openai-errors.ts'

/** Owns the plain question that tells whose doing a failure is: a model that answers it refused something else for what that said. */

type Answer = { readonly answer: string }

const PLAIN_TEXT = 'hello'
const MAX_OUTPUT_TOKENS = 50

/** What a model can answer that can answer anything. */
export const plainQuestion: ModelTask<null, Answer> = {
  name: 'plain-question',
  version: 1,
  output: z.object({ answer: z.string() }),
  maxOutputTokens: MAX_OUTPUT_TOKENS,
  prompt: () => [{ role: 'user', content: 'Answer with the JSON object {"answer": "yes"}.' }],
  rules: () => ({ answer: 'yes' }),
  // Any answer will do: none is asked for again.
  salvage: () => ({ answer: 'yes' }),
}

/** Whether the model behind one kind of call answers at all, in whatever shape. Never rejects but by the signal. */
export async function answersPlainly(
  provider: Pick<ModelProvider, 'complete' | 'embed'>,
  call: ModelCall,
  options: CallOptions & { readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    if (call === 'embed') await provider.embed([PLAIN_TEXT], options)
    else await provider.complete(plainQuestion, null, options)
    return true
  } catch (error) {
    options.signal.throwIfAborted()
    return isAfterturnError(error, 'MODEL_OUTPUT_INVALID') && !failureOf(error).isForAll
  }
}
