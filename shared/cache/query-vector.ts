import { withinDeadline } from '../deadline.ts'
import { AfterturnError } from '../errors.ts'
import type { CachedEmbedder } from './embedding-cache.ts'

/**
 * The vector of a query, or nothing: a search is on the way of an agent's turn, and answers by words alone rather than wait for a model that is slow,
 * away, limited or refuses. The failure itself is measured and logged where the provider is called.
 */
export async function embedQuery(
  embedder: Pick<CachedEmbedder, 'embedMany'>,
  orgId: string,
  query: string,
  timeoutMs: number,
): Promise<Float32Array | undefined> {
  const late = () => new AfterturnError('MODEL_UNAVAILABLE', `The query was not embedded within ${timeoutMs} ms.`)
  try {
    const embedded = embedder.embedMany(orgId, [query], { purpose: 'query', signal: AbortSignal.timeout(timeoutMs) })
    // The signal ends the request; the deadline also ends a wait that does not listen to it.
    return (await withinDeadline(embedded, timeoutMs, late)).vectors[0]
  } catch {
    return undefined
  }
}
