import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createDebounce } from '../../../../workers/repo/debounce.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('runs once after a burst, after the longest wait where it never gets quiet, and never once it has ended', () => {
  const run = vi.fn()
  const debounce = createDebounce({ quietMs: 150, maxMs: 1_000 }, run)
  for (let event = 0; event < 5; event++) {
    debounce.touch()
    vi.advanceTimersByTime(100)
  }
  expect(run).not.toHaveBeenCalled()
  vi.advanceTimersByTime(50)
  expect(run).toHaveBeenCalledTimes(1)
  for (let event = 0; event < 10; event++) {
    debounce.touch()
    vi.advanceTimersByTime(100)
  }
  expect(run).toHaveBeenCalledTimes(2)
  debounce.touch()
  debounce.end()
  debounce.touch()
  vi.advanceTimersByTime(5_000)
  expect(run).toHaveBeenCalledTimes(2)
})
