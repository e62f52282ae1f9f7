import { z } from 'zod'
import { count, DAY_SECONDS, MINUTE_MS, modelName, perMinute, secret, text } from './value-checks.ts'

/** Which models are called, and how often. */
export const modelSettings = {
  openaiApiKey: secret(text)
    .optional()
    .describe('With a key or a base URL the OpenAI-compatible provider is used, else the offline local one'),
  openaiBaseUrl: z
    .url({ protocol: /^https?$/, error: 'http://… or https://…' })
    .optional()
    .describe('Any server that speaks the OpenAI API: vLLM, Ollama, LM Studio, Azure'),
  completionModel: modelName.default('gpt-5-mini').describe('The model that extracts memories'),
  embeddingModel: modelName.default('text-embedding-3-small').describe('The model that embeds texts'),
  embeddingDims: count(8, 4_000).default(1_536).describe('The length of its vectors'),
  modelTimeoutMs: count(100, 10 * MINUTE_MS)
    .default(MINUTE_MS)
    .describe('The time one model request may take'),
  modelOutageMaxMs: count(0, 7 * DAY_SECONDS * 1_000)
    .default(DAY_SECONDS * 1_000)
    .describe(
      'A turn waits so long for a provider that cannot be reached; after it four failed tries make it a dead letter',
    ),
  modelConcurrency: count(1, 1_000).default(8).describe('Model requests at once per process'),
  completionCallsPerMinute: perMinute
    .optional()
    .describe(
      'Calls of the completion model a minute, over all processes; leave it out to be bounded by the provider only',
    ),
  completionTokensPerMinute: perMinute.optional().describe('… and its tokens, of both directions'),
  embeddingCallsPerMinute: perMinute.optional().describe('The same of the embedding model'),
  embeddingTokensPerMinute: perMinute.optional().describe('… and its tokens'),
  modelLimitWindowMs: count(100, 60 * MINUTE_MS)
    .default(MINUTE_MS)
    .describe('The span in which the provider counts calls and tokens; no such span exceeds its part of the budgets'),
  modelMaxWaitMs: count(0, MINUTE_MS)
    .default(5_000)
    .describe(
      'A model call waits at most so long for its turn; a job that would wait longer gives its place to others',
    ),
}
