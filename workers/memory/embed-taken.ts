import { isOutage } from '../../shared/ai/model-outage.ts'
import { addUsage, NO_USAGE } from '../../shared/ai/model-provider.ts'
import { failureOf, isRefusedInput } from '../../shared/ai/openai/openai-errors.ts'
import { isAfterturnError } from '../../shared/errors.ts'
import type { CachedUsage } from './extraction/checkpointed-answer.ts'
import type { MemoryServices } from './memory-services.ts'

/**
 * Owns what becomes of texts that an embedding model does not take. Guarantees: one such text costs no other its vector; a server without embeddings
 * costs nobody a memory: words find it, and a job adds the vectors once there are some. An outage is the caller's to wait for.
 */

export type EmbeddedTexts = CachedUsage & {
  /** Undefined for a text that the model does not take. */
  readonly vectors: readonly (Float32Array | undefined)[]
}

/** No such address, no such model, or embeddings are switched off. */
const LACKING_STATUSES = new Set([404, 405, 410, 501])

/** Embeds the texts that the model takes. @throws what the provider throws that waiting may mend */
export async function embedTaken(
  services: Pick<MemoryServices, 'provider' | 'embedder'>,
  orgId: string,
  texts: readonly string[],
  options: { readonly signal?: AbortSignal; beforeBuy?(): Promise<void> },
): Promise<EmbeddedTexts> {
  try {
    const { vectors, usage, hits, waits } = await services.embedder.embedMany(orgId, texts, options)
    return { vectors, usage, cacheHits: hits + waits }
  } catch (error) {
    options.signal?.throwIfAborted()
    if (!isOfTexts(error) || (await isOutage(services.provider, error, { orgId, signal: options.signal ?? NEVER })))
      throw error
    if (texts.length === 1) return { vectors: [undefined], usage: NO_USAGE, cacheHits: 0 }
    const middle = Math.ceil(texts.length / 2)
    const first = await embedTaken(services, orgId, texts.slice(0, middle), options)
    const second = await embedTaken(services, orgId, texts.slice(middle), options)
    return {
      vectors: [...first.vectors, ...second.vectors],
      usage: addUsage(first.usage, second.usage),
      cacheHits: first.cacheHits + second.cacheHits,
    }
  }
}

/** Embeds the texts that the model takes; none where the server has no embeddings. @throws as `embedTaken` */
export async function embedIfPossible(
  services: Pick<MemoryServices, 'provider' | 'embedder'>,
  orgId: string,
  texts: readonly string[],
  options: { readonly signal?: AbortSignal; beforeBuy?(): Promise<void> },
): Promise<EmbeddedTexts> {
  try {
    return await embedTaken(services, orgId, texts, options)
  } catch (error) {
    if (!hasNoEmbeddings(error)) throw error
    return { vectors: texts.map(() => undefined), usage: NO_USAGE, cacheHits: 0 }
  }
}

const NEVER = new AbortController().signal

function hasNoEmbeddings(error: unknown): boolean {
  const { call, status = 0 } = failureOf(error)
  return call === 'embed' && LACKING_STATUSES.has(status)
}

/** Whether a failure may be that of one text: refused, answered with a vector that is none, or nothing to embed. */
function isOfTexts(error: unknown): boolean {
  return (
    isRefusedInput(error) || isAfterturnError(error, 'MODEL_OUTPUT_INVALID') || isAfterturnError(error, 'INPUT_INVALID')
  )
}
