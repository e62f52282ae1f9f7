import { createMcpHandler } from '@modelcontextprotocol/server'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { type Caller, EVERY_ORG } from '../../shared/access/caller.ts'
import { AfterturnError } from '../../shared/errors.ts'
import { authenticate } from '../http/authenticate.ts'
import type { RouteServices } from '../http/operation-routes.ts'
import { collectBody, readFields } from '../http/read-body.ts'
import { refuseMethod } from '../http/refuse-method.ts'
import { takeRequest } from '../http/take-request.ts'
import { callOperation } from '../operations/call-operation.ts'
import type { CallOperation } from './define-tool.ts'
import { createMcpServer } from './mcp-server.ts'

/**
 * Owns `POST /mcp`: the tools over HTTP, without sessions. Guarantees: a known caller of one org, within its rate; a page of an origin that is not allowed is
 * refused, also one that reaches this address by DNS rebinding.
 */
export function createMcpRoute(context: RouteServices & { readonly allowedOrigins?: readonly string[] }): Router {
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const caller = authInfo?.extra?.caller as Caller
      return createMcpServer({ scopes: caller.scopes, call: callerOf(context, caller) })
    },
    { maxSubscriptions: 0, keepAliveMs: 0 },
  )
  const serve: RequestHandler = async (request, response) => {
    const { caller } = response.locals
    const answer = await handler.fetch(asWebRequest(request), {
      parsedBody: readFields(request),
      authInfo: { token: '', clientId: caller.keyId, scopes: [...caller.scopes], extra: { caller } },
    })
    await sendAnswer(response, answer)
  }
  const router = Router({ caseSensitive: true })
  // A client that asks for a stream of the server's own does without it when the method is refused, and only then.
  router.post('/mcp', checkOrigin(context.allowedOrigins ?? []), checkCaller(context), collectBody(), serve)
  router.all('/mcp', refuseMethod(['POST']))
  return router
}

/** A browser names the page that asks; who is none names nothing. */
function checkOrigin(origins: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const origin = request.get('origin')
    if (origin === undefined || origins.includes(origin) || isOwnLoopback(origin, request.get('host'))) return next()
    throw new AfterturnError('FORBIDDEN', 'Expected no Origin, or one of API_ALLOWED_ORIGINS.', { recorded: 'no' })
  }
}

/** A page that this server's own address on this machine served, by its name in both heads: a name that was rebound is no loopback name. */
function isOwnLoopback(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin) || new URL(origin).host !== host) return false
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(origin).hostname)
}

function checkCaller({ access, requests }: RouteServices): RequestHandler {
  return async (request, response, next) => {
    const principal = await authenticate(request, access)
    if (principal.orgId === EVERY_ORG)
      throw new AfterturnError('FORBIDDEN', 'Expected a key of one org: tools take no org as an argument.', {
        recorded: 'no',
      })
    await takeRequest(requests, principal.keyId, response)
    response.locals.caller = principal
    next()
  }
}

/** Calls for a caller, in its org; what is answered is what travels. */
function callerOf({ services }: RouteServices, caller: Caller): CallOperation {
  return async (operation, input) => {
    const answer = await callOperation(operation, services, caller, { ...input, orgId: caller.orgId })
    return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer))
  }
}

function asWebRequest(request: Request): globalThis.Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers))
    if (typeof value === 'string' && name !== 'authorization') headers.set(name, value)
  // Who may ask is decided before, and the body goes beside it, parsed.
  return new globalThis.Request('http://localhost/mcp', { method: 'POST', headers })
}

async function sendAnswer(response: Response, answer: globalThis.Response): Promise<void> {
  const bytes = Buffer.from(await answer.arrayBuffer())
  for (const [name, value] of answer.headers) if (name !== 'content-length') response.set(name, value)
  response.status(answer.status).end(bytes)
}
