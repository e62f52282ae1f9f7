import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer } from '../scripts/find-redis.mjs'
import { AfterturnError } from '../shared/errors.ts'
import { untilSignalled } from '../shared/lifecycle.ts'
import { startEmbeddedRedis } from '../shared/redis/embedded-redis.ts'

/** Room for a million small entries. */
const MAX_MEMORY_BYTES = 2 * 1_024 ** 3

/** Runs with a cache Redis of its own, which is gone afterwards; answers where it listens. */
export async function withCacheRedis<T>(run: (redis: { url: string; port: number }) => Promise<T>): Promise<T> {
  const server = findRedisServer(process.cwd())
  if (!server) throw new AfterturnError('SETUP_FAILED', 'No Redis: run the benchmark with `npm run bench`.')
  const dataDir = await mkdtemp(join(tmpdir(), 'afterturn-bench-'))
  const redis = await startEmbeddedRedis({
    serverPath: server.path,
    ...(server.libraryPath !== undefined && { libraryPath: server.libraryPath }),
    dataDir,
    role: 'cache',
    maxMemoryBytes: MAX_MEMORY_BYTES,
  })
  const interrupted = untilSignalled().then(() => {
    throw new AfterturnError('SHUTTING_DOWN', 'The benchmark was interrupted.')
  })
  try {
    return await Promise.race([run(redis), interrupted])
  } finally {
    await redis.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
