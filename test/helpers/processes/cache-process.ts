import { connectCache, ready } from '../cache-connection.ts'
import { createTestEmbedder } from '../models/test-embedder.ts'

/** A process that embeds when its parent says so: `fork` it with `CacheProcessOptions` as JSON. Each batch is a caller of its own; all call at once. */

export type CacheProcessOptions = { readonly url: string; readonly modelUrl: string; readonly flightTtlMs?: number }
export type CacheCommand = { readonly orgId: string; readonly batches: readonly (readonly string[])[] }
/** What came of each batch: its figures and the first number of each vector, or the code of its failure. */
export type CacheOutcome =
  | { readonly hits: number; readonly waits: number; readonly misses: number; readonly heads: readonly number[] }
  | { readonly code: string }

const { url, modelUrl, ...options } = JSON.parse(process.argv[2] as string) as CacheProcessOptions
// A process of a busy machine that took an answer for late would buy for itself.
const redis = connectCache(url, 10_000)
const embedder = createTestEmbedder({ redis, modelUrl, ...options })

process.on('message', async ({ orgId, batches }: CacheCommand) => {
  const outcomes = batches.map(async (texts): Promise<CacheOutcome> => {
    try {
      const { hits, waits, misses, vectors } = await embedder.embedMany(orgId, texts, {})
      return { hits, waits, misses, heads: vectors.map(([first]) => first as number) }
    } catch (error) {
      return { code: (error as { code?: string }).code ?? String(error) }
    }
  })
  process.send?.(await Promise.all(outcomes))
})
process.on('disconnect', () => process.exit(0))
await ready(redis)
process.send?.('ready')
