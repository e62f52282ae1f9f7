import type { LanguageModelMiddleware } from 'ai'
import type { MemoryMiddlewareOptions, MemoryOf } from './middleware-options.ts'
import { createPromptBlocks } from './prompt-blocks.ts'
import { answerOf, collectAnswer, isAnswered, turnMessages } from './turn-of-prompt.ts'

/**
 * Owns memory for models of the AI SDK: what is remembered goes into the prompt, and the turn is recorded once it has ended. Guarantees: one search and one
 * recording for each turn, whatever its steps; no failure of memory changes an answer; streams pass chunk by chunk; what was put in is never recorded.
 */

/**
 * Makes a middleware for `wrapLanguageModel` of `ai`.
 * @example
 * import { createClient } from 'afterturn/client'
 * import { memoryMiddleware } from 'afterturn/ai-sdk'
 * import { wrapLanguageModel, type LanguageModel } from 'ai'
 * const afterturn = createClient({ url: 'https://memory.internal', apiKey: process.env.AFTERTURN_API_KEY ?? '' })
 * export function withMemory(model: Parameters<typeof wrapLanguageModel>[0]['model'], userId: string, workstreamId: string): LanguageModel {
 *   return wrapLanguageModel({ model, middleware: memoryMiddleware(afterturn, { orgId: 'acme', userId, workstreamId }) })
 * }
 */
export function memoryMiddleware({ memory }: MemoryOf, options: MemoryMiddlewareOptions): LanguageModelMiddleware {
  const { orgId, workstreamId, userId, agentId, waitUntil, onError } = options
  const whose = {
    orgId,
    workstreamId,
    ...(userId !== undefined && { userId }),
    ...(agentId !== undefined && { agentId }),
  }
  const blocks = createPromptBlocks(memory, whose, options)

  const record = (prompt: Prompt, answer: Answer) => {
    const recording = (async () => {
      const turnId = blocks.endTurn(prompt)
      if (turnId !== undefined) await memory.recordTurn({ ...whose, turnId, messages: turnMessages(prompt, answer) })
    })().catch((error: unknown) => onError?.(error))
    waitUntil?.(recording)
  }

  return {
    specificationVersion: 'v4',
    async transformParams({ params }) {
      const prompt = await blocks.insert(params.prompt).catch((error: unknown) => {
        onError?.(error)
        return params.prompt
      })
      return { ...params, prompt }
    },
    async wrapGenerate({ doGenerate, params }) {
      const result = await doGenerate()
      if (isAnswered(result.finishReason)) record(params.prompt, answerOf(result.content))
      return result
    },
    async wrapStream({ doStream, params }) {
      const { stream, ...rest } = await doStream()
      return { ...rest, stream: stream.pipeThrough(collectAnswer((answer) => record(params.prompt, answer))) }
    },
  }
}

type Prompt = Parameters<typeof turnMessages>[0]
type Answer = Parameters<typeof turnMessages>[1]
