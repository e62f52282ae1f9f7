import { memoryRatioOf, type RoleStats } from '../../shared/redis/redis-stats.ts'

const MEGABYTE = 1_048_576

/** Describes a Redis in two lines: memory and cache hits, then clients. */
export function describeRedis(stats: RoleStats): string[] {
  if (!stats.isAnswering) return [stats.reason]
  const { usedMemoryBytes, maxMemoryBytes, evictedKeys, hitRate, clients, clientsByProcess } = stats
  const ratio = memoryRatioOf(stats)
  const limit =
    maxMemoryBytes === undefined || ratio === undefined
      ? 'without a limit'
      : `of ${megabytes(maxMemoryBytes)} (${percent(ratio)})`
  const hits = hitRate === undefined ? 'no lookups yet' : `${percent(hitRate)} of lookups hit`
  const who = Object.entries(clientsByProcess ?? {}).map(([process, count]) => `${process} ${count}`)
  return [
    `memory ${megabytes(usedMemoryBytes)} ${limit}, ${evictedKeys} keys evicted, ${hits}`,
    `clients ${clients}${who.length > 0 ? `: ${who.join(', ')}` : ''}`,
  ]
}

function megabytes(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(1)} MB`
}

function percent(ratio: number): string {
  return `${Math.round(100 * ratio)} %`
}
