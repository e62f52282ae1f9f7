import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, type WebSocket, WebSocketServer } from 'ws'
import { AfterturnError, type ErrorCode, isAfterturnError } from '../../shared/errors.ts'
import { ERROR_STATUS } from '../http/error-status.ts'
import { takeRequest } from '../http/take-request.ts'
import { callerByKey, callerByTicket, checkOrigin, type LiveCaller } from './live-access.ts'
import type { LiveContext } from './live-routes.ts'
import { createSubscriptions, MAX_SUBSCRIPTIONS } from './subscriptions.ts'

/**
 * Owns the WebSocket `/v1/orgs/{orgId}/live`, protocol `afterturn.v1`: many subscriptions over one connection. Guarantees: origin and credential are checked
 * before the upgrade; a client that does not read costs one message; what it may send is small, and counted.
 */
type LiveSocket = {
  /** Takes over a connection that asks for an upgrade. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

const PROTOCOL = 'afterturn.v1'
const TICKET_PROTOCOL = 'afterturn.ticket.'
const MAX_PAYLOAD_BYTES = 64 * 1_024
const MAX_FRAGMENTS = 16
const MAX_BUFFERED_CHUNKS = 1_024
const PING_INTERVAL_MS = 25_000
const MAX_MISSED_PINGS = 2
const CLOSE_TIMEOUT_MS = 2_000
const MAX_MESSAGES_PER_SECOND = 20
/** A client that comes back asks for all of its streams at once. */
const MAX_MESSAGES_AT_ONCE = MAX_SUBSCRIPTIONS
const PATH = /^\/v1\/orgs\/([^/]+)\/live$/
/** Close codes: of RFC 6455, and of ours above 4,000 the HTTP status. */
const CLOSE = { unsupported: 1003, policy: 1008, restart: 1012, unauthenticated: 4401 } as const

export function createLiveSocket(context: LiveContext): LiveSocket {
  const { access, connections } = context
  const options = {
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: (protocols: Set<string>) => (protocols.has(PROTOCOL) ? PROTOCOL : false),
  }
  const server = new WebSocketServer(options)

  async function identify(request: IncomingMessage): Promise<LiveCaller> {
    checkOrigin(access, request.headers)
    // The path as it stands: parsed as a URL, what follows two slashes would be a host.
    const encoded = PATH.exec((request.url ?? '/').replace(/\?.*/, ''))?.[1]
    if (encoded === undefined)
      throw new AfterturnError('ROUTE_UNKNOWN', 'Expected /v1/orgs/ORG/live, got another path.')
    const orgId = decodeURIComponent(encoded)
    const protocols = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
    if (!protocols.includes(PROTOCOL))
      throw new AfterturnError('INPUT_INVALID', `Expected the subprotocol ${PROTOCOL}, got another one.`)
    const ticket = protocols.find((name) => name.startsWith(TICKET_PROTOCOL))?.slice(TICKET_PROTOCOL.length)
    const caller =
      ticket === undefined ? await callerByKey(access, request, orgId) : await callerByTicket(access, ticket, orgId)
    await takeRequest(context.requests, caller.keyId)
    return caller
  }

  function open(socket: WebSocket, caller: LiveCaller, connection: ReturnType<typeof connections.enter>): void {
    const subscriptions = createSubscriptions(context.services, caller, socket)
    let missedPings = 0
    let messagesLeft = MAX_MESSAGES_AT_ONCE
    const pings = setInterval(() => {
      missedPings += 1
      if (missedPings > MAX_MISSED_PINGS) socket.terminate()
      else socket.ping()
    }, PING_INTERVAL_MS)
    const budget = setInterval(() => {
      messagesLeft = Math.min(MAX_MESSAGES_AT_ONCE, messagesLeft + MAX_MESSAGES_PER_SECOND)
    }, 1_000)
    connection.signal.addEventListener('abort', () => {
      const isStopped = isAfterturnError(connection.signal.reason, 'SHUTTING_DOWN')
      socket.close(isStopped ? CLOSE.restart : CLOSE.unauthenticated, connection.signal.reason.code)
      // One that does not answer must not hold up a process that stops.
      setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS).unref()
    })
    socket.on('pong', () => {
      missedPings = 0
    })
    socket.on('message', (data: RawData, isBinary: boolean) => {
      messagesLeft -= 1
      if (messagesLeft < 0) socket.close(CLOSE.policy, 'too many messages')
      else if (isBinary) socket.close(CLOSE.unsupported, 'expected text')
      else subscriptions.take(data.toString())
    })
    // A frame that is too large, or none: ws closes it itself.
    socket.on('error', () => {})
    socket.on('close', () => {
      clearInterval(pings)
      clearInterval(budget)
      subscriptions.close()
    })
  }

  return {
    handleUpgrade(request, socket, head) {
      const onError = () => socket.destroy()
      socket.on('error', onError)
      void identify(request)
        .then((caller) => {
          const connection = connections.enter(caller.keyId, caller.check)
          // Not the WebSocket's: a handshake that is refused, or whose client is gone, never has one.
          socket.once('close', connection.leave)
          if (socket.destroyed) return connection.leave()
          socket.off('error', onError)
          server.handleUpgrade(request, socket, head, (opened) => open(opened, caller, connection))
        })
        .catch((error) => refuse(socket, error))
    },
  }
}

/** An address that cannot be read is a bad request. */
function codeOf(error: unknown): ErrorCode {
  if (isAfterturnError(error)) return error.code
  return error instanceof URIError || error instanceof TypeError ? 'REQUEST_MALFORMED' : 'UNEXPECTED'
}

/** Before the upgrade a refusal is an answer of HTTP. */
function refuse(socket: Duplex, error: unknown): void {
  const code = codeOf(error)
  const body = JSON.stringify({ code })
  const waitMs = isAfterturnError(error) ? error.retryAfterMs : undefined
  const head = [
    `HTTP/1.1 ${ERROR_STATUS[code]} ${code}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...(waitMs === undefined ? [] : [`Retry-After: ${Math.ceil(waitMs / 1_000)}`]),
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
