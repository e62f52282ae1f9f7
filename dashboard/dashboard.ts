import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import { type Clock, systemClock } from '../shared/clock.ts'
import { withinDeadline } from '../shared/deadline.ts'
import { AfterturnError, isAfterturnError } from '../shared/errors.ts'
import type { Log } from '../shared/observe/log.ts'
import { createBoundedServer } from '../shared/processes/bounded-server.ts'
import { listen } from '../shared/processes/listen.ts'
import { LIVE_PATH, READY_PATH, type Readiness } from '../shared/processes/readiness.ts'
import { type Board, createBoards } from './boards.ts'
import { PAGES } from './console/catalog.ts'
import { menuBar } from './console/console-page.ts'
import { createConsole } from './console/console-routes.ts'
import type { ConsoleServices } from './console/console-services.ts'
import { type Html, html } from './html.ts'
import { createCredentials } from './login/credentials.ts'
import { createLoginLimiter } from './login/login-limiter.ts'
import { logInRoutes, requireViewer } from './login/login-routes.ts'
import { type ConsoleUser, createLogins, type LoginSettings } from './login/logins.ts'
import { createSessionCookie } from './login/session-cookie.ts'
import { createDashboardSessions, type DashboardSessions } from './login/sessions.ts'
import type { Overview } from './overview/overview.ts'
import { LIVE_SECONDS, overviewPage, overviewUnavailablePage } from './overview/overview-page.ts'
import { sendPage } from './page.ts'
import { refuseCrossSite, securityHeaders } from './security.ts'

/**
 * The dashboard's HTTP server: its routes before and behind the login, its start and its stop.
 * Guarantees: every route but the probes, `/login` and `/logout` needs somebody with a role, including routes added later; what the console does
 * stands in its catalogue.
 * Must not close the queues and the store: they belong to the caller.
 */

const OVERVIEW_TIMEOUT_MS = 5_000

export type DashboardOptions = {
  /** The only address to listen on. */
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  readonly user: string
  /** If undefined, development generates one and production refuses to start. */
  readonly password: string | undefined
  readonly environment: 'development' | 'production'
  readonly boards: readonly Board[]
  /** Reads the figures of the overview page; times out after 5 s. */
  readonly overview: () => Promise<Overview>
  /** The readiness that probes read. @default always ready */
  readonly readiness?: Pick<Readiness, 'read'>
  readonly log: Log
  /** Answers the paths that are not the dashboard's and calls `next` for the others: the API on the same port, with a check of its own. */
  readonly beside?: RequestHandler
  /** Takes over connections that ask for an upgrade. @default none */
  readonly handleUpgrade?: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  /** The clock of sessions and login attempts. @default the system's */
  readonly clock?: Clock
  /** @default 8 hours */
  readonly sessionTtlMs?: number
  /** Who is logged in. @default in the memory of this process */
  readonly sessions?: DashboardSessions
  /** Addresses and ranges of reverse proxies, whose X-Forwarded-For is believed. @default none */
  readonly trustedProxies?: string[]
  /** Roles of others than `user`, by name, and their passwords. @default none */
  readonly roles?: LoginSettings['roles']
  readonly passwords?: ReadonlyMap<string, string> | undefined
  /** The header in which a trusted proxy names who is logged in. @default none */
  readonly userHeader?: string | undefined
  /** The services of the console's pages and actions. @default the overview and the boards alone */
  readonly console?: ConsoleServices
}

export type Dashboard = {
  readonly url: string
  readonly user: string
  /** The password generated for this run, to be shown to the operator; undefined if one was configured. */
  readonly password: string | undefined
  /** Closes the server and every connection to it; may be called twice. */
  stop(): Promise<void>
}

