import { parseConfig } from '../../shared/config.ts'
import { silentLog } from '../../shared/observe/log.ts'
import { type BoundStates, bindStates } from '../../shared/state/bind-states.ts'
import { type Database, readPoolStats } from '../../shared/store/database.ts'

type Settings = {
  readonly stateCodec?: 'zstd' | 'zlib' | 'lz4' | 'none'
  readonly stateMaxBytes?: number
  readonly stateTtlSeconds?: number
}

/** A state store of one test's own: it keeps nothing of another's in its memory, and its time stands at `time.now`. */
export function bindTestStates(
  database: Database,
  settings: Settings = {},
  { memoryBytes = 1_000_000, time = { now: new Date('2026-05-01T12:00:00Z') } } = {},
): BoundStates {
  const config = parseConfig({ redisUrl: 'redis://127.0.0.1', databaseUrl: 'postgresql://127.0.0.1/x', ...settings })
  return bindStates({
    config,
    database,
    clock: { now: () => time.now, monotonicMs: () => performance.now() },
    log: silentLog,
    memoryBytes,
    enter: (read) => read(),
    readPool: () => readPoolStats(database),
    readCacheMemory: async () => undefined,
  })
}
