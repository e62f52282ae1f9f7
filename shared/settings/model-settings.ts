import { z } from 'zod'
import { count, DAY_SECONDS, MINUTE_MS, modelNameSetting, perMinute, secret, text, usd } from './value-checks.ts'

/** With its spaces, which belong to it. */
const prefix = z.string().max(500, 'at most 500 characters')

/** What OpenAI's embedding models take of one text. */
export const EMBEDDING_MAX_TOKENS = 8_191

/** Which models are called, and how often. */
export const modelSettings = {
  openaiApiKey: secret(text)
    .optional()
    .describe(
      'API key. With a key or a base URL, the OpenAI-compatible provider is used; otherwise the offline local one',
    ),
  openaiBaseUrl: z
    .url({ protocol: /^https?$/, error: 'http://… or https://…' })
    .optional()
    .describe('Base URL of any server with the OpenAI API: vLLM, Ollama, LM Studio, Azure'),
  completionModel: modelNameSetting.default('gpt-5-mini').describe('The model that extracts memories'),
  completionContextTokens: count(2_048, 10_000_000)
    .optional()
    .describe('Context window of the completion model, if it is small; it bounds the size of one extraction'),
  embeddingModel: modelNameSetting.default('text-embedding-3-small').describe('The model that embeds texts'),
  embeddingBaseUrl: z
    .url({ protocol: /^https?$/, error: 'http://… or https://…' })
    .optional()
    .describe('Base URL of the embedding model if it has its own server. Unset: OPENAI_BASE_URL'),
  embeddingApiKey: secret(text)
    .optional()
    .describe('API key of EMBEDDING_BASE_URL; OPENAI_API_KEY is never sent to it'),
  embeddingDims: count(8, 4_000).default(1_536).describe('Length of the vectors of the embedding model'),
  embeddingMaxTokens: count(64, 1_000_000)
    .default(EMBEDDING_MAX_TOKENS)
    .describe('Most tokens of one text that the embedding model accepts; a longer text is embedded in parts'),
  embeddingQueryPrefix: prefix
    .optional()
    .describe('Put in front of each query, such as `query: `; the model card says which'),
  embeddingDocumentPrefix: prefix
    .optional()
    .describe('Put in front of each stored text, such as `passage: `. Changing a prefix embeds everything again'),
  modelTimeoutMs: count(100, 10 * MINUTE_MS)
    .default(MINUTE_MS)
    .describe('Timeout of one model request'),
  searchEmbeddingTimeoutMs: count(10, MINUTE_MS)
    .default(1_500)
    .describe('How long a search waits for the embedding of its query before it searches by words alone'),
  modelOutageMaxMs: count(0, 7 * DAY_SECONDS * 1_000)
    .default(DAY_SECONDS * 1_000)
    .describe('How long a turn waits for an unreachable provider. After that, four failed attempts dead-letter it'),
  modelConcurrency: count(1, 1_000).default(8).describe('Model requests at once per process'),
  orgDailyUsd: usd(1_000_000)
    .optional()
    .describe(
      'What an org may spend on models per UTC day, at the configured token prices; after that, its turns wait for the next day. Unset: no limit',
    ),
  completionCallsPerMinute: perMinute
    .optional()
    .describe('Completion calls per minute, across all processes; unset, only the provider limits them'),
  completionTokensPerMinute: perMinute
    .optional()
    .describe('Completion tokens per minute, input and output, across all processes'),
  embeddingCallsPerMinute: perMinute.optional().describe('Embedding calls per minute, across all processes'),
  embeddingTokensPerMinute: perMinute.optional().describe('Embedding tokens per minute, across all processes'),
  modelLimitWindowMs: count(100, 60 * MINUTE_MS)
    .default(MINUTE_MS)
    .describe('Window in which the provider counts calls and tokens; no window exceeds its share of the budgets'),
  modelMaxWaitMs: count(0, MINUTE_MS)
    .default(5_000)
    .describe(
      'Longest time a model call waits for rate-limit capacity; a job that would wait longer yields its worker',
    ),
}
