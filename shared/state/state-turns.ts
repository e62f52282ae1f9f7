import { withinDeadline } from '../deadline.ts'

/** Lets calls for one key take turns within a process. Guarantees: a call that waits for longer than its time never begins. */
export type Turns = <T>(key: string, timeoutMs: number, onTimeout: () => Error, call: () => Promise<T>) => Promise<T>

export function createTurns(): Turns {
  const lasts = new Map<string, Promise<unknown>>()
  return async (key, timeoutMs, onTimeout, call) => {
    const before = lasts.get(key)
    const turn = (async () => {
      if (before) await withinDeadline(before, timeoutMs, onTimeout)
      return call()
    })()
    // Whoever comes next waits for all before it, also behind one that gave up.
    const last = Promise.allSettled([before, turn]).then(() => {
      if (lasts.get(key) === last) lasts.delete(key)
    })
    lasts.set(key, last)
    return turn
  }
}
