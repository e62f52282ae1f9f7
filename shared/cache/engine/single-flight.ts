/**
 * Which values this process is fetching, so that no two of its callers fetch the same. Guarantees: each caller that waits learns how the fetch of its
 * key ended; one caller's own trouble (its signal, its other inputs) is nobody else's.
 */
type SingleFlight<Value> = {
  /** The pending fetch of a key; undefined if this process does not fetch it. */
  find(key: string): Promise<Outcome<Value>> | undefined
  /**
   * Lets a caller fetch keys for all: `fetch` resolves each when it has its value.
   * @throws what `fetch` throws
   */
  run(
    keys: readonly string[],
    failing: { readonly signal: AbortSignal | undefined; isFailureShared(failure: unknown): boolean },
    fetch: (resolve: (key: string, value: Value) => void) => Promise<void>,
  ): Promise<void>
}

/** A shared failure is that of all who waited; after one that is not shared, they try themselves. */
type Outcome<Value> = { readonly value: Value } | { readonly failure: unknown; readonly isShared: boolean }

export function createSingleFlight<Value>(): SingleFlight<Value> {
  const running = new Map<string, PromiseWithResolvers<Outcome<Value>>>()

  return {
    find: (key) => running.get(key)?.promise,
    async run(keys, { signal, isFailureShared }, fetch) {
      const unresolved = new Set(keys)
      for (const key of keys) running.set(key, Promise.withResolvers())
      const resolve = (key: string, outcome: Outcome<Value>) => {
        unresolved.delete(key)
        running.get(key)?.resolve(outcome)
        running.delete(key)
      }
      try {
        await fetch((key, value) => resolve(key, { value }))
      } catch (failure) {
        const isShared = signal?.aborted !== true && isFailureShared(failure)
        for (const key of unresolved) resolve(key, { failure, isShared })
        throw failure
      }
    },
  }
}
