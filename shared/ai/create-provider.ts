import type { Config } from '../config.ts'
import { type CallPacer, UNPACED } from './call-pacer.ts'
import { limitTextTokens } from './embeddable-texts.ts'
import { createLocalProvider } from './local/local-provider.ts'
import type { ModelProvider } from './model-provider.ts'
import { createOpenAiProvider } from './openai/openai-provider.ts'
import { EMBEDDING_MAX_TOKENS } from './tokens/token-count.ts'

/** The provider that a configuration asks for: OpenAI-compatible with a key or a base URL, else the offline local one, which needs no pacer. */
export function createProvider(
  config: Pick<
    Config,
    | 'openaiApiKey'
    | 'openaiBaseUrl'
    | 'completionModel'
    | 'embeddingModel'
    | 'embeddingBaseUrl'
    | 'embeddingApiKey'
    | 'embeddingDims'
    | 'modelTimeoutMs'
    | 'modelConcurrency'
  >,
  pacer: CallPacer = UNPACED,
): ModelProvider {
  if (config.openaiApiKey === undefined && config.openaiBaseUrl === undefined) return createLocalProvider()
  const provider = createOpenAiProvider({
    apiKey: config.openaiApiKey,
    baseUrl: config.openaiBaseUrl,
    completionModel: config.completionModel,
    embeddingModel: config.embeddingModel,
    embeddingBaseUrl: config.embeddingBaseUrl,
    embeddingApiKey: config.embeddingApiKey,
    embeddingDims: config.embeddingDims,
    timeoutMs: config.modelTimeoutMs,
    concurrency: config.modelConcurrency,
    pacer,
  })
  return limitTextTokens(provider, EMBEDDING_MAX_TOKENS)
}
