import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { connectCache, ready } from './cache-connection.ts'
import { type ModelServer, startModelServer } from './model-server.ts'
import { startBareRedis } from './redis-server.ts'

/** A cache Redis of one test file's own, emptied before each test, and the model server behind it. They are there from `beforeAll` on. */
export function useCache(): { readonly redis: Redis; readonly url: string; readonly server: ModelServer } {
  const used = {} as { redis: Redis; url: string; server: ModelServer }
  let stop = async () => {}
  beforeAll(async () => {
    const [server, bare] = await Promise.all([startModelServer(), startBareRedis()])
    const redis = connectCache(bare.url)
    await ready(redis)
    Object.assign(used, { redis, url: bare.url, server })
    stop = async () => {
      redis.disconnect()
      await Promise.all([bare.stop(), server.stop()])
    }
  })
  beforeEach(async () => void (await used.redis.flushall()))
  afterEach(() => used.server.reset())
  afterAll(() => stop())
  return used
}
