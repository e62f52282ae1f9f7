import type { Metrics } from '../observe/metrics.ts'
import type { WithOrgMemoryLock } from './org-memory-lock.ts'

/** Wraps an org-memory lock to measure how long it is waited for and held; a wait that ends in an error counts too. */
export function measureOrgMemoryLock(lock: WithOrgMemoryLock, metrics: Metrics): WithOrgMemoryLock {
  const secondsSince = (startedMs: number) => (performance.now() - startedMs) / 1_000
  return async (orgId, fn, options) => {
    const askedMs = performance.now()
    let heldMs: number | undefined
    try {
      return await lock(
        orgId,
        (held) => {
          heldMs = performance.now()
          metrics.observe('afterturn_lock_wait_seconds', {}, secondsSince(askedMs))
          return fn(held)
        },
        options,
      )
    } finally {
      if (heldMs === undefined) metrics.observe('afterturn_lock_wait_seconds', {}, secondsSince(askedMs))
      else metrics.observe('afterturn_lock_hold_seconds', {}, secondsSince(heldMs))
    }
  }
}
