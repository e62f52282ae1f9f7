/**
 * Owns what this process is buying, so that no two of its callers buy the same. Guarantees: each that waits hears how its key's purchase ended;
 * one caller's own trouble (its signal, its other inputs) is nobody else's.
 */
type Flights<Value> = {
  /** How the purchase of a key will end; undefined when nobody here buys it. */
  find(key: string): Promise<Landing<Value>> | undefined
  /**
   * Lets a caller buy keys for all: `fly` says of each when it has its value.
   * @throws what `fly` throws
   */
  lead(
    keys: readonly string[],
    failing: { readonly signal: AbortSignal | undefined; isFailureShared(failure: unknown): boolean },
    fly: (land: (key: string, value: Value) => void) => Promise<void>,
  ): Promise<void>
}

/** A shared failure is everybody's who waited; after one that is not, they try themselves. */
type Landing<Value> = { readonly value: Value } | { readonly failure: unknown; readonly isShared: boolean }

export function createFlights<Value>(): Flights<Value> {
  const flights = new Map<string, PromiseWithResolvers<Landing<Value>>>()

  return {
    find: (key) => flights.get(key)?.promise,
    async lead(keys, { signal, isFailureShared }, fly) {
      const airborne = new Set(keys)
      for (const key of keys) flights.set(key, Promise.withResolvers())
      const land = (key: string, landing: Landing<Value>) => {
        airborne.delete(key)
        flights.get(key)?.resolve(landing)
        flights.delete(key)
      }
      try {
        await fly((key, value) => land(key, { value }))
      } catch (failure) {
        const isShared = signal?.aborted !== true && isFailureShared(failure)
        for (const key of airborne) land(key, { failure, isShared })
        throw failure
      }
    },
  }
}
