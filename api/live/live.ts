import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Router } from 'express'
import type { Redis } from 'ioredis'
import type { Access } from '../../shared/access/access.ts'
import type { Principal } from '../../shared/access/caller.ts'
import { createSecretRing } from '../../shared/access/secret-ring.ts'
import { type Clock, systemClock } from '../../shared/clock.ts'
import type { Config } from '../../shared/config.ts'
import type { RequestLimiter } from '../../shared/limit/request-limiter.ts'
import type { Metrics } from '../../shared/observe/metrics.ts'
import { findApiKey } from '../../shared/store/control/api-keys.ts'
import type { Database } from '../../shared/store/database.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { createLiveConnections } from './live-connections.ts'
import { serveLivePage } from './live-page.ts'
import { createLiveRoutes } from './live-routes.ts'
import type { LiveServices } from './live-source.ts'
import { takeOnce } from './take-once.ts'
import { createTickets } from './tickets.ts'
import { createLiveSocket } from './web-socket.ts'

/** Live delivery of a process: its routes, its WebSocket, and how all of it ends. */
export type Live = {
  readonly routes: Router
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes every connection; clients continue elsewhere by their cursors. */
  stop(): Promise<void>
}

type LiveRuntime = LiveServices & {
  readonly config: Pick<Config, 'secretKeys' | 'redisKeyPrefix'>
  readonly database: Database
  readonly metrics: Pick<Metrics, 'readGauge'>
  readonly redis: { getConnection(): Redis }
  readonly access: Access & {
    readonly requests: RequestLimiter
    onKeyChange(listener: (keyId: string | undefined) => void): void
  }
}

export type LiveOptions = {
  /** @throws UNAUTHENTICATED, STORE_UNAVAILABLE */
  authenticate(request: Pick<IncomingMessage, 'headers'>): Promise<Principal>
  readonly allowedOrigins: readonly string[]
  /** Whether the page `/live` is served. @default false */
  readonly hasPage?: boolean
  /** Over how long connections are closed when the process stops, in ms. @default 2,000 */
  readonly spreadMs?: number
  readonly clock?: Clock
}

const SPREAD_MS = 2_000
const KEY_BYTES = 32
/** A key's id; the names of tokens have another form. */
const KEY_ID = /^[0-9A-Za-z]{12}$/

export function createLive(
  runtime: LiveRuntime,
  { authenticate, allowedOrigins, hasPage = false, spreadMs = SPREAD_MS, clock = systemClock }: LiveOptions,
): Live {
  const { config, database, access, redis } = runtime
  const connections = createLiveConnections()
  access.onKeyChange(connections.recheck)
  runtime.metrics.readGauge('afterturn_live_connections', async () => [{ labels: {}, value: connections.count() }])
  // Without a key of the fleet's own a ticket is worth something in the process that made it.
  const ring = createSecretRing(config.secretKeys ?? randomBytes(KEY_BYTES).toString('base64'))
  const tickets = createTickets({
    ring,
    clock,
    takeOnce: (id, seconds) => takeOnce(redis.getConnection(), config.redisKeyPrefix, id, seconds),
  })
  const context = {
    services: runtime,
    connections,
    requests: access.requests,
    access: {
      authenticate,
      tickets,
      allowedOrigins,
      async isKeyValid(keyId: string) {
        // The token that made a ticket is gone: the ticket lasts until it expires.
        if (!KEY_ID.test(keyId)) return true
        const key = await readInTime(findApiKey(database, keyId))
        return key !== undefined && key.revokedAt === null && (key.expiresAt === null || key.expiresAt > clock.now())
      },
    },
  }
  const routes = createLiveRoutes(context)
  if (hasPage) routes.get('/live', serveLivePage())
  return {
    routes,
    handleUpgrade: createLiveSocket(context).handleUpgrade,
    stop: () => connections.stop(spreadMs),
  }
}
