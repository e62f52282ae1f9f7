import { isIPv6 } from 'node:net'
import type { Clock } from '../../shared/clock.ts'

/**
 * Limits failed logins per network address.
 * Guarantees: at most `maxFailures` per window and address, and at most `maxAddresses` remembered.
 */

const DEFAULT_MAX_FAILURES = 10
const DEFAULT_WINDOW_MS = 15 * 60_000
const DEFAULT_MAX_ADDRESSES = 10_000
const IPV6_NETWORK_GROUPS = 4

export type LoginLimiter = {
  /** Milliseconds until this address may try again; 0 if it may now. */
  retryAfterMs(address: string): number
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
  const failuresByNetwork = new Map<string, { count: number; endsAtMs: number }>()

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
    recordFailure(address) {
      const network = networkOf(address)
      const entry = current(network)
      if (entry !== undefined) {
        entry.count += 1
        return
      }
      const oldest = failuresByNetwork.keys().next().value
      if (failuresByNetwork.size >= maxAddresses && oldest !== undefined) failuresByNetwork.delete(oldest)
      failuresByNetwork.set(network, { count: 1, endsAtMs: clock.monotonicMs() + windowMs })
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
