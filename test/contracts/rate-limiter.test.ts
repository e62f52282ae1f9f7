import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createCallBudget } from '../../shared/limit/call-budget.ts'
import { createLocalLine } from '../../shared/limit/local-rate-limiter.ts'
import { type CallLine, type CallRequest, MIN_SPACING_MS } from '../../shared/limit/rate-limiter.ts'
import { createSharedLine, readPausedUntil } from '../../shared/limit/shared-rate-limiter.ts'

/** What a line of calls promises, in Redis and in one process. Time passes when the test says so. */

const MINUTE_MS = 60_000
let redis: Redis
beforeAll(() => {
  redis = new Redis(inject('redisUrl'))
})
afterAll(() => redis.quit())

type Timed = { readonly line: CallLine; nowMs(): number; pass(ms: number): Promise<void>; end(): Promise<void> }

const LINES = {
  async shared(budget): Promise<Timed> {
    const key = `t-line-${crypto.randomUUID()}`
    let passedMs = 0
    return {
      line: createSharedLine(redis, key, budget),
      nowMs: () => performance.now() + passedMs,
      // The server's clock cannot be set, so what it compares with is moved instead.
      async pass(ms) {
        passedMs += ms
        for (const field of await redis.hkeys(key)) await redis.hincrbyfloat(key, field, -ms)
      },
      end: async () => void (await redis.del(key)),
    }
  },
  async local(budget): Promise<Timed> {
    let nowMs = 1_000
    return {
      line: createLocalLine({ monotonicMs: () => nowMs }, budget),
      nowMs: () => nowMs,
      async pass(ms) {
        nowMs += ms
      },
      async end() {},
    }
  },
} satisfies Record<string, (budget: ReturnType<typeof createCallBudget>) => Promise<Timed>>

