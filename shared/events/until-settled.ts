import type { StreamWakes } from './stream-wakes.ts'

/** Where a wait looks: one stream, or all of an org. */
type WatchedPlace = { readonly orgId: string; readonly stream?: readonly string[] | undefined }

/** Resolves once nothing is pending any more, or rejects with the signal's reason. */
export type UntilSettled = (
  place: WatchedPlace,
  isPending: () => Promise<boolean>,
  signal: AbortSignal | undefined,
) => Promise<void>

/** While wake-ups arrive they are only made up for where one was lost. */
const POLL_CONNECTED_MS = 5_000
const POLL_MS = 1_000

/**
 * Waits for rows to say that something has come to its end, and looks whenever the streams of a place have something new: the rows are the truth.
 * `enter` lets each look through.
 */
export function createUntilSettled(wakes: StreamWakes, enter: <T>(look: () => Promise<T>) => Promise<T>): UntilSettled {
  return async (place, isPending, signal) => {
    signal?.throwIfAborted()
    let isWoken = false
    let wake = () => {}
    const watch = wakes.watch(place, () => {
      isWoken = true
      wake()
    })
    const onAbort = () => wake()
    signal?.addEventListener('abort', onAbort)
    try {
      while (await enter(isPending)) {
        const woken = Promise.withResolvers<void>()
        wake = woken.resolve
        const timer = setTimeout(wake, wakes.isConnected() ? POLL_CONNECTED_MS : POLL_MS)
        if (!isWoken && !signal?.aborted) await woken.promise
        clearTimeout(timer)
        isWoken = false
        signal?.throwIfAborted()
      }
    } finally {
      watch.stop()
      signal?.removeEventListener('abort', onAbort)
    }
  }
}
