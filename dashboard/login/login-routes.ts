import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Log } from '../../shared/observe/log.ts'
import { html } from '../html.ts'
import { sendPage } from '../page.ts'
import type { Credentials } from './credentials.ts'
import type { LoginLimiter } from './login-limiter.ts'
import { type LoginForm, loginPage } from './login-page.ts'
import type { Logins } from './logins.ts'
import { isHttps, type SessionCookie } from './session-cookie.ts'
import type { DashboardSessions } from './sessions.ts'

/**
 * Login and logout, and the gate before all other routes.
 * Guarantees: only somebody with a role sees routes behind `requireViewer`.
 */

const BODY_LIMIT = '4kb'
const BOARD_API = /^\/queues\/(api|static)\//

type Options = {
  readonly environment: 'development' | 'production'
  readonly credentials: Credentials
  readonly sessions: DashboardSessions
  readonly cookie: SessionCookie
  readonly limiter: LoginLimiter
  readonly log: Log
  /** True if a path is one of our own pages. */
  readonly isPage: (path: string) => boolean
}

/** The routes `/login` and `/logout`, to be mounted before the gate. */
export function logInRoutes(options: Options): Router {
  const { credentials, sessions, cookie, limiter, log } = options
  const localPath = (given: string) => localTarget(given, options.isPage)

  function sendForm(request: Request, response: Response, status: number, form: LoginForm): void {
    const hint = connectionHint(options.environment, request)
    sendPage(response, {
      title: 'Log in',
      status,
      body: loginPage({ ...form, ...(hint === undefined ? {} : { hint }) }),
    })
  }

  const tryLogIn: RequestHandler = async (request, response) => {
    // Behind a trusted proxy, the visitor's own.
    const address = request.ip ?? 'unknown'
    const [next, user] = [localPath(fieldOf(request, 'next')), fieldOf(request, 'user')]
    if (!(await limiter.turn(address))) {
      const retryAfterMs = limiter.retryAfterMs(address)
      response.set('Retry-After', String(Math.ceil(retryAfterMs / 1_000)))
      const minutes = Math.ceil(retryAfterMs / 60_000)
      return sendForm(request, response, 429, {
        next,
        user,
        fault: `Too many failed tries. Try again in ${minutes} min.`,
      })
    }
    if (!credentials.matches(user, fieldOf(request, 'password'))) {
      limiter.recordFailure(address)
      // The user's name is not logged: people type passwords into that field.
      log.warn({ address }, 'dashboard: log in refused')
      return sendForm(request, response, 401, { next, user, fault: 'User or password is wrong.' })
    }
    limiter.recordSuccess(address)
    await sessions.close(cookie.read(request))
    cookie.write(request, response, await sessions.open(user))
    log.info({ address }, 'dashboard: logged in')
    response.redirect(303, next)
  }

  return Router()
    .get('/login', async (request, response) => {
      const next = localPath(typeof request.query.next === 'string' ? request.query.next : '')
      if ((await sessions.userOf(cookie.read(request))) !== undefined) response.redirect(303, next)
      else sendForm(request, response, 200, { next })
    })
    .post('/login', express.urlencoded({ extended: false, limit: BODY_LIMIT, parameterLimit: 10 }), tryLogIn)
    .post('/logout', async (request, response) => {
      await sessions.close(cookie.read(request))
      cookie.clear(request, response)
      response.redirect(303, '/login')
    })
}

/**
 * Passes on requests of somebody with a role, as `response.locals.viewer`: named by the trusted proxy, or logged in. Redirects page visits of
 * others to the form, and responds to the rest with 401; whoever has no role gets 403.
 */
export function requireViewer({
  sessions,
  cookie,
  logins,
  isPage,
}: Pick<Options, 'sessions' | 'cookie' | 'isPage'> & { readonly logins: Logins }): RequestHandler {
  return async (request, response, next) => {
    const proxied = logins.nameFromProxy(request)
    const name = proxied ?? (await sessions.userOf(cookie.read(request)))
    const viewer = name === undefined ? undefined : logins.viewerOf(name, proxied !== undefined)
    if (viewer) {
      response.locals.viewer = viewer
      return next()
    }
    const isVisit =
      request.method === 'GET' && !BOARD_API.test(request.path) && request.accepts(['json', 'html']) === 'html'
    if (name !== undefined) return sendNoRole(response, name, isVisit)
    if (!isVisit) return void response.status(401).json({ error: 'LOGIN_REQUIRED' })
    const target = localTarget(request.originalUrl, isPage)
    response.redirect(303, target === '/' ? '/login' : `/login?next=${encodeURIComponent(target)}`)
  }
}

function sendNoRole(response: Response, name: string, isVisit: boolean): void {
  if (!isVisit) return void response.status(403).json({ error: 'FORBIDDEN' })
  const body = html`<div class="card problem"><h1>No role</h1><p>You are known as ${name}, and DASHBOARD_ROLES gives that name no role.</p>
<form method="post" action="/logout"><button type="submit">Log out</button></form></div>`
  sendPage(response, { title: 'No role', body, status: 403 })
}

/** Restricts redirects to our own pages and the boards, and so to this site. */
function localTarget(target: string, isPage: (path: string) => boolean): string {
  const { path, query = '' } = /^(?<path>\/[\w\-./%:~]*)(?<query>\?[\w\-./%:~=&+!'()*]*)?$/.exec(target)?.groups ?? {}
  const isOurs = path !== undefined && (/^\/queues(\/|$)/.test(path) || isPage(path))
  return isOurs ? path + query : '/'
}

function fieldOf(request: Request, name: string): string {
  const value: unknown = (request.body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

/** Without HTTPS a browser drops a Secure cookie, except on the loopback host: warn before a login that cannot succeed. */
function connectionHint(environment: string, request: Request): string | undefined {
  const isLoopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(request.get('host') ?? '')
  if (environment !== 'production' || isHttps(request) || isLoopback) return undefined
  return 'This connection is not encrypted. In production you can only log in over HTTPS: put a TLS proxy in front that sets X-Forwarded-Proto.'
}
