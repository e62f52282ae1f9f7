/** Owns when a burst of events is over: after a quiet time, or after a longest wait where it never gets quiet. */

type Debounce = {
  /** Notes an event. */
  touch(): void
  /** Drops what was noted, and hears no more. */
  end(): void
}

/** @param run called once after each burst */
export function createDebounce(
  { quietMs, maxMs }: { readonly quietMs: number; readonly maxMs: number },
  run: () => void,
): Debounce {
  let quiet: NodeJS.Timeout | undefined
  let longest: NodeJS.Timeout | undefined
  let isEnded = false
  const stop = () => {
    clearTimeout(quiet)
    clearTimeout(longest)
    quiet = undefined
    longest = undefined
  }
  const fire = () => {
    stop()
    run()
  }
  return {
    touch() {
      if (isEnded) return
      clearTimeout(quiet)
      quiet = setTimeout(fire, quietMs)
      longest ??= setTimeout(fire, maxMs)
    },
    end() {
      isEnded = true
      stop()
    },
  }
}
