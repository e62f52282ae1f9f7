import type { CallOptions, Completion, ModelProvider } from '../ai/model-provider.ts'
import type { ModelTask } from '../ai/model-task.ts'
import { type CachedAnswer, decodeAnswer, encodeAnswer } from './completion-frame.ts'
import type { CacheStats } from './engine/cache-counts.ts'
import { completionKey, erasureMarkKey } from './engine/cache-keys.ts'
import { type CachedCallOptions, type CacheSettings, createResultCache } from './engine/result-cache.ts'

/**
 * Owns the way of a task to its answer: with the cache on, the same question of the same org is paid once, so a retry or a second run costs nothing.
 * Guarantees: those of `result-cache.ts`; only exactly what a model was asked is the same question. Tasks that want variety (a temperature
 * other than 0), and the local provider's, which are free, always go to the provider.
 */
export type CachedCompleter = {
  /** Answers one task. Throws as the provider's `complete`. */
  complete<Input, Output>(
    orgId: string,
    task: ModelTask<Input, Output>,
    input: Input,
    options: CachedCallOptions,
  ): Promise<CachedCompletion<Output>>
  stats(): CacheStats
}

/** An answer that was not paid now has a usage of nothing. */
export type CachedCompletion<Output> = Completion<Output> & { readonly isCached: boolean }

export type CachedCompleterOptions = CacheSettings & {
  readonly provider: Pick<ModelProvider, 'name' | 'isFree' | 'complete' | 'completionModel'>
  readonly isEnabled: boolean
  /** What they cost, for the sum of what was saved. */
  readonly inputUsdPerMillionTokens: number
  readonly outputUsdPerMillionTokens: number
  /** Hears once of each call that failed, of which nobody else can say what it cost. The failure goes on when it is done. */
  failed?(orgId: string, task: string, error: unknown): Promise<void>
}

/** A completer for the tasks of all orgs. */
export function createCachedCompleter(options: CachedCompleterOptions): CachedCompleter {
  const { keyPrefix, provider, isEnabled, inputUsdPerMillionTokens, outputUsdPerMillionTokens } = options
  const results = createResultCache<CachedAnswer>({
    ...options,
    cache: 'completion',
    // Who asks the same again is a retry, most likely in another process.
    memoryBytes: 0,
    bytesOf: () => 0,
    copy: (answer) => structuredClone(answer),
    costOf: ({ inputTokens, outputTokens }) => ({
      tokens: inputTokens + outputTokens,
      usd: (inputTokens * inputUsdPerMillionTokens + outputTokens * outputUsdPerMillionTokens) / 1e6,
    }),
  })

  async function ask<Input, Output>(
    orgId: string,
    task: ModelTask<Input, Output>,
    input: Input,
    callOptions: CallOptions,
  ): Promise<Completion<Output>> {
    try {
      return await provider.complete(task, input, { ...callOptions, orgId })
    } catch (error) {
      await options.failed?.(orgId, task.name, error)
      throw error
    }
  }

  return {
    async complete(orgId, task, input, { beforeBuy, ...callOptions }) {
      if (!isEnabled || provider.isFree || task.temperature !== 0)
        return { ...(await ask(orgId, task, input, callOptions)), isCached: false }
      const messages = task.prompt(input)
      const key = completionKey(keyPrefix, orgId, {
        provider: provider.name,
        model: provider.completionModel,
        task,
        messages,
      })
      let usage = { calls: 0, inputTokens: 0, outputTokens: 0 }
      const { values, found } = await results.obtain([key], {
        space: {
          markKeys: [erasureMarkKey(keyPrefix, { orgId })],
          codec: {
            encode: (answer) => encodeAnswer(answer, task.output),
            decode: (frames) => frames.map((frame) => (frame ? decodeAnswer(frame, task.output) : undefined)),
          },
        },
        signal: callOptions.signal,
        async fetch() {
          await beforeBuy?.()
          const completion = await ask(orgId, task, input, callOptions)
          usage = { ...completion.usage }
          return [{ output: completion.output, ...completion.usage }]
        },
      })
      const [answer] = values
      // The schema has passed it, when it was bought or when it was read.
      return { output: answer?.output as never, usage, isCached: found.bought === 0 }
    },
    stats: results.stats,
  }
}
