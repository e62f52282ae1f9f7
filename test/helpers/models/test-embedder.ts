import type { Redis } from 'ioredis'
import { createProvider } from '../../../shared/ai/create-provider.ts'
import { type CachedEmbedderOptions, createCachedEmbedder } from '../../../shared/cache/embedding-cache.ts'
import { silentLog } from '../../../shared/observe/log.ts'
import { createMetrics } from '../../../shared/observe/metrics.ts'

/** The length of its vectors. */
export const DIMS = 64

export type TestEmbedderOptions = Partial<CachedEmbedderOptions> & {
  readonly redis: Redis | undefined
  readonly modelUrl: string
  readonly embeddingModel?: string
}

/** A cached embedder in front of a model server. Its own memory is off unless a test asks for it: what is found was found in Redis. */
export function createTestEmbedder({ modelUrl, embeddingModel = 'test-embedding', ...options }: TestEmbedderOptions) {
  const provider = createProvider({
    openaiBaseUrl: modelUrl,
    completionModel: 'none',
    embeddingModel,
    embeddingDims: DIMS,
    modelTimeoutMs: 30_000,
    modelConcurrency: 4,
  })
  const defaults = {
    keyPrefix: 'test',
    ttlSeconds: 1_000,
    memoryBytes: 0,
    format: 'float32' as const,
    usdPerMillionTokens: 0,
    log: silentLog,
    metrics: createMetrics(),
  }
  return { provider, ...createCachedEmbedder({ ...defaults, provider, ...options }) }
}
