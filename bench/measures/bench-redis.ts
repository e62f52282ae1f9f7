import { findRedisServer } from '../../cli/services/find-redis.mjs'
import { untilInterrupted } from '../../cli/services/until-interrupted.ts'
import { AfterturnError } from '../../shared/errors.ts'
import {
  type EmbeddedRedis,
  type EmbeddedRedisOptions,
  startEmbeddedRedis,
} from '../../shared/redis/embedded/embedded-redis.ts'
import { scratchDirectory } from '../benchmark.ts'

/** Room for a million small entries. */
const MAX_MEMORY_BYTES = 2 * 1_024 ** 3

/** Starts a Redis in a directory of its own; both are gone with the stack. */
export async function startBenchRedis(
  stack: AsyncDisposableStack,
  options: Pick<EmbeddedRedisOptions, 'role' | 'maxMemoryBytes'>,
): Promise<EmbeddedRedis> {
  const server = findRedisServer(process.cwd())
  if (!server) throw new AfterturnError('SETUP_FAILED', 'No Redis: run the benchmark with `npm run bench`.')
  const redis = await startEmbeddedRedis({
    serverPath: server.path,
    ...(server.libraryPath !== undefined && { libraryPath: server.libraryPath }),
    dataDir: await scratchDirectory(stack),
    ...options,
  })
  stack.defer(() => redis.stop())
  return redis
}

/** Runs with a cache Redis of its own, which is gone afterwards; answers where it listens. */
export function withCacheRedis<T>(run: (redis: EmbeddedRedis) => Promise<T>): Promise<T> {
  return untilInterrupted(async (stack) =>
    run(await startBenchRedis(stack, { role: 'cache', maxMemoryBytes: MAX_MEMORY_BYTES })),
  )
}
