import type { IncomingMessage } from 'node:http'
import { type Caller, callerIn, type Principal, refused, requireScope } from '../../shared/access/caller.ts'
import { AfterturnError } from '../../shared/errors.ts'
import type { Viewer } from '../../shared/store/scopes.ts'
import type { Tickets } from './tickets.ts'
import { forbidden, viewerOfKey } from './viewer-of-key.ts'

/**
 * Owns who may open a live connection, and what it may follow. Guarantees: cookies are never looked at; a page of a foreign origin is refused whatever it
 * brings; a ticket follows the streams that it names and nothing else.
 */

/** Who has opened a connection. */
export type LiveCaller = {
  readonly orgId: string
  readonly keyId: string
  /** For whom it reads a stream. @throws FORBIDDEN */
  viewerOf(stream: readonly string[], wanted: Viewer): Viewer
  /** Rejects with UNAUTHENTICATED once it may not go on. */
  check(): Promise<unknown>
}

export type LiveAccess = {
  /** @throws UNAUTHENTICATED, STORE_UNAVAILABLE */
  authenticate(request: Pick<IncomingMessage, 'headers'>): Promise<Principal>
  /** Whether a key may be used still. @throws STORE_UNAVAILABLE */
  isKeyValid(keyId: string): Promise<boolean>
  readonly tickets: Tickets
  /** Origins whose pages may connect. */
  readonly allowedOrigins: readonly string[]
}

/** Refuses pages of origins that are not allowed; programs send none. @throws FORBIDDEN */
export function checkOrigin({ allowedOrigins }: LiveAccess, { origin }: IncomingMessage['headers']): void {
  if (origin === undefined || allowedOrigins.includes(origin)) return
  throw new AfterturnError('FORBIDDEN', 'Expected a page of an allowed origin; API_ALLOWED_ORIGINS lists them.', {
    recorded: 'no',
  })
}

/** Who connects with a header `Authorization`. @throws UNAUTHENTICATED, ORG_UNKNOWN, FORBIDDEN, STORE_UNAVAILABLE */
export async function callerByKey(
  access: LiveAccess,
  request: Pick<IncomingMessage, 'headers'>,
  orgId: string,
): Promise<LiveCaller & { readonly principal: Caller }> {
  const identify = async () => callerIn(await access.authenticate(request), orgId)
  const principal = await identify()
  requireScope(principal, 'events:read')
  return { orgId, keyId: principal.keyId, principal, check: identify, viewerOf: viewerOfKey(principal) }
}

/** Who connects with a ticket. @throws UNAUTHENTICATED, REDIS_UNAVAILABLE, STORE_UNAVAILABLE */
export async function callerByTicket(access: LiveAccess, text: string, orgId: string): Promise<LiveCaller> {
  const ticket = await access.tickets.take(text)
  const check = async () => {
    if (!(await access.isKeyValid(ticket.keyId))) throw refused('The key that the ticket was made with is not valid.')
  }
  await check()
  if (ticket.orgId !== orgId) throw refused('The ticket is of another org.')
  const named = new Set(ticket.streams.map((stream) => JSON.stringify(stream)))
  return {
    orgId,
    keyId: ticket.keyId,
    check,
    viewerOf(stream) {
      if (!named.has(JSON.stringify(stream)))
        throw forbidden('Expected a stream that the ticket names, got another one.')
      return ticket.viewer
    },
  }
}
