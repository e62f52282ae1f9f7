import { expect } from 'vitest'
import { z } from 'zod'
import type { ModelTask } from '../../../shared/ai/model-task.ts'
import { createOpenAiProvider, type OpenAiProviderOptions } from '../../../shared/ai/openai/openai-provider.ts'
import { AfterturnError } from '../../../shared/errors.ts'

/** The OpenAI provider under test: a task, a provider of a test server, and how its failures are looked at. */

export const SECRET = 'sk-very-secret-0123456789'
export const DIMS = 8
export const NOW = new Date('2030-01-01T00:00:00Z')

export const task: ModelTask<string, { words: string[] }> = {
  name: 'list-words',
  version: 1,
  output: z.object({ words: z.array(z.string().min(2)) }),
  maxOutputTokens: 100,
  prompt: (input) => [
    { role: 'system', content: 'List the words.' },
    { role: 'user', content: input },
  ],
  rules: (input) => ({ words: input.split(' ') }),
}

/** Makes providers of one server. */
export const providersOf =
  (server: { readonly url: string }) =>
  (changes: Partial<OpenAiProviderOptions> = {}) =>
    createOpenAiProvider({
      apiKey: SECRET,
      baseUrl: server.url,
      completionModel: 'test-chat',
      embeddingModel: 'test-embedding',
      embeddingDims: DIMS,
      timeoutMs: 5_000,
      concurrency: 4,
      clock: { now: () => NOW, monotonicMs: () => 0 },
      ...changes,
    })

/** The AfterturnError that a call ends with; whatever happens, the key is not in it. */
export async function failureOf(call: Promise<unknown>): Promise<AfterturnError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(AfterturnError)
  const failure = error as AfterturnError
  expect(`${failure.stack}${JSON.stringify(failure.cause)}`).not.toContain(SECRET)
  return failure
}
