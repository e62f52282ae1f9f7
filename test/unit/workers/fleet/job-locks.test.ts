import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AfterturnError } from '../../../../shared/errors.ts'
import { createJobLocks } from '../../../../workers/fleet/job-locks.ts'

const LOCK_MS = 1_000

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Locks on a Redis that answers when the test says so. */
function setUp() {
  const requests: { ids: string[]; tokens: string[]; answer(lost?: string[]): void; fail(): void }[] = []
  const locks = createJobLocks({
    lockMs: LOCK_MS,
    extend(ids, tokens) {
      const { promise, resolve, reject } = Promise.withResolvers<string[]>()
      requests.push({ ids, tokens, answer: (lost = []) => resolve(lost), fail: () => reject(new Error('away')) })
      return promise
    },
  })
  const losses: [string, string][] = []
  const hold = (id: string, lockedAtMs: number | 'unknown' = performance.now()) =>
    locks.hold(id, `token-${id}`, lockedAtMs === 'unknown' ? undefined : lockedAtMs, (reason: AfterturnError) =>
      losses.push([id, reason.code]),
    )
  return { locks, hold, requests, losses }
}

describe('the lock of a running job', () => {
  it('is lost a tenth before its end, counted from when it was asked for', async () => {
    const { hold, losses } = setUp()
    const askedAtMs = performance.now()
    vi.advanceTimersByTime(300)
    await hold('a', askedAtMs)
    vi.advanceTimersByTime(599)
    expect(losses).toEqual([])
    vi.advanceTimersByTime(1)
    expect(losses).toEqual([['a', 'LEASE_LOST']])
  })

  it('counts from before a renewal was sent, not from its answer', async () => {
    const { hold, requests, losses } = setUp()
    await hold('a')
    await vi.advanceTimersByTimeAsync(334)
    expect(requests.map(({ ids, tokens }) => [ids, tokens])).toEqual([[['a'], ['token-a']]])
    await vi.advanceTimersByTimeAsync(500)
    requests[0]?.answer()
    await vi.advanceTimersByTimeAsync(398)
    expect(losses).toEqual([])
    await vi.advanceTimersByTimeAsync(2)
    expect(losses).toEqual([['a', 'LEASE_LOST']])
  })

  it('is lost while a renewal has no answer, or fails', async () => {
    const { hold, requests, losses } = setUp()
    await hold('a')
    await vi.advanceTimersByTimeAsync(334)
    requests[0]?.fail()
    await vi.advanceTimersByTimeAsync(333)
    expect(requests).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(233)
    expect(losses).toEqual([['a', 'LEASE_LOST']])
  })

  it('is lost at once when Redis says so, and only that one', async () => {
    const { hold, requests, losses } = setUp()
    await hold('a')
    await hold('b')
    await vi.advanceTimersByTimeAsync(334)
    requests[0]?.answer(['b'])
    await vi.advanceTimersByTimeAsync(0)
    expect(losses).toEqual([['b', 'LEASE_LOST']])
  })

  it('that was released is neither lost nor renewed by an answer that comes later', async () => {
    const { hold, requests, losses } = setUp()
    const lock = await hold('a')
    await vi.advanceTimersByTimeAsync(334)
    lock.release()
    requests[0]?.answer(['a'])
    await vi.advanceTimersByTimeAsync(5_000)
    expect(losses).toEqual([])
    expect(requests).toHaveLength(1)
  })

  it.each([
    ['long ago', 501],
    ['nobody knows when', 'unknown'],
  ] as const)('that was taken %s is renewed before the job starts', async (_, ageMs) => {
    const { hold, requests, losses } = setUp()
    vi.advanceTimersByTime(600)
    let isHeld = false
    const lockedAtMs = ageMs === 'unknown' ? ageMs : performance.now() - ageMs
    const holding = hold('a', lockedAtMs).then(() => {
      isHeld = true
    })
    await vi.advanceTimersByTimeAsync(0)
    expect([isHeld, requests.length]).toEqual([false, 1])
    requests[0]?.answer()
    await holding
    expect(losses).toEqual([])
  })

  it('that ended before the job could start is lost at once', async () => {
    const { hold, requests, losses } = setUp()
    vi.advanceTimersByTime(2_000)
    const holding = hold('a', 0)
    requests[0]?.answer(['a'])
    await holding
    expect(losses).toEqual([['a', 'LEASE_LOST']])
  })

  it('is let go when the worker stops, so that another can take the job up', async () => {
    const { locks, hold, requests, losses } = setUp()
    await hold('a')
    locks.stop()
    await vi.advanceTimersByTimeAsync(5_000)
    expect([requests.length, losses.length]).toEqual([0, 0])
  })
})
