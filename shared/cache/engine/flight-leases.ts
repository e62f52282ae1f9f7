import type { Redis } from 'ioredis'
import { loadScript } from '../../redis/script.ts'

/**
 * Owns who, over all processes, makes a missing value: a lease per key, in the cache Redis. Guarantees: a maker that dies is survived by
 * `FLIGHT_TTL_MS`. Saves work and guards nothing: a lease that is lost or evicted means that a value is made twice.
 */
export type FlightLeases = {
  /** Says of each key whether its value is ours to make, being made or, if `isEnough`, there. Rejects when Redis does. */
  claim(keys: readonly string[], isEnough: boolean): Promise<Claims>
}

export type Claims = {
  readonly here: readonly string[]
  readonly theirs: readonly string[]
  readonly ours: readonly string[]
  /** Gives back what is ours, whose leases are prolonged until then. Never rejects. */
  release(): Promise<void>
}

/** How long others wait for a process that died. */
export const FLIGHT_TTL_MS = 3_000
const RENEWALS_PER_TTL = 3
/** A flight that does not end must not keep others waiting for ever. */
const MAX_RENEWALS = 300

const claimFlights = loadScript(new URL('./claim-flights.lua', import.meta.url))
const renewFlights = loadScript(new URL('./renew-flights.lua', import.meta.url))

/** The leases of this process. */
export function createFlightLeases(redis: Redis, ttlMs = FLIGHT_TTL_MS): FlightLeases {
  return {
    async claim(keys, isEnough) {
      const token = crypto.randomUUID()
      const claims = (await claimFlights(
        redis,
        [...keys, ...keys.map(leaseOf)],
        [token, ttlMs, isEnough ? 1 : 0],
      )) as string[]
      const keysThatAre = (claim: string) => keys.filter((_, index) => claims[index] === claim)
      const ours = keysThatAre('ours')
      const renew = (leaseTtlMs: number) =>
        renewFlights(redis, ours.map(leaseOf), [token, leaseTtlMs]).catch(() => undefined)
      let renewals = 0
      const renewal = setInterval(() => {
        renewals += 1
        if (renewals > MAX_RENEWALS) clearInterval(renewal)
        else void renew(ttlMs)
      }, ttlMs / RENEWALS_PER_TTL)
      if (ours.length === 0) clearInterval(renewal)
      return {
        here: keysThatAre('here'),
        theirs: keysThatAre('theirs'),
        ours,
        async release() {
          clearInterval(renewal)
          if (ours.length > 0) await renew(0)
        },
      }
    },
  }
}

function leaseOf(key: string): string {
  return `${key}:flight`
}
