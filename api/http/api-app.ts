import { randomUUID } from 'node:crypto'
import express, { type ErrorRequestHandler, type RequestHandler, Router } from 'express'
import { AfterturnError } from '../../shared/errors.ts'
import type { Log } from '../../shared/observe/log.ts'
import { LIVE_PATH, READY_PATH, type Readiness } from '../../shared/processes/readiness.ts'
import { createMcpRoute } from '../mcp/mcp-route.ts'
import {
  challengeOf,
  describeResource,
  PROTECTED_RESOURCE_PATH,
  type ProtectedResource,
} from '../mcp/protected-resource.ts'
import { OPERATIONS } from '../operations/catalog.ts'
import { DOCS_POLICY, writeDocsPage } from './docs-page.ts'
import { writeOpenApi } from './openapi.ts'
import { createOperationRoutes, type RouteServices } from './operation-routes.ts'
import { asCatalogued, sendProblem } from './problem.ts'

/**
 * Owns the API as an Express handler: the routes of operations, and how failures are answered. Guarantees: each answer has a request id and is made for no
 * browser's cache; no cookie is read or set; bodies are never logged. Must not listen: `serve-api.ts` does.
 */

export type ApiOptions = RouteServices & {
  readonly log: Log
  /** The readiness that load balancers and supervisors read. */
  readonly readiness: Pick<Readiness, 'read'>
  /** Origins whose pages may call. @default none */
  readonly allowedOrigins?: readonly string[]
  /** Live delivery, beside the operations. @default none */
  readonly live?: Router
  /** What clients of MCP are told of tokens. @default nothing: keys only */
  readonly protectedResource?: ProtectedResource | undefined
}

const REQUEST_ID = /^[\w.:-]{1,100}$/
const SERVER_ERROR = 500
/** Headers that clients in pages send beside those that every page may: those of MCP, and those that continue a stream by `fetch`. */
const ALLOWED_HEADERS = [
  'authorization',
  'content-type',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'x-request-id',
]
const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
}

/** Everything that the API answers. What it does not know is ROUTE_UNKNOWN. */
export function createApiApp(options: ApiOptions): express.Express {
  const app = express()
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', false)
    .set('case sensitive routing', true)
  app.use(identify, allowOrigins(options.allowedOrigins ?? []))
  app.get('/healthz', (_request, response) => void response.json({ status: 'ok' }))
  app.get(LIVE_PATH, (_request, response) => void response.json({ status: 'ok' }))
  app.get(READY_PATH, async (_request, response) => {
    const { isReady, missing } = await options.readiness.read()
    response
      .status(isReady ? 200 : 503)
      .json({ status: isReady ? 'ok' : 'unavailable', ...(isReady ? {} : { missing }) })
  })
  if (options.live) app.use(options.live)
  if (options.protectedResource) app.get(PROTECTED_RESOURCE_PATH, describeResource(options.protectedResource))
  app.use(documentRoutes(), createMcpRoute(options), createOperationRoutes(OPERATIONS, options))
  app.use((request) => {
    throw new AfterturnError('ROUTE_UNKNOWN', `Expected a route of the API, got ${request.method} of another path.`, {
      recorded: 'no',
    })
  })
  app.use(reportFailure(options))
  return app
}

/** The document, and its page. They are the same for everybody, and hold nothing of anybody. */
function documentRoutes(): Router {
  const router = Router()
  const document = () => writeOpenApi(OPERATIONS)
  let written: { readonly json: string; readonly page: string } | undefined
  const write = () => {
    written ??= { json: JSON.stringify(document()), page: writeDocsPage(document()) }
    return written
  }
  router.get('/openapi.json', (_request, response) => void response.type('json').send(write().json))
  router.get('/docs', (_request, response) => {
    response.set('Content-Security-Policy', DOCS_POLICY).type('html').send(write().page)
  })
  return router
}

/** A request keeps the id that its sender gave it. */
const identify: RequestHandler = (request, response, next) => {
  const given = request.get('x-request-id')
  const requestId = given !== undefined && REQUEST_ID.test(given) ? given : randomUUID()
  response.locals.requestId = requestId
  response.set({ ...HEADERS, 'X-Request-Id': requestId })
  next()
}

/** Without credentials: a page calls with a key that it holds, never with what the browser holds. */
function allowOrigins(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const origin = request.get('origin')
    if (origin === undefined || !origins.includes(origin)) return next()
    response.set({
      'Access-Control-Allow-Origin': origin,
      Vary: 'Origin',
      'Access-Control-Expose-Headers': 'X-Request-Id, Retry-After, RateLimit, WWW-Authenticate',
    })
    if (request.method !== 'OPTIONS') return next()
    response.set({
      'Access-Control-Allow-Methods': 'GET, PUT, POST, PATCH, DELETE',
      'Access-Control-Allow-Headers': ALLOWED_HEADERS.join(', '),
      'Access-Control-Max-Age': '600',
    })
    response.status(204).end()
  }
}

function reportFailure({ log, protectedResource }: ApiOptions): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const failure = asCatalogued(ofParser(error) ?? error)
    const { requestId } = response.locals
    if (failure.code === 'UNEXPECTED') log.error({ err: error, requestId, method: request.method }, 'a request failed')
    if (failure.code === 'UNAUTHENTICATED') response.set('WWW-Authenticate', challengeOf(protectedResource))
    if (response.headersSent) response.destroy()
    else sendProblem(response, failure, requestId)
  }
}

/** What Express and its parsers refuse. */
function ofParser(error: { status?: unknown; type?: unknown; expose?: unknown }): AfterturnError | undefined {
  const status = typeof error?.status === 'number' ? error.status : SERVER_ERROR
  if (status >= SERVER_ERROR || status < 400) return undefined
  const details = { cause: error, recorded: 'no' } as const
  if (status === 413)
    return new AfterturnError('REQUEST_TOO_LARGE', 'The body is larger than this operation takes.', details)
  if (status === 415)
    return new AfterturnError('REQUEST_UNSUPPORTED', 'The body has an encoding that is not taken.', details)
  return new AfterturnError(
    'REQUEST_MALFORMED',
    'The request is not valid: expected a whole body and a well-formed path.',
    details,
  )
}
