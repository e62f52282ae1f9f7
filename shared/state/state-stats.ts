import type { PoolStats } from '../store/database.ts'
import { readStateTotals } from '../store/states/read-state-stats.ts'
import { STATE_CODECS, type StateCodec } from './codecs.ts'
import type { StateServices } from './state-services.ts'

/** Owns the figures of states: what is kept, what it costs, and how this process reaches it. */

export type StateStats = {
  readonly states: number
  readonly versions: number
  /** Bytes of all versions as JSON, and as they are stored. */
  readonly rawBytes: number
  readonly storedBytes: number
  /** How many times smaller they are stored; undefined while there are none. */
  readonly ratio: number | undefined
  readonly storedBytesByCodec: Readonly<Partial<Record<StateCodec, number>>>
  /** Frames, and how many of them begin a chain. */
  readonly frames: number
  readonly chains: number
  readonly oldestAt: Date | undefined
  /** States in the memory of this process, and how many loads they have served since it started. */
  readonly memory: { readonly entries: number; readonly bytes: number; readonly hits: number; readonly misses: number }
  readonly pool: PoolStats
  /** Bytes that the cache Redis uses in all; undefined without one, and while it does not answer. */
  readonly cacheUsedMemoryBytes: number | undefined
}

export type StatsSources = {
  readPool(): PoolStats
  readCacheMemory(): Promise<number | undefined>
}

export async function readStateStats(
  services: StateServices & StatsSources,
  orgId: string | undefined,
): Promise<StateStats> {
  const { database, clock, kept, counts } = services
  const [{ totals, frames }, cacheUsedMemoryBytes] = await Promise.all([
    readStateTotals(database, orgId, clock.now()),
    services.readCacheMemory(),
  ])
  const sum = (field: 'frames' | 'chains' | 'storedBytes') => frames.reduce((total, one) => total + one[field], 0)
  const storedBytes = sum('storedBytes')
  const { states, versions, rawBytes, oldestAt } = totals
  return {
    states,
    versions,
    rawBytes,
    storedBytes,
    ratio: storedBytes === 0 ? undefined : rawBytes / storedBytes,
    storedBytesByCodec: Object.fromEntries(frames.map((one) => [STATE_CODECS[one.codec] ?? 'none', one.storedBytes])),
    frames: sum('frames'),
    chains: sum('chains'),
    oldestAt: oldestAt ?? undefined,
    memory: { ...kept.stats(), ...counts },
    pool: services.readPool(),
    cacheUsedMemoryBytes,
  }
}
