import { type RequestHandler, type Response, Router } from 'express'
import type { Access } from '../../shared/access/access.ts'
import type { RequestLimiter } from '../../shared/limit/request-limiter.ts'
import type { Metrics } from '../../shared/observe/metrics.ts'
import type { ApiServices } from '../operations/api-services.ts'
import { callOperation } from '../operations/call-operation.ts'
import { type AnyOperation, statusesOf } from '../operations/define-operation.ts'
import { authenticateIn } from './authenticate.ts'
import { collectBody } from './read-body.ts'
import { readRequest } from './read-request.ts'
import { refuseMethod } from './refuse-method.ts'
import { takeRequest } from './take-request.ts'
import { writeInTime } from './write-in-time.ts'

/** Owns the routes of operations. Guarantees: each is called by a known caller, within its rate and rights; a route without a scope cannot be written. */

const OK = 200
const LINES_TYPE = 'application/x-ndjson'
const NO_LINES: readonly string[] = []

export type RouteServices = {
  readonly services: ApiServices
  readonly access: Access
  readonly requests: RequestLimiter
  readonly metrics: Pick<Metrics, 'count' | 'observe'>
}

/** A router with one route for each operation. */
export function createOperationRoutes(operations: readonly AnyOperation[], context: RouteServices): Router {
  const router = Router({ caseSensitive: true, strict: true })
  const methods = new Map<string, string[]>()
  for (const operation of operations) {
    const method = operation.method.toLowerCase() as Lowercase<AnyOperation['method']>
    const path = operation.path.replaceAll('{', ':').replaceAll('}', '')
    methods.set(path, [...(methods.get(path) ?? []), operation.method])
    router[method](
      path,
      measure(operation, context),
      checkCaller(context),
      collectBody(operation.maxBodyBytes),
      serve(operation, context),
    )
  }
  for (const [path, allowed] of methods) router.all(path, refuseMethod(allowed))
  return router
}

function measure({ id: operation }: AnyOperation, { metrics }: RouteServices): RequestHandler {
  return (_request, response, next) => {
    const startedMs = performance.now()
    response.once('close', () => {
      // Who went away before the answer has no status.
      const status = response.writableFinished ? String(response.statusCode) : 'aborted'
      metrics.count('afterturn_api_requests_total', { operation, status })
      metrics.observe('afterturn_api_seconds', { operation }, (performance.now() - startedMs) / 1_000)
    })
    next()
  }
}

/** Before the body is read: a stranger must not send megabytes. */
function checkCaller({ access, requests }: RouteServices): RequestHandler {
  return async (request, response, next) => {
    const caller = await authenticateIn(request, access, String(request.params.orgId))
    await takeRequest(requests, caller.keyId, response)
    response.locals.caller = caller
    next()
  }
}

function serve(operation: AnyOperation, { services }: RouteServices): RequestHandler {
  return async (request, response) => {
    const answer = await callOperation(operation, services, response.locals.caller, readRequest(operation, request))
    const [status] = statusesOf(operation)
    if (answer === undefined) response.status(status).end()
    else if (isLines(answer)) await sendLines(response, request.method === 'HEAD' ? NO_LINES : answer)
    else
      response
        .status(operation.statusOf?.(answer) ?? status)
        .type('json')
        .send(JSON.stringify(answer))
  }
}

function isLines(answer: unknown): answer is AsyncIterable<string> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer
}

/** Line by line, as fast as they are read; who goes away, or takes nothing for half a minute, ends the reading. */
async function sendLines(response: Response, lines: AsyncIterable<string> | readonly string[]): Promise<void> {
  for await (const line of lines) {
    if (response.destroyed) return
    // The head goes with the first line: until then a failure still has its status.
    if (!response.headersSent) response.status(OK).type(LINES_TYPE)
    if (!(await writeInTime(response, `${line}\n`))) return
  }
  if (!response.headersSent) response.status(OK).type(LINES_TYPE)
  response.end()
}
