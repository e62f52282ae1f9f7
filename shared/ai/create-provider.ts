import type { Config } from '../config.ts'
import { requirePackages } from '../processes/optional-packages.ts'
import { createLocalProvider } from './local/local-provider.ts'
import type { ModelProvider } from './model-provider.ts'
import { createOpenAiProvider, type OpenAiProviderOptions } from './openai/openai-provider.ts'

/** The provider that a configuration asks for: OpenAI-compatible with a key or a base URL, else the offline local one, which needs no pacer. @throws CONFIG_INVALID without the package `openai` */
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
  > &
    Partial<Pick<Config, 'embeddingMaxTokens' | 'embeddingQueryPrefix' | 'embeddingDocumentPrefix'>>,
  options: Pick<OpenAiProviderOptions, 'pacer' | 'quirks' | 'keyOf'> = {},
): ModelProvider {
  if (config.openaiApiKey === undefined && config.openaiBaseUrl === undefined) return createLocalProvider()
  requirePackages('A model server')
  return createOpenAiProvider({
    apiKey: config.openaiApiKey,
    baseUrl: config.openaiBaseUrl,
    completionModel: config.completionModel,
    embeddingModel: config.embeddingModel,
    embeddingBaseUrl: config.embeddingBaseUrl,
    embeddingApiKey: config.embeddingApiKey,
    embeddingDims: config.embeddingDims,
    embeddingMaxTokens: config.embeddingMaxTokens,
    embeddingPrefixes: { query: config.embeddingQueryPrefix ?? '', document: config.embeddingDocumentPrefix ?? '' },
    timeoutMs: config.modelTimeoutMs,
    concurrency: config.modelConcurrency,
    ...options,
  })
}