describe.each(Object.entries(LINES))('a %s line', (_, create) => {
  const withLine = async (
    limits: { calls?: number; tokens?: number },
    check: (timed: Timed & { ask(call?: Partial<CallRequest>): ReturnType<CallLine['next']> }) => Promise<void>,
  ) => {
    const timed = await create(
      createCallBudget({ callsPerMinute: limits.calls, tokensPerMinute: limits.tokens, windowMs: MINUTE_MS }),
    )
    const ask = (call: Partial<CallRequest> = {}) =>
      timed.line.next({ tokens: 0, owedTokens: 0, maxWaitMs: MINUTE_MS, hasSlot: false, ...call })
    await check({ ...timed, ask }).finally(timed.end)
  }
  /** Real time passes between two questions to Redis. */
  const near = (ms: number) => ({
    asymmetricMatch: (given: unknown) => typeof given === 'number' && given <= ms + 1 && given > ms - 400,
    toString: () => `about ${ms}`,
  })

  it('lets everything go at once without a budget', () =>
    withLine({}, async ({ ask }) => {
      for (let call = 0; call < 20; call += 1)
        expect(await ask({ tokens: 1e6, maxWaitMs: 0 })).toEqual({ isGo: true, waitMs: 0 })
    }))

  it('lets a twentieth of the budget go at once, then one slot after another', () =>
    withLine({ calls: 60 }, async ({ ask }) => {
      const waits: number[] = []
      for (let call = 0; call < 6; call += 1) waits.push((await ask()).waitMs)
      const everyMs = MINUTE_MS / 57
      expect(waits).toEqual([0, 0, 0, near(everyMs), near(2 * everyMs), near(3 * everyMs)])
    }))

  it.each([3, 20, 60, 500])('never lets more than %i calls a minute go in any minute', (calls) =>
    withLine({ calls }, async ({ ask, nowMs, pass }) => {
      const times: number[] = []
      // Everybody asks as often as they can, after a quiet time too.
      for (let round = 0; round < 3; round += 1) {
        for (let call = 0; call < 2 * calls; call += 1) times.push(nowMs() + (await ask({ maxWaitMs: 1e9 })).waitMs)
        await pass((times.at(-1) as number) - nowMs() + 3_000 + 20_000 * round)
      }
      for (const [first, atMs] of times.entries())
        expect(times.slice(first).filter((otherMs) => otherMs < atMs + MINUTE_MS - 500).length).toBeLessThanOrEqual(
          calls,
        )
    }),
  )

  it('charges tokens, and what earlier calls took beyond what was expected', () =>
    withLine({ tokens: 6_000 }, async ({ ask }) => {
      const tokenMs = MINUTE_MS / 5_700
      expect(await ask({ tokens: 1_000 })).toEqual({ isGo: true, waitMs: 0 })
      expect((await ask({ tokens: 1_000 })).waitMs).toEqual(near((1_000 - 299) * tokenMs))
      expect((await ask({ tokens: 10, owedTokens: 500 })).waitMs).toEqual(near((2_500 - 299) * tokenMs))
      expect((await ask({ tokens: 10, owedTokens: -1_000 })).waitMs).toEqual(near((1_510 - 299) * tokenMs))
    }))

  it('sends away who would wait too long, each with a time of its own, and charges nothing for it', () =>
    withLine({ calls: 60 }, async ({ ask, pass }) => {
      for (let call = 0; call < 8; call += 1) await ask()
      const everyMs = MINUTE_MS / 57
      const away = []
      for (let call = 0; call < 3; call += 1) away.push(await ask({ maxWaitMs: 5_000 }))
      expect(away).toEqual([0, 1, 2].map((index) => ({ isGo: false, waitMs: near((6 + index) * everyMs) })))
      await pass(6 * everyMs)
      expect(await ask({ maxWaitMs: 5_000 })).toEqual({ isGo: true, waitMs: near(0) })
    }))

  it('spreads those sent away over ten minutes at most', () =>
    withLine({ calls: 2 }, async ({ ask }) => {
      await ask()
      const waits = []
      for (let call = 0; call < 60; call += 1) waits.push((await ask({ maxWaitMs: 100 })).waitMs)
      expect(Math.max(...waits)).toBeLessThanOrEqual(600_000)
      expect(new Set(waits.map((ms) => Math.round(ms / 1_000))).size).toBeGreaterThan(15)
    }))

  it('holds all in a pause, also those who had a slot, and lets them go one after another', () =>
    withLine({}, async ({ line, ask, pass }) => {
      expect(await ask({ hasSlot: true })).toEqual({ isGo: true, waitMs: 0 })
      expect(await line.pause(3_000)).toBe(true)
      expect(await line.pause(1_000)).toBe(false)
      expect(await ask({ maxWaitMs: 5_000 })).toEqual({ isGo: true, waitMs: near(3_000) })
      expect(await ask({ maxWaitMs: 5_000, hasSlot: true })).toEqual({
        isGo: true,
        waitMs: near(3_000 + MIN_SPACING_MS),
      })
      expect(await ask({ maxWaitMs: 1_000 })).toEqual({ isGo: false, waitMs: near(3_000 + 2 * MIN_SPACING_MS) })
      expect(await ask({ maxWaitMs: -1 })).toEqual({ isGo: false, waitMs: near(3_000 + 3 * MIN_SPACING_MS) })
      await pass(3_500)
      expect(await ask({ maxWaitMs: 0 })).toEqual({ isGo: true, waitMs: 0 })
      expect(await line.pause(1)).toBe(true)
    }))
})

it('a pause can be read, by the clock of Redis, and a line leaves nothing behind', async () => {
  const key = `t-line-${crypto.randomUUID()}`
  const line = createSharedLine(
    redis,
    key,
    createCallBudget({ callsPerMinute: undefined, tokensPerMinute: undefined, windowMs: MINUTE_MS }),
  )
  expect(await readPausedUntil(redis, key)).toBeUndefined()
  await line.pause(40_000)
  const [seconds] = await redis.time()
  const untilMs = (await readPausedUntil(redis, key))?.getTime() as number
  expect(untilMs - Number(seconds) * 1_000).toBeGreaterThan(38_000)
  expect(untilMs - Number(seconds) * 1_000).toBeLessThan(42_000)
  await line.next({ tokens: 1, owedTokens: 0, maxWaitMs: 0, hasSlot: false })
  expect(await redis.pttl(key)).toBeGreaterThan(39_000)
  expect(await redis.pttl(key)).toBeLessThan(45_000)
  await redis.del(key)
})
