import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { createRequestLimiter } from '../../shared/limit/request-limiter.ts'
import { silentLog } from '../../shared/observe/log.ts'

/** How often a caller may call: the same on Redis, and in one process while Redis is away. */

describe.each(['redis', 'without redis'])('%s', (kind) => {
  let redis: Redis
  let now = 0
  const prefix = () => `t-${crypto.randomUUID()}`
  beforeEach(() => {
    now = 1_000
    redis = new Redis(inject('redisUrl'))
  })
  afterEach(() => redis.disconnect())
  const limiter = (perMinute: number) =>
    createRequestLimiter({
      redis: () => {
        if (kind === 'redis') return redis
        throw new Error('away')
      },
      keyPrefix: prefix(),
      perMinute,
      clock: { monotonicMs: () => now },
      log: silentLog,
    })

  it('lets a tenth of a minute come at once, then keeps the pace', async () => {
    const { take } = limiter(60)
    const permits = []
    for (let index = 0; index < 7; index++) permits.push(await take('a'))
    expect(permits.map(({ isAllowed }) => isAllowed)).toEqual([true, true, true, true, true, true, false])
    expect(permits.map(({ remaining }) => remaining).slice(0, 6)).toEqual([5, 4, 3, 2, 1, 0])
    expect(permits[6]?.retryAfterMs).toBeGreaterThan(500)
    expect(permits[6]?.retryAfterMs).toBeLessThanOrEqual(1_000)
    expect(await take('b')).toMatchObject({ isAllowed: true })
  })

  it('of one at once, never two', async () => {
    const { take } = limiter(1)
    expect([await take('a'), await take('a')]).toMatchObject([{ isAllowed: true }, { isAllowed: false, remaining: 0 }])
  })
})
