import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers/promises'
import { onTestFinished, vi } from 'vitest'

/** Ends every pause of `node:timers/promises` at once until the test is over, and returns their lengths as they are asked for. */
export function skipPauses(): readonly number[] {
  const pausesMs: number[] = []
  const skipped = vi.spyOn(timers, 'setTimeout').mockImplementation(async (delayMs, value) => {
    pausesMs.push(delayMs ?? 0)
    return value as never
  })
  syncBuiltinESMExports()
  onTestFinished(() => {
    skipped.mockRestore()
    syncBuiltinESMExports()
  })
  return pausesMs
}
