import type { ChainableCommander, Redis } from 'ioredis'
import type { CallOptions, Embeddings, ModelProvider } from '../ai/model-provider.ts'
import type { Log } from '../observe/log.ts'
import { decodeEmbedding, encodeEmbedding } from './embedding-frame.ts'
import { embeddingKey } from './embedding-key.ts'

/**
 * Owns the way of a text to its vector: from the cache if it is there and whole, else from the provider, then into the cache.
 * Guarantees: no failure of Redis is a failure of the call, which is only slower; each state change of the cache is logged once.
 */
export type CachedEmbedder = {
  /**
   * One vector a text, in order; equal texts share one vector, which is to be read only. Whatever the number of texts: one read, at most one
   * provider call, one write. Wants a batch of at most a few hundred texts: all of them travel in one reply.
   * @throws what the provider throws, and the signal's reason.
   */
  embedMany(orgId: string, texts: readonly string[], options: CallOptions): Promise<CachedEmbeddings>
}

/** `hits` and `misses` count distinct texts. A frame that was found damaged is a miss and counted in `badFrames` too. */
export type CachedEmbeddings = Embeddings & {
  readonly hits: number
  readonly misses: number
  readonly badFrames: number
}

export type CachedEmbedderOptions = {
  /** The cache Redis, with its command timeout set and no offline queue. Undefined: nothing is cached. */
  readonly redis: Redis | undefined
  readonly keyPrefix: string
  /** How long an entry lives at most; up to a tenth less, so that entries written together do not all expire together. */
  readonly ttlSeconds: number
  readonly provider: Pick<ModelProvider, 'embed' | 'embeddingModel'>
  readonly log: CacheLog
}

type CacheLog = Pick<Log, 'info' | 'warn'>

const TTL_JITTER = 0.1
const NOTHING_BOUGHT: Embeddings = { vectors: [], usage: { calls: 0, inputTokens: 0, outputTokens: 0 } }

/** An embedder that buys each text of an org once for as long as the cache keeps it. */
export function createCachedEmbedder(options: CachedEmbedderOptions): CachedEmbedder {
  const { redis, keyPrefix, provider, log } = options
  const { dims } = provider.embeddingModel
  // Apart, because a full or read-only Redis answers reads and refuses writes, and would otherwise change state twice a call.
  const reads = createHealth(log, 'read')
  const writes = createHealth(log, 'written')

  /** Undefined when the cache could not be asked. */
  async function readFrames(keys: readonly string[]): Promise<(Buffer | null)[] | undefined> {
    if (redis === undefined || keys.length === 0) return undefined
    try {
      const frames = await redis.mgetBuffer([...keys])
      reads.succeeded()
      return frames
    } catch (error) {
      reads.failed(error)
      return undefined
    }
  }

  async function change(fill: (pipeline: ChainableCommander) => void): Promise<void> {
    if (redis === undefined) return
    try {
      const pipeline = redis.pipeline()
      fill(pipeline)
      const replies = await pipeline.exec()
      const failure = replies?.find(([error]) => error !== null)?.[0]
      if (failure) throw failure
      writes.succeeded()
    } catch (error) {
      writes.failed(error)
    }
  }

  return {
    async embedMany(orgId, texts, callOptions) {
      callOptions.signal?.throwIfAborted()
      const keys = texts.map((text) => embeddingKey(keyPrefix, orgId, provider.embeddingModel, text))
      const textByKey = new Map(keys.map((key, index) => [key, texts[index] as string]))
      const distinct = [...textByKey.keys()]

      const frames = await readFrames(distinct)
      callOptions.signal?.throwIfAborted()
      const found = frames?.map((frame) => (frame === null ? undefined : decodeEmbedding(frame, dims))) ?? []
      const badKeys = distinct.filter((_, index) => frames?.[index] && found[index] === undefined)
      if (badKeys.length > 0) {
        log.warn({ badFrames: badKeys.length }, 'Cached embeddings were damaged; they are deleted and bought again')
        await change((pipeline) => pipeline.del([...badKeys]))
      }

      const missing = distinct.filter((_, index) => found[index] === undefined)
      const missingTexts = missing.map((key) => textByKey.get(key) as string)
      const bought = missing.length > 0 ? await provider.embed(missingTexts, callOptions) : NOTHING_BOUGHT
      // After a failed read Redis is likely to hold up a write for a whole command timeout too.
      if (frames !== undefined && missing.length > 0) {
        await change((pipeline) => {
          for (const [index, key] of missing.entries()) {
            pipeline.set(
              key,
              encodeEmbedding(bought.vectors[index] as Float32Array),
              'PX',
              jitteredTtlMs(options.ttlSeconds),
            )
          }
        })
      }

      const vectorByKey = new Map<string, Float32Array | undefined>(distinct.map((key, index) => [key, found[index]]))
      for (const [index, key] of missing.entries()) vectorByKey.set(key, bought.vectors[index])
      return {
        vectors: keys.map((key) => vectorByKey.get(key) as Float32Array),
        usage: bought.usage,
        hits: distinct.length - missing.length,
        misses: missing.length,
        badFrames: badKeys.length,
      }
    },
  }
}

function jitteredTtlMs(ttlSeconds: number): number {
  return Math.max(1, Math.round(ttlSeconds * 1_000 * (1 - Math.random() * TTL_JITTER)))
}

/** Remembers whether the last attempt failed, and logs only when that changes. */
function createHealth(log: CacheLog, done: string): { succeeded(): void; failed(error: unknown): void } {
  let isFailing = false
  return {
    succeeded() {
      if (isFailing) log.info({}, `The embedding cache can be ${done} again`)
      isFailing = false
    },
    failed(error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (!isFailing)
        log.warn({ reason }, `The embedding cache cannot be ${done}; embeddings are bought from the provider meanwhile`)
      isFailing = true
    },
  }
}
