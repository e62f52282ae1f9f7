import { boundedFetch } from './bounded-fetch.ts'

/** Owns what servers tell of a model's context in their lists of models: each in a field of its own, and OpenAI in none. */

const FIELDS = [
  'loaded_context_length',
  'max_model_len',
  'context_length',
  'context_window',
  'max_context_length',
  'n_ctx',
]
/** OpenRouter lists some 400 models with a page of text each. */
const MAX_LIST_BYTES = 8 * 1_024 * 1_024

export type ModelServer = {
  readonly baseUrl: string
  readonly apiKey: string | undefined
  readonly model: string
  readonly timeoutMs: number
}

/** The tokens of context that a server says a model has; undefined when it says nothing, or does not answer. Never rejects. */
export async function readContextTokens({
  baseUrl,
  apiKey,
  model,
  timeoutMs,
}: ModelServer): Promise<number | undefined> {
  try {
    const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await boundedFetch(MAX_LIST_BYTES)(`${baseUrl.replace(/\/$/, '')}/models`, { headers, signal })
    const { data } = (await response.json()) as { data?: readonly Record<string, unknown>[] }
    const listed = data?.find(({ id }) => id === model)
    const told = { ...(listed?.meta as object | undefined), ...listed } as Record<string, unknown>
    return FIELDS.map((field) => Number(told[field])).find((tokens) => Number.isSafeInteger(tokens) && tokens > 0)
  } catch {
    return undefined
  }
}
