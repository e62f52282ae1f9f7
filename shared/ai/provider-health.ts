import type { Clock } from '../clock.ts'
import type { ModelProvider } from './model-provider.ts'

/** When the models last answered this process: what tells an outage from input that a model cannot take. */
export type ProviderHealth = {
  /** Whether both models have answered since then: what fails all the same does so by its own doing. */
  haveAllAnsweredSince(time: Date): boolean
  /** The provider, listened to. */
  watch(provider: ModelProvider): ModelProvider
}

export function createProviderHealth(clock: Clock): ProviderHealth {
  const answeredMs = { complete: Number.NEGATIVE_INFINITY, embed: Number.NEGATIVE_INFINITY }
  const noted = async <T>(kind: keyof typeof answeredMs, call: Promise<T>): Promise<T> => {
    const answer = await call
    answeredMs[kind] = clock.now().getTime()
    return answer
  }
  return {
    haveAllAnsweredSince: (time) => Math.min(answeredMs.complete, answeredMs.embed) > time.getTime(),
    watch: (provider) => ({
      ...provider,
      complete: (task, input, options) => noted('complete', provider.complete(task, input, options)),
      embed: (texts, options) => noted('embed', provider.embed(texts, options)),
    }),
  }
}