/**
 * Starts the dashboard and resolves once it is listening.
 * @throws CONFIG_INVALID without a password in production, or if it cannot listen on host and port.
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const credentials = createCredentials(options)
  const server = createBoundedServer(createApp(options, credentials))
  if (options.handleUpgrade) server.on('upgrade', options.handleUpgrade)
  return {
    url: await listen(server, options, 'dashboard'),
    user: options.user,
    password: credentials.madeUpPassword,
    stop: () => close(server),
  }
}

function createApp(options: DashboardOptions, credentials: ReturnType<typeof createCredentials>): express.Express {
  const { environment, log, clock = systemClock, sessionTtlMs, boards } = options
  const sessions =
    options.sessions ?? createDashboardSessions({ clock, ...(sessionTtlMs === undefined ? {} : { sessionTtlMs }) })
  const cookie = createSessionCookie(environment)
  const limiter = createLoginLimiter({ clock })
  const logins = createLogins(options)
  const isPage = (path: string) => options.console !== undefined && PAGES.some((page) => page.path === path)
  const app = express()
    .disable('x-powered-by')
    .set('trust proxy', options.trustedProxies ?? [])
  if (options.beside) app.use(options.beside)
  app.use(securityHeaders)
  for (const path of ['/healthz', LIVE_PATH])
    app.get(path, (_request, response) => void response.json({ status: 'ok' }))
  app.get(READY_PATH, async (_request, response) => {
    const missing = (await options.readiness?.read())?.missing ?? []
    if (missing.length === 0) response.json({ status: 'ok' })
    else response.status(503).json({ status: 'unavailable', missing })
  })
  app.use(refuseCrossSite, logInRoutes({ environment, credentials, sessions, cookie, limiter, log, isPage }))
  app.use(requireViewer({ sessions, cookie, logins, isPage }))
  app.get('/', showOverview(options, clock))
  app.use('/queues', createBoards({ basePath: '/queues', boards, environment }))
  if (options.console) app.use(createConsole(options.console, environment))
  app.use((_request, response) => sendProblem(response, 404, 'Nothing here', 'This page does not exist.'))
  app.use(reportFault(log))
  return app
}

function figuresLate(): Error {
  return new AfterturnError('STORE_UNAVAILABLE', `The figures could not be read within ${OVERVIEW_TIMEOUT_MS} ms.`)
}

function barOf({ environment, console }: DashboardOptions, viewer: ConsoleUser): Html {
  if (console) return menuBar({ environment, menu: PAGES.filter(({ isInMenu }) => isInMenu) }, viewer, '/')
  return html`<span class="environment ${environment}">${environment}</span>
<nav aria-label="Pages"><a href="/" aria-current="page">Overview</a><a href="/queues">Queues</a></nav>
<form method="post" action="/logout"><button type="submit">Log out</button></form>`
}

function showOverview(options: DashboardOptions, clock: Clock): RequestHandler {
  const { overview, boards, log } = options
  const titles = boards.map(({ queue, title }) => ({ name: queue.name, title }))
  return async (request, response) => {
    const bar = barOf(options, response.locals.viewer as ConsoleUser)
    const isLive = request.query.live === '1'
    const refresh = isLive ? { refreshSeconds: LIVE_SECONDS } : {}
    try {
      const figures = await withinDeadline(overview(), OVERVIEW_TIMEOUT_MS, figuresLate)
      const body = overviewPage(figures, titles, clock.now(), isLive)
      sendPage(response, { title: 'Overview', bar, body, ...refresh })
    } catch (error) {
      log.error({ err: error }, 'dashboard: could not read the figures')
      sendPage(response, {
        title: 'Overview',
        bar,
        body: overviewUnavailablePage(clock.now(), isLive),
        status: 503,
        ...refresh,
      })
    }
  }
}

/** Express calls this for errors of handlers, and for bodies that its parsers refuse, whose errors have a 4xx status. */
function reportFault(log: Log): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (response.headersSent) return next(error)
    if (isAfterturnError(error) && error.retryable) {
      // Neither logged in nor logged out: nobody knows.
      log.warn({ code: error.code }, 'dashboard: a request could not be answered')
      return sendProblem(response, 503, 'Not now', 'The store cannot be reached. You stay logged in: try again.')
    }
    const status = typeof error?.status === 'number' && error.status >= 400 && error.status < 500 ? error.status : 500
    if (status === 500) log.error({ err: error }, 'dashboard: a request failed')
    sendProblem(
      response,
      status,
      'That did not work',
      status === 500 ? 'The log of this process says why.' : 'The request was refused.',
    )
  }
}

function sendProblem(response: express.Response, status: number, title: string, text: string): void {
  const body = html`<div class="card problem"><h1>${title}</h1><p>${text}</p><p><a href="/">Overview</a></p></div>`
  sendPage(response, { title, body, status })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
