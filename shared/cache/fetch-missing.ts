import { setTimeout } from 'node:timers/promises'
import { type ErasureMark, type FrameSpace, type FrameStore, NO_MARK } from './binary-cache.ts'
import type { Source } from './cache-counts.ts'
import type { FlightLeases } from './flight-leases.ts'

/**
 * Owns how processes buy together: each missing value is bought by the one that has its lease, and the others look for it in Redis.
 * Guarantees: takes over from a process that died or failed; without Redis it buys alone. Holds no lease while it waits for another's, so nobody waits in a circle.
 */
export type Purchase<Value extends object> = {
  /** Undefined where Redis is away or there is none. */
  readonly leases: FlightLeases | undefined
  readonly store: FrameStore
  readonly space: FrameSpace<Value>
  /** What was read with the keys; undefined where Redis could not be asked then. */
  readonly mark: ErasureMark | undefined
  buy(keys: readonly string[]): Promise<readonly Value[]>
  /** Hears of each value once, before it is written. */
  onValue(key: string, value: Value, source: Source): void
  readonly signal: AbortSignal | undefined
}

/** The pause before the first look at what another process buys; it doubles up to `MAX_LOOK_MS`. */
const FIRST_LOOK_MS = 10
const MAX_LOOK_MS = 100

/** Sees to it that each key's value is bought, by this process or another. Throws what `buy` throws, and the signal's reason. */
export async function purchase<Value extends object>(
  keys: readonly string[],
  { leases, store, space, mark = NO_MARK, buy, onValue, signal }: Purchase<Value>,
): Promise<void> {
  const buyHere = async (toBuy: readonly string[]) => {
    const bought = await buy(toBuy)
    const values = new Map(toBuy.map((key, index) => [key, bought[index] as Value]))
    for (const [key, value] of values) onValue(key, value, 'bought')
    return values
  }

  if (!leases) return void (await buyHere(keys))
  let left = keys
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(2 * lookMs, MAX_LOOK_MS)) {
    const claims = await leases.claim(left).catch(() => undefined)
    // Redis went meanwhile. It may be back by the time that there is something to write.
    if (!claims) return store.write(await buyHere(left), space, mark)
    try {
      signal?.throwIfAborted()
      const unread = new Set(claims.here)
      const onRead = (index: number, value: Value) => {
        const key = claims.here[index] as string
        unread.delete(key)
        onValue(key, value, 'waited')
      }
      if (unread.size > 0) await store.read(claims.here, space, onRead)
      // What is there and cannot be read is bought without a lease, or it would be looked at for ever.
      const toBuy = [...claims.ours, ...unread]
      if (toBuy.length > 0) await store.write(await buyHere(toBuy), space, mark)
    } finally {
      await claims.release()
    }
    left = claims.theirs
    if (left.length === 0) return
    await pause(lookMs * (0.5 + Math.random() / 2), signal)
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted())
}
