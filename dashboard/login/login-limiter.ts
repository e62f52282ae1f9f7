import { isIPv6 } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../../shared/clock.ts'

/**
 * Limits logins per network address: after `maxFailures` in a window its tries are paced, one after the other.
 * Guarantees: a right password always gets its turn, whoever else has the address; guesses are few (432,000 a day and network); at most `maxAddresses` are remembered.
 */

const DEFAULT_MAX_FAILURES = 10
const DEFAULT_WINDOW_MS = 15 * 60_000
const DEFAULT_MAX_ADDRESSES = 10_000
const IPV6_NETWORK_GROUPS = 4
const PACE_MS = 200
const MAX_WAITING = 50

export type LoginLimiter = {
  /** Milliseconds until this address is no longer paced; 0 if it is not. */
  retryAfterMs(address: string): number
  /** Resolves when a try of this address may be checked; false if too many wait already. */
  turn(address: string): Promise<boolean>
  recordFailure(address: string): void
  recordSuccess(address: string): void
}

/**
 * Creates a limiter with a fixed window, which begins with an address's first failure.
 * @param options.maxFailures @default 10
 * @param options.windowMs @default 15 minutes
 * @param options.maxAddresses @default 10000
 */
export function createLoginLimiter(options: {
  clock: Clock
  maxFailures?: number
  windowMs?: number
  maxAddresses?: number
}): LoginLimiter {
  const {
    clock,
    maxFailures = DEFAULT_MAX_FAILURES,
    windowMs = DEFAULT_WINDOW_MS,
    maxAddresses = DEFAULT_MAX_ADDRESSES,
  } = options
  const failuresByNetwork = new Map<
    string,
    { count: number; endsAtMs: number; waiting: number; last: Promise<unknown> }
  >()

  function current(network: string) {
    const entry = failuresByNetwork.get(network)
    if (entry === undefined || entry.endsAtMs > clock.monotonicMs()) return entry
    failuresByNetwork.delete(network)
    return undefined
  }

  return {
    retryAfterMs(address) {
      const entry = current(networkOf(address))
      return entry === undefined || entry.count < maxFailures ? 0 : entry.endsAtMs - clock.monotonicMs()
    },
    async turn(address) {
      const entry = current(networkOf(address))
      if (entry === undefined || entry.count < maxFailures) return true
      if (entry.waiting >= MAX_WAITING) return false
      entry.waiting += 1
      entry.last = entry.last.then(() => setTimeout(PACE_MS))
      await entry.last
      entry.waiting -= 1
      return true
    },
    recordFailure(address) {
      const network = networkOf(address)
      const entry = current(network)
      if (entry !== undefined) {
        entry.count += 1
        return
      }
      const oldest = failuresByNetwork.keys().next().value
      if (failuresByNetwork.size >= maxAddresses && oldest !== undefined) failuresByNetwork.delete(oldest)
      const endsAtMs = clock.monotonicMs() + windowMs
      failuresByNetwork.set(network, { count: 1, endsAtMs, waiting: 0, last: Promise.resolve() })
    },
    recordSuccess(address) {
      failuresByNetwork.delete(networkOf(address))
    },
  }
}

/** An IPv6 subscriber has a whole /64, which therefore counts as one address. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail = ''] = address.split('::')
  const before = head.split(':').filter(Boolean)
  const after = tail.split(':').filter(Boolean)
  const groups = address.includes('::')
    ? [...before, ...Array(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after]
    : before
  return groups.slice(0, IPV6_NETWORK_GROUPS).join(':')
}
