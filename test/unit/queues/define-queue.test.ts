import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { applySettings } from '../../../queues/apply-settings.ts'
import { CATALOG, isQueueName, QUEUE_NAMES } from '../../../queues/catalog.ts'
import { backoffMs, DEFAULT_RETRY, defineQueue, type RetryPolicy } from '../../../queues/define-queue.ts'
import { parsePayload } from '../../../queues/parse-payload.ts'

describe('the back-off', () => {
  const retry: RetryPolicy = { retries: 9, backoffBaseMs: 100, backoffCapMs: 1_000, jitter: 0.25 }

  it('doubles up to its cap', () => {
    const waits = [1, 2, 3, 4, 5, 60, 2_000].map((attempts) => backoffMs(retry, attempts, 0))
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000])
  })

  it('leaves a share to chance, and is never longer than without', () => {
    expect(backoffMs(retry, 1, 0.5)).toBe(88)
    expect(backoffMs(retry, 1, 0.999_999)).toBe(75)
    expect(backoffMs({ ...retry, jitter: 0 }, 1, 0.999)).toBe(100)
    for (let random = 0; random < 1; random += 0.01) {
      expect(backoffMs(retry, 9, random)).toBeGreaterThanOrEqual(750)
      expect(backoffMs(retry, 9, random)).toBeLessThanOrEqual(1_000)
    }
  })

  it('of the product spreads three retries over a minute', () => {
    expect([1, 2, 3].map((attempts) => backoffMs(DEFAULT_RETRY, attempts, 0))).toEqual([10_000, 20_000, 40_000])
    expect(DEFAULT_RETRY.retries).toBe(3)
  })
})

describe('a contract', () => {
  it.each(['', 'A', 'a:b', 'a b', '1a', 'ä', `a${'b'.repeat(61)}`])('cannot be called %j', (name) => {
    expect(() => defineQueue({ name, description: '', payload: z.object({}) })).toThrow()
  })

  it('runs as it states; the setting stands for the default base of a back-off', () => {
    const settings = { retryBackoffMs: 70, orgConcurrency: 4 }
    const stated = { ...CATALOG['memory-digest'], retry: { ...DEFAULT_RETRY, backoffBaseMs: 30 } }
    expect(backoffMs(applySettings(stated, settings).retry, 2, 0)).toBe(60)
    expect(backoffMs(applySettings(CATALOG['memory-digest'], settings).retry, 2, 0)).toBe(140)
  })
})

describe('the catalogue', () => {
  it('calls each queue by its contract’s name', () => {
    for (const name of QUEUE_NAMES) expect(CATALOG[name].name).toBe(name)
  })

  it.each(['toString', '__proto__', 'memory', ''])('does not know %j', (name) => {
    expect(isQueueName(name)).toBe(false)
  })

  it('carries ids and nothing else: a payload with more, less or another version is refused', () => {
    const ids = { v: 1, orgId: 'o', workstreamId: 'w', turnId: 't' } as const
    expect(parsePayload(CATALOG['memory-extraction'], ids)).toEqual(ids)
    for (const wrong of [{ ...ids, content: 'x' }, { ...ids, v: 2 }, { ...ids, orgId: undefined }, {}, null, 'x'])
      expect(() => parsePayload(CATALOG['memory-extraction'], wrong)).toThrow('fault(s)')
  })

  it('names every fault of a payload', () => {
    expect(() => parsePayload(CATALOG['memory-extraction'], { v: 2, orgId: '', turnId: '\ud800' })).toThrow(
      /4 fault\(s\): v: .*orgId: .*workstreamId: .*turnId: /s,
    )
  })

  it('keys a digest by workstream, an extraction by turn, a re-embedding by org, and never confuses two', () => {
    const key = (name: 'memory-digest' | 'memory-extraction' | 'memory-reembedding', ids: object) =>
      CATALOG[name].deduplicationKey?.({ v: 1, ...ids } as never)
    expect(key('memory-extraction', { orgId: 'o', workstreamId: 'w', turnId: 't' })).toBe('o:w:t')
    expect(key('memory-digest', { orgId: 'o', workstreamId: 'w' })).toBe('o:w')
    expect(key('memory-reembedding', { orgId: 'o' })).toBe('o')
    expect(key('memory-digest', { orgId: 'a:b', workstreamId: 'c' })).not.toBe(
      key('memory-digest', { orgId: 'a', workstreamId: 'b:c' }),
    )
  })

  it('repeats a digest that is asked for while it runs', () => {
    expect(CATALOG['memory-digest'].isRepeatedWhenActive).toBe(true)
  })
})
