import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findRedisServer } from '../../cli/services/find-redis.mjs'
import { startEmbeddedRedis } from '../../shared/redis/embedded/embedded-redis.ts'
import { startPgliteStore } from '../../shared/store/pglite/pglite-store.ts'
import { startStoreHosts } from './processes/store-hosts.ts'

/** What a run shares: two Redis roles, in which every test has its own key prefix; a migrated PGlite directory, and a store of it for each worker. */
declare module 'vitest' {
  export interface ProvidedContext {
    redisUrl: string
    cacheRedisUrl: string
    /** Empty when the run's databases are on the PostgreSQL of `postgresUrl`. */
    pgliteTemplateDir: string
    /** The stores of vitest's workers: see `store-host.ts`. */
    storeHosts: readonly string[]
    /** Empty when they are PGlite's. */
    postgresUrl: string
  }
}

/** Some runs' worth, in 300 MB at most. */
const MAX_COMPILED_FILES = 20_000

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  await forgetOldCompilations()
  const dir = await mkdtemp(join(tmpdir(), 'afterturn-test-'))
  const server = findRedisServer(process.cwd())
  if (!server) throw new Error('No Redis: run the tests with `npm test`, which fetches one.')
  const start = (role: 'durable' | 'cache') =>
    startEmbeddedRedis({
      serverPath: server.path,
      ...(server.libraryPath !== undefined && { libraryPath: server.libraryPath }),
      dataDir: join(dir, role),
      role,
    })
  const [durable, cache, store] = await Promise.all([
    start('durable'),
    start('cache'),
    startPgliteStore(join(dir, 'template')),
  ])
  await store.stop()
  const hosts = await startStoreHosts(project.config.maxWorkers, join(dir, 'template'), dir)
  project.provide('storeHosts', hosts.socketPaths)
  project.provide('redisUrl', durable.url)
  project.provide('cacheRedisUrl', cache.url)
  project.provide('pgliteTemplateDir', join(dir, 'template'))
  project.provide('postgresUrl', '')
  return async () => {
    await Promise.all([durable.stop(), cache.stop(), hosts.stop()])
    await rm(dir, { recursive: true, force: true })
  }
}

/** A test file has another name in each run, and a module another hash after each change: what was compiled of them piles up. */
async function forgetOldCompilations(): Promise<void> {
  const cache = process.env.NODE_COMPILE_CACHE
  if (cache === undefined) return
  const compiled = await readdir(cache, { recursive: true }).catch(() => [])
  if (compiled.length > MAX_COMPILED_FILES) await rm(cache, { recursive: true, force: true })
}
