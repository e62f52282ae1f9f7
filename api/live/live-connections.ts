import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'

/**
 * Owns the open connections of a process: how many there may be, and how long each may stay. Guarantees: one whose key was revoked is closed at once while
 * announcements arrive, and at its next check without them; each ends within the hour, and when the process stops.
 */
export type LiveConnections = {
  /**
   * Takes a connection in. Its signal fires with the reason for which it must close.
   * @throws RATE_LIMITED
   */
  enter(keyId: string, check: () => Promise<unknown>): { readonly signal: AbortSignal; leave(): void }
  /** Checks the connections of a key now; undefined: all of them. */
  recheck(keyId: string | undefined): void
  count(): number
  /** Closes every connection, spread over a time so that clients do not come back all at once. */
  stop(spreadMs: number): Promise<void>
}

const MAX_CONNECTIONS = 10_000
const MAX_OF_KEY = 200
const CHECK_INTERVAL_MS = 30_000
const MAX_LIFE_MS = 3_600_000
const RETRY_AFTER_MS = 5_000

type Connection = { readonly keyId: string; readonly stop: AbortController; check(): void }

export function createLiveConnections(): LiveConnections {
  const open = new Set<Connection>()
  let isStopping = false

  return {
    enter(keyId, check) {
      const ofKey = [...open].filter((one) => one.keyId === keyId).length
      if (isStopping || open.size >= MAX_CONNECTIONS || ofKey >= MAX_OF_KEY)
        throw new AfterturnError(
          'RATE_LIMITED',
          `Expected at most ${MAX_OF_KEY} live connections of a key and ${MAX_CONNECTIONS} of a process, got one more.`,
          { retryAfterMs: RETRY_AFTER_MS, recorded: 'no' },
        )
      const stop = new AbortController()
      const connection: Connection = {
        keyId,
        stop,
        check() {
          // A store that is away says nothing about the key.
          check().catch((error) => {
            if (isAfterturnError(error, 'UNAUTHENTICATED') || isAfterturnError(error, 'ORG_UNKNOWN')) stop.abort(error)
          })
        },
      }
      open.add(connection)
      const checks = setInterval(connection.check, CHECK_INTERVAL_MS).unref()
      const end = setTimeout(() => stop.abort(expired()), MAX_LIFE_MS).unref()
      return {
        signal: stop.signal,
        leave() {
          open.delete(connection)
          clearInterval(checks)
          clearTimeout(end)
        },
      }
    },
    recheck(keyId) {
      for (const connection of open) if (keyId === undefined || connection.keyId === keyId) connection.check()
    },
    count: () => open.size,
    async stop(spreadMs) {
      isStopping = true
      const reason = new AfterturnError('SHUTTING_DOWN', 'The process stops; continue at another one.')
      const timers = [...open].map(
        ({ stop }) =>
          new Promise<void>((resolve) => {
            setTimeout(() => {
              stop.abort(reason)
              resolve()
            }, Math.random() * spreadMs)
          }),
      )
      await Promise.all(timers)
    },
  }
}

function expired(): AfterturnError {
  return new AfterturnError('UNAUTHENTICATED', 'The connection has lasted as long as one may; open another one.')
}
