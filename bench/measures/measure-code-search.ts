import type { Runtime } from '../../runtime.ts'
import { embedLocally } from '../../shared/ai/local/embedder.ts'
import { encodeVectors } from '../../shared/repo/index-format/code-segment.ts'
import { round } from '../benchmark.ts'

/** Owns how fast code is searched, and how far vectors as they are stored keep the order of exact ones. */

const QUERIES = 60
const TOP = 10

export async function measureCodeSearch(runtime: Runtime, orgId: string, repoId: string) {
  const symbols = await runtime.repos.symbols({ orgId, repoIds: [repoId], limit: 1_000 })
  const chunks = (await runtime.repos.status({ orgId, repoId })).reduce((sum, status) => sum + status.chunks, 0)
  const queries = Array.from({ length: QUERIES }, (_, at) => {
    const name = symbols[(at * 7_919) % symbols.length]?.name ?? 'order'
    return `${name
      .replace(/\d+x\d+$/, '')
      .replace(/([A-Z])/g, ' $1')
      .toLowerCase()} with a limit and sum the weights ${at}`
  })
  const startedMs = performance.now()
  await runtime.repos.search({ orgId, repoIds: [repoId], query: 'warm up' })
  const firstMs = performance.now() - startedMs
  const times: number[] = []
  const texts = new Set<string>()
  for (const query of queries) {
    const before = performance.now()
    const { hits } = await runtime.repos.search({ orgId, repoIds: [repoId], query, limit: TOP })
    times.push(performance.now() - before)
    for (const { text } of hits) texts.add(text)
  }
  times.sort((a, b) => a - b)
  return {
    chunks,
    p50Ms: round(times[times.length >> 1] as number),
    firstMs: round(firstMs),
    overlapAt10: overlapOf([...texts], queries),
  }
}

/** Among texts that were found for some query, and so lie close together: the hard case. */
function overlapOf(texts: readonly string[], queries: readonly string[]): number {
  const exact = texts.map(embedLocally)
  const stored = exact.map((vector) => {
    const bytes = encodeVectors([vector], vector.length)
    return Float32Array.from({ length: vector.length }, (_, d) => bytes.readInt16LE(4 + 2 * d) * bytes.readFloatLE(0))
  })
  const topOf = (vectors: readonly Float32Array[], query: Float32Array) =>
    vectors
      .map((vector, at) => ({ at, cosine: vector.reduce((sum, value, d) => sum + value * (query[d] as number), 0) }))
      .sort((a, b) => b.cosine - a.cosine || a.at - b.at)
      .slice(0, TOP)
      .map(({ at }) => at)
  const shares = queries.map((text) => {
    const query = embedLocally(text)
    const kept = new Set(topOf(stored, query))
    return topOf(exact, query).filter((at) => kept.has(at)).length / TOP
  })
  return round(shares.reduce((sum, share) => sum + share, 0) / shares.length)
}
