import type { Runtime } from '../../runtime.ts'
import { asStoreError } from '../../shared/store/store-errors.ts'
import { hasPendingTurns } from '../../shared/store/turns/pending-turns.ts'

/** To look takes the services' time from what is waited for: at most a fifth of it, unless it takes longer than such a pause may. */
const PAUSE_PER_LOOK = 4
const [MIN_PAUSE_MS, MAX_PAUSE_MS] = [20, 200]

/** Waits until something is so, asking again and again; throws what it saw last when the time is up. For states that nothing announces. */
export async function until<T>(
  look: () => Promise<T> | T,
  isSo: (seen: T) => boolean,
  timeoutMs = 100_000,
): Promise<T> {
  const deadlineMs = performance.now() + timeoutMs
  for (;;) {
    const lookedAtMs = performance.now()
    const isLate = lookedAtMs > deadlineMs
    try {
      const seen = await look()
      if (isSo(seen)) return seen
      if (isLate) throw new Error(`Not so within ${timeoutMs} ms; last seen: ${JSON.stringify(seen)}`)
    } catch (error) {
      // A service that is late on a busy machine is asked again.
      if (isLate || (error as { retryable?: boolean }).retryable !== true) throw error
    }
    const pauseMs = PAUSE_PER_LOOK * (performance.now() - lookedAtMs)
    await new Promise((resolve) => setTimeout(resolve, Math.min(Math.max(pauseMs, MIN_PAUSE_MS), MAX_PAUSE_MS)))
  }
}

/** Waits until an org has no pending turn, and answers where it stands; that is read once, for it takes the store ten times as long as to look for one turn. */
export async function untilSettled(runtime: Runtime, orgId: string, timeoutMs?: number) {
  await until(
    () =>
      hasPendingTurns(runtime.database, orgId).catch((error) => {
        throw asStoreError(error)
      }),
    (isPending) => !isPending,
    timeoutMs,
  )
  return runtime.memory.status({ orgId })
}
