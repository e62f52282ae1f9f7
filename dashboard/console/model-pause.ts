import type { Redis } from 'ioredis'
import type { QueueName } from '../../queues/catalog.ts'
import { OPENAI_BASE_URL } from '../../shared/ai/openai/openai-provider.ts'
import type { Config } from '../../shared/config.ts'
import { readPausedUntil } from '../../shared/limit/shared-rate-limiter.ts'
import { modelLineKey } from '../../shared/redis/keys.ts'

export type Model = 'completion' | 'embedding'

export const MODELS: readonly Model[] = ['completion', 'embedding']

/** Without its model a job of this queue does nothing but wait. */
export const MODEL_OF_QUEUE: Readonly<Record<QueueName, Model>> = {
  'memory-extraction': 'completion',
  'memory-digest': 'completion',
  'memory-reembedding': 'embedding',
  'memory-reextraction': 'completion',
  'repo-indexing': 'embedding',
  'context-compaction': 'completion',
}

/** The name of a model in force. */
export function modelNamed({ completionModel, embeddingModel }: Config, model: Model): string {
  return model === 'completion' ? completionModel : embeddingModel
}

/** The end of the pause that a model's provider asked for; undefined without one. Throws what Redis throws. */
export function readModelPause(
  { config, redis }: { readonly config: Config; readonly redis: { getConnection(): Redis } },
  model: Model,
): Promise<Date | undefined> {
  const { redisKeyPrefix, openaiBaseUrl = OPENAI_BASE_URL } = config
  const key = modelLineKey(redisKeyPrefix, openaiBaseUrl, modelNamed(config, model))
  return readPausedUntil(redis.getConnection(), key)
}
