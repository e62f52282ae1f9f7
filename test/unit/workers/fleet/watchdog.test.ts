import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { QueueActivity } from '../../../../workers/fleet/fleet.ts'
import { startWatchdog, type Watchdog } from '../../../../workers/fleet/watchdog.ts'

const config = { stuckAfterMs: 10_000, disconnectedAfterMs: 20_000, maxEventLoopLagMs: 500 }
const LOOK_MS = 2_000

let watchdog: Watchdog
beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  watchdog.stop()
  vi.useRealTimers()
})

/** A process whose state the test changes while it is watched. */
function watch() {
  const digest = { queue: 'digest', concurrency: 2, running: 0, started: 0, isPaused: false }
  const state = {
    digest: digest as { -readonly [Key in keyof QueueActivity]: QueueActivity[Key] },
    hasWork: async () => false,
    redis: async (): Promise<unknown> => 'PONG',
    /** What the monotonic clock is ahead of the timers: time in which the process did not run. */
    blockedMs: 0,
  }
  const told: string[] = []
  watchdog = startWatchdog({
    config,
    clock: { monotonicMs: () => performance.now() + state.blockedMs },
    activity: () => [state.digest],
    hasWork: () => state.hasWork(),
    services: { Redis: () => state.redis() },
    onStuck: (reason) => told.push(`${reason.code} ${reason.message}`),
  })
  return { state, told, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) }
}

describe('a process that works', () => {
  it('is let alone, with work and without', async () => {
    const { state, told, pass } = watch()
    await pass(60_000)
    state.hasWork = async () => true
    for (let n = 0; n < 12; n += 1) {
      state.digest.started += 1
      await pass(config.stuckAfterMs / 2)
    }
    expect(told).toEqual([])
  })

  it.each([
    ['is full', { running: 2 }],
    ['is paused', { isPaused: true }],
  ])('is let alone while it %s and jobs wait', async (_, change) => {
    const { state, told, pass } = watch()
    Object.assign(state.digest, change)
    state.hasWork = async () => true
    await pass(60_000)
    expect(told).toEqual([])
  })

  it('is let alone after it was stopped for long, as a laptop that slept', async () => {
    const { state, told, pass } = watch()
    state.hasWork = async () => true
    await pass(config.stuckAfterMs - LOOK_MS)
    state.blockedMs = 3_600_000
    state.digest.started += 1
    await pass(config.stuckAfterMs - LOOK_MS)
    expect(told).toEqual([])
  })

  it('is let alone when Redis comes back in time, however often it goes', async () => {
    const { state, told, pass } = watch()
    for (let n = 0; n < 5; n += 1) {
      state.redis = () => Promise.reject(new Error('away'))
      await pass(config.disconnectedAfterMs - 2 * LOOK_MS)
      state.redis = async () => 'PONG'
      await pass(LOOK_MS)
    }
    expect(told).toEqual([])
  })
})

describe('a process is stuck', () => {
  it('when jobs wait and it starts none', async () => {
    const { state, told, pass } = watch()
    await pass(30_000)
    state.hasWork = async () => true
    await pass(config.stuckAfterMs)
    expect(told).toEqual([])
    await pass(2 * LOOK_MS)
    expect(told).toEqual([
      'PROCESS_STUCK The process is stuck: for 10000 ms jobs of digest waited and none was started.',
    ])
  })

  it.each([
    ['refuses', () => Promise.reject(new Error('away'))],
    ['is frozen', () => new Promise(() => {})],
  ])('when Redis %s and does not come back; a queue that cannot be asked is not blamed', async (_, answer) => {
    const { state, told, pass } = watch()
    state.redis = answer
    state.hasWork = () => Promise.reject(new Error('away'))
    await pass(config.disconnectedAfterMs + 2 * LOOK_MS)
    expect(told).toEqual(['PROCESS_STUCK The process is stuck: for 20000 ms Redis did not answer.'])
  })

  it('when its event loop is late three times in a row, not when it is once', async () => {
    const { state, told, pass } = watch()
    for (let n = 0; n < 2; n += 1) {
      state.blockedMs += 600
      await pass(LOOK_MS)
    }
    await pass(LOOK_MS)
    expect(told).toEqual([])
    for (let n = 0; n < 3; n += 1) {
      state.blockedMs += 600
      await pass(LOOK_MS)
    }
    expect(told).toEqual([
      'PROCESS_STUCK The process is stuck: the event loop was late 3 times in a row, at last by 600 ms.',
    ])
  })

  it('and tells it once', async () => {
    const { state, told, pass } = watch()
    state.redis = () => Promise.reject(new Error('away'))
    await pass(300_000)
    expect(told).toHaveLength(1)
  })
})
