import type { Redis } from 'ioredis'

/**
 * Owns whether it is worth asking a Redis right now, for calls that can do without it. Guarantees: the answer costs no time; a server that closed its
 * connection, or let a question wait for too long, is not asked until it has answered.
 */
type Reachability = {
  /** True until something says otherwise: a connection that is being made is waited for. */
  isLikely(): boolean
  /** A question had no answer within its deadline. */
  hasTimedOut(): void
}

const PROBE_INTERVAL_MS = 250

/** Watches a connection for as long as it exists. */
export function watchReachability(redis: Redis): Reachability {
  let isAway = false
  let isSilent = false
  let probe: NodeJS.Timeout | undefined
  redis.on('close', () => {
    isAway = true
  })
  redis.on('ready', () => {
    isAway = false
    isSilent = false
  })
  const look = () => {
    redis.ping().then(
      () => {
        isSilent = false
      },
      () => {
        probe = setTimeout(look, PROBE_INTERVAL_MS).unref()
      },
    )
  }
  return {
    isLikely: () => !isAway && !isSilent,
    hasTimedOut() {
      if (isSilent) return
      isSilent = true
      clearTimeout(probe)
      look()
    },
  }
}
