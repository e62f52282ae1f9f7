import type { RequestListener, Server } from 'node:http'
import { createHttpServer } from './create-http-server.ts'

/** Owns the bounds of every HTTP server: a client that trickles bytes, or sends half a request, is cut off; a server stops in bounded time. */

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
const KEEP_ALIVE_TIMEOUT_MS = 65_000
const CHECK_INTERVAL_MS = 1_000
const MAX_HEADER_BYTES = 16 * 1_024

/** @default headersTimeoutMs 10,000, requestTimeoutMs 30,000, checkIntervalMs 1,000 */
type ServerBounds = {
  readonly headersTimeoutMs?: number
  readonly requestTimeoutMs?: number
  readonly checkIntervalMs?: number
}

/** A server with these bounds. An offer of another protocol than WebSocket is passed over, as RFC 9110 has it: Java's client offers h2c at first. */
export function createBoundedServer(app: RequestListener, bounds: ServerBounds = {}): Server {
  const server: Server = createHttpServer(
    {
      headersTimeout: bounds.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
      requestTimeout: bounds.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: bounds.checkIntervalMs ?? CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      shouldUpgradeCallback: ({ headers }) =>
        headers.upgrade?.toLowerCase() === 'websocket' && server.listenerCount('upgrade') > 0,
    },
    app,
  )
  return server
}

/** Takes no new connection, lets requests in flight end for `drainMs`, then closes all. */
export async function closeServer(server: Server, drainMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const forced = setTimeout(() => server.closeAllConnections(), drainMs)
  await closed
  clearTimeout(forced)
}
