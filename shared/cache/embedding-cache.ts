import type { Embeddings, EmbedOptions, ModelProvider } from '../ai/model-provider.ts'
import { decodeEmbeddings, type Embedding, encodeEmbedding, type FrameFormat } from './embedding-frame.ts'
import type { CacheStats } from './engine/cache-counts.ts'
import { embeddingKeys, erasureMarkKey } from './engine/cache-keys.ts'
import { type CachedCallOptions, type CacheSettings, createResultCache } from './engine/result-cache.ts'

/** Owns the way of a text to its vector. Guarantees: those of `result-cache.ts`; an org's texts meet another's only under a scope that the host has named. */
export type CachedEmbedder = {
  /**
   * One vector a text, in order; equal texts of a call share one. Whatever the number of texts: one read, one provider call for what nobody is
   * buying, one write. Wants a batch of at most a few hundred texts: all of them travel in one reply. Its vectors may be views of one buffer: go by
   * their `byteOffset`, and copy the one that is to be kept for long.
   * @throws what the provider throws, and the signal's reason.
   */
  embedMany(orgId: string, texts: readonly string[], options: CachedEmbedOptions): Promise<CachedEmbeddings>
  stats(): CacheStats
}

/** Each distinct text is a hit, a wait for another's purchase, or a miss that this call paid. */
export type CachedEmbeddings = Embeddings & { readonly hits: number; readonly waits: number; readonly misses: number }

/** A text as a query and as a document are two where the model has prefixes. */
type CachedEmbedOptions = CachedCallOptions & EmbedOptions

export type CachedEmbedderOptions = CacheSettings & {
  readonly provider: Pick<ModelProvider, 'embed' | 'embeddingModel'>
  /** What this process's memory may hold; 0 for nothing. */
  readonly memoryBytes: number
  readonly format: FrameFormat
  /** The name under which all orgs share their embeddings. @default undefined: each org has its own */
  readonly sharedScope?: string | undefined
  /** What they cost, for the sum of what was saved. */
  readonly usdPerMillionTokens: number
}

/** An embedder that buys each text of an org once for as long as the cache keeps it. */
export function createCachedEmbedder(options: CachedEmbedderOptions): CachedEmbedder {
  const { keyPrefix, provider, sharedScope, format, usdPerMillionTokens } = options
  const { dims } = provider.embeddingModel
  const codec = {
    encode: (embedding: Embedding) => encodeEmbedding(embedding, format),
    decode: (frames: readonly (Buffer | null)[]) => decodeEmbeddings(frames, dims),
  }
  const results = createResultCache<Embedding>({
    ...options,
    cache: 'embedding',
    bytesOf: ({ vector }) => vector.byteLength,
    copy: ({ vector, tokens }) => ({ vector: vector.slice(), tokens }),
    costOf: ({ tokens }) => ({ tokens, usd: (tokens * usdPerMillionTokens) / 1e6 }),
  })

  return {
    async embedMany(orgId, texts, { signal, beforeBuy, purpose = 'document' }) {
      const scope = sharedScope === undefined ? { orgId } : { sharedAs: sharedScope }
      // By text and not by key: a key is made of parts, and joining a hundred to compare them costs a twentieth of the time of a read.
      const placeOf = new Map<string, number>()
      for (const text of texts) if (!placeOf.has(text)) placeOf.set(text, placeOf.size)
      const distinct = [...placeOf.keys()]
      const keyOf = embeddingKeys(keyPrefix, scope, provider.embeddingModel)
      const prefix = provider.embeddingModel.prefixes?.[purpose] ?? ''
      const keys = distinct.map((text) => keyOf(prefix + text))
      const usage = { calls: 0, inputTokens: 0, outputTokens: 0 }
      const { values, found } = await results.obtain(keys, {
        space: { codec, markKeys: [erasureMarkKey(keyPrefix, scope)] },
        signal,
        async fetch(missing) {
          await beforeBuy?.()
          const textOf = new Map(keys.map((key, index) => [key, distinct[index] as string]))
          const missingTexts = missing.map((key) => textOf.get(key) as string)
          const bought = await provider.embed(missingTexts, { purpose, orgId, ...(signal && { signal }) })
          // More than once when this call takes over from another that failed.
          for (const kind of ['calls', 'inputTokens', 'outputTokens'] as const) usage[kind] += bought.usage[kind]
          const tokens = shareOut(bought.usage.inputTokens, missingTexts)
          return bought.vectors.map((vector, index) => ({ vector, tokens: tokens[index] as number }))
        },
      })
      return {
        vectors: texts.map((text) => (values[placeOf.get(text) as number] as Embedding).vector),
        usage,
        hits: found.memory + found.redis,
        waits: found.waited,
        misses: found.bought,
      }
    },
    stats: results.stats,
  }
}

/** A provider counts the tokens of a whole request; each text gets its part by its length. */
function shareOut(tokens: number, texts: readonly string[]): number[] {
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  return texts.map((text) => Math.round((tokens * text.length) / (length || 1)))
}
