import { setTimeout } from 'node:timers/promises'
import type { Source } from './cache-counts.ts'
import type { FlightLeases } from './flight-leases.ts'
import type { FrameSpace, FrameStore, Marks } from './frame-store.ts'

/**
 * Owns how processes fetch together: each missing value is fetched by the one that has its lease, and the others look for it in Redis.
 * Guarantees: takes over from a process that died or failed; without Redis it buys alone. Holds no lease while it waits for another's, so nobody waits in a circle.
 */
type MissingValues<Value extends object> = {
  /** Undefined where Redis is away or there is none. */
  readonly leases: FlightLeases | undefined
  readonly store: FrameStore
  readonly space: FrameSpace<Value>
  /** What was read with the keys; undefined where Redis could not be asked then. */
  readonly marks: Marks | undefined
  fetch(keys: readonly string[]): Promise<readonly Value[]>
  /** Whether a value that others have made will do. */
  accepts(key: string, value: Value): boolean
  /** Hears of each value once, before it is written. */
  onValue(key: string, value: Value, source: Source): void
  /** Hears of the values that this process may keep, once they are written or could not be. */
  onKept(values: ReadonlyMap<string, Value>): void
  readonly signal: AbortSignal | undefined
}

/** The pause before the first look at what another process buys; it doubles up to `MAX_LOOK_MS`. */
const FIRST_LOOK_MS = 10
const MAX_LOOK_MS = 100

/** Sees to it that each key's value is fetched, by this process or another. Throws what `fetch` throws, and the signal's reason. */
export async function fetchMissing<Value extends object>(
  keys: readonly string[],
  { leases, store, space, marks, fetch, accepts, onValue, onKept, signal }: MissingValues<Value>,
): Promise<void> {
  const fetchHere = async (toFetch: readonly string[]) => {
    const fetched = await fetch(toFetch)
    const values = new Map(toFetch.map((key, index) => [key, fetched[index] as Value]))
    for (const [key, value] of values) onValue(key, value, 'bought')
    return values
  }
  const fetchAndWrite = async (toFetch: readonly string[], seen: Marks | undefined) => {
    const values = await fetchHere(toFetch)
    if ((await store.write(values, space, seen)) !== 'refused') onKept(values)
  }

  if (!leases) return onKept(await fetchHere(keys))
  const isEnough = space.lifeMsOf === undefined
  let left = keys
  let seen = marks
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(2 * lookMs, MAX_LOOK_MS)) {
    const claims = await leases.claim(left, isEnough).catch(() => undefined)
    // Redis went meanwhile. It may be back by the time that there is something to write.
    if (!claims) return fetchAndWrite(left, seen)
    try {
      signal?.throwIfAborted()
      // An older one may be there: whoever had the lease before may have replaced it.
      const toRead = isEnough ? claims.here : left
      const unmade = new Set(left)
      const onRead = (index: number, value: Value) => {
        const key = toRead[index] as string
        if (!accepts(key, value)) return
        unmade.delete(key)
        onValue(key, value, 'waited')
        onKept(new Map([[key, value]]))
      }
      if (toRead.length > 0) seen = (await store.read(toRead, space, onRead)) ?? seen
      // What is there and cannot be read is bought without a lease, or it would be looked at for ever.
      const toFetch = [...claims.ours, ...claims.here].filter((key) => unmade.has(key))
      if (toFetch.length > 0) await fetchAndWrite(toFetch, seen)
      left = claims.theirs.filter((key) => unmade.has(key))
    } finally {
      await claims.release()
    }
    if (left.length === 0) return
    await pause(lookMs * (0.5 + Math.random() / 2), signal)
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted())
}
