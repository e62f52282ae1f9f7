import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRedisServer } from '../../scripts/find-redis.mjs'
import { startEmbeddedRedis } from '../../shared/redis/embedded-redis.ts'

/** The server program of this run and the environment that it needs, for tests that start it in their own way. */
export function redisProgram(): { readonly path: string; readonly env: NodeJS.ProcessEnv } {
  const server = findRedisServer(process.cwd())
  if (!server) throw new Error('No Redis: run the tests with `npm test`, which fetches one.')
  const { path, libraryPath } = server
  return { path, env: libraryPath === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath } }
}

/** A durable Redis of one test's own, for faults that the others must not feel. */
export async function startOwnRedis() {
  const dir = await mkdtemp(join(tmpdir(), 'afterturn-test-redis-'))
  const server = findRedisServer(process.cwd())
  if (!server) throw new Error('No Redis: run the tests with `npm test`, which fetches one.')
  const redis = await startEmbeddedRedis({
    serverPath: server.path,
    ...(server.libraryPath !== undefined && { libraryPath: server.libraryPath }),
    dataDir: dir,
    role: 'durable',
  })
  return {
    ...redis,
    async stop() {
      await redis.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
