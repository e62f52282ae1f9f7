import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { connectCache, ready } from './cache-connection.ts'
import { startBareRedis } from './services/redis-server.ts'

/** A cache Redis of one test file's own, empty before each test; it is there from `beforeAll` on. */
export function useCache(): { readonly redis: Redis; readonly url: string } {
  const used = {} as { redis: Redis; url: string }
  let stop = async () => {}
  beforeAll(async () => {
    const bare = await startBareRedis()
    used.url = bare.url
    used.redis = connectCache(bare.url)
    stop = bare.stop
    await ready(used.redis)
  })
  beforeEach(async () => void (await used.redis.flushall()))
  afterAll(() => {
    used.redis.disconnect()
    return stop()
  })
  return used
}
