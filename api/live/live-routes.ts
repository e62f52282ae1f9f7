import { type RequestHandler, type Response, Router } from 'express'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import type { RequestLimiter } from '../../shared/limit/request-limiter.ts'
import { idSchema, parseInput } from '../../shared/parse-input.ts'
import type { Viewer } from '../../shared/store/scopes.ts'
import { collectBody, readFields } from '../http/read-body.ts'
import { joinFields } from '../http/read-request.ts'
import { takeRequest } from '../http/take-request.ts'
import { callerByKey, callerByTicket, checkOrigin, type LiveAccess } from './live-access.ts'
import type { LiveConnections } from './live-connections.ts'
import { type LiveServices, openSource, PROGRESS, taskOf } from './live-source.ts'
import { sendEvents } from './sse.ts'

/**
 * Owns the routes by which a stream is followed over HTTP: server-sent events, or with another `Accept` one page of JSON that waits for the first event.
 * Guarantees: both have the same cursors, so that a client may change between them.
 */

export type LiveContext = {
  readonly services: LiveServices
  readonly access: LiveAccess
  readonly connections: LiveConnections
  /** How often a key may ask. */
  readonly requests: RequestLimiter
}

const MAX_WAIT_SECONDS = 25
const EVENT_STREAM = 'text/event-stream'
const MAX_TICKET_BYTES = 32 * 1_024

/** The routes `/v1/orgs/{orgId}/events/{stream…}`, `…/events` for every stream, `…/progress/{task}`, and `…/live/tickets`, which a browser opens each with. */
export function createLiveRoutes(context: LiveContext): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.get(
    '/v1/orgs/:orgId/events',
    serve(context, () => []),
  )
  router.get(
    '/v1/orgs/:orgId/events/*stream',
    serve(context, ({ stream }) => stream as unknown as string[]),
  )
  router.get(
    '/v1/orgs/:orgId/progress/:taskId',
    serve(context, ({ taskId }) => [PROGRESS, String(taskId)]),
  )
  router.post('/v1/orgs/:orgId/live/tickets', collectBody(MAX_TICKET_BYTES), async (request, response) => {
    const orgId = parseInput(idSchema, request.params.orgId, 'orgId')
    const { principal } = await callerByKey(context.access, request, orgId)
    await takeRequest(context.requests, principal.keyId, response)
    response.status(201).json(context.access.tickets.issue(principal, joinFields({ orgId }, readFields(request))))
  })
  return router
}

function serve(
  { services, access, connections, requests }: LiveContext,
  streamOf: (params: Record<string, string | string[]>) => string[],
): RequestHandler {
  return async (request, response) => {
    checkOrigin(access, request.headers)
    const query = new URL(request.url, 'http://localhost').searchParams
    const orgId = parseInput(idSchema, request.params.orgId, 'orgId')
    const stream = streamOf(request.params)
    const ticket = query.get('ticket')
    const caller =
      ticket === null ? await callerByKey(access, request, orgId) : await callerByTicket(access, ticket, orgId)
    await takeRequest(requests, caller.keyId, response)
    const viewer = caller.viewerOf(stream, viewerIn(query))
    const isStream = (request.get('accept') ?? '').includes(EVENT_STREAM)
    // Who asks for the head alone would follow what is never sent.
    if (request.method === 'HEAD') return void response.type(isStream ? EVENT_STREAM : 'json').end()
    // An empty one is that of a client that has seen nothing.
    const after = request.get('last-event-id') || query.get('after') || undefined
    const connection = connections.enter(caller.keyId, caller.check)
    const gone = new AbortController()
    const leave = () => gone.abort(new AfterturnError('SHUTTING_DOWN', 'The client is gone.'))
    response.once('close', leave)
    // It may have left while its key was being read.
    if (response.destroyed) leave()
    const signal = AbortSignal.any([connection.signal, gone.signal])
    const wanted = { orgId, stream, after, viewer, signal }
    try {
      if (isStream) await sendEvents(response, openSource(services, wanted), { isContinued: after !== undefined })
      else await sendPage(response, services, wanted, waitMsIn(query))
    } catch (error) {
      if (!signal.aborted) throw error
      end(response, signal.reason)
    } finally {
      connection.leave()
    }
  }
}

/** A connection that must close says why, if it has said nothing yet; then clients come back by their cursor. */
function end(response: Response, reason: unknown): void {
  if (response.headersSent || response.destroyed) response.end()
  else throw isAfterturnError(reason) ? reason : new AfterturnError('SHUTTING_DOWN', 'The connection was closed.')
}

async function sendPage(
  response: Response,
  { events, progress }: LiveServices,
  { orgId, stream, after, viewer, signal }: Parameters<typeof openSource>[1],
  waitMs: number,
): Promise<void> {
  const taskId = taskOf(stream)
  if (taskId !== undefined) {
    response.json({ frame: (await progress.read({ orgId, taskId })) ?? null })
    return
  }
  const selection = { orgId, viewer, waitMs, signal, ...(after !== undefined && { after }) }
  response.json(await (stream.length === 0 ? events.readOrg(selection) : events.read({ ...selection, stream })))
}

function viewerIn(query: URLSearchParams): Viewer {
  const ids = ['userId', 'agentId', 'workstreamId'] as const
  return Object.fromEntries(ids.flatMap((id) => (query.has(id) ? [[id, query.get(id)]] : [])))
}

function waitMsIn(query: URLSearchParams): number {
  const seconds = Number(query.get('wait') ?? 0)
  if (Number.isFinite(seconds) && seconds >= 0 && seconds <= MAX_WAIT_SECONDS) return Math.round(seconds * 1_000)
  throw new AfterturnError('INPUT_INVALID', `wait: expected 0 to ${MAX_WAIT_SECONDS} seconds, got another value.`, {
    recorded: 'no',
  })
}
