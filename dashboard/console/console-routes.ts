import express, { type RequestHandler, type Response, Router } from 'express'
import { withinDeadline } from '../../shared/deadline.ts'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { html } from '../html.ts'
import type { ConsoleUser } from '../login/logins.ts'
import { ACTIONS, PAGES } from './catalog.ts'
import { type Frame, sendConsolePage } from './console-page.ts'
import type { ConsoleServices } from './console-services.ts'
import { type AnyAction, actionPath } from './define-action.ts'
import { parseFields } from './parse-fields.ts'
import { performAction, showConfirmation } from './perform-action.ts'

/**
 * Mounts the catalogue, and nothing else. Guarantees: every route is one of the catalogue, with its permission checked before anything is read;
 * a GET changes nothing; a page is there within five seconds or says that it is not.
 */

const PAGE_TIMEOUT_MS = 5_000
const FORM_LIMIT = '64kb'
const MAX_FORM_FIELDS = 400

/** Maps a failure to its HTTP status: an unknown id is the reader's fault, an unavailable store nobody's. */
function statusOf({ code, retryable }: AfterturnError): number {
  if (retryable) return 503
  if (code === 'INPUT_INVALID') return 400
  if (code === 'FORBIDDEN') return 403
  return code.endsWith('_UNKNOWN') ? 404 : 409
}

/** Creates the router of the console, to be mounted behind the login. */
export function createConsole(services: ConsoleServices, environment: Frame['environment']): Router {
  const frame: Frame = { environment, menu: PAGES.filter(({ isInMenu }) => isInMenu) }
  const router = Router({ caseSensitive: true, strict: true })

  /** Checks the permission, and shows what fails as a page. */
  const guarded =
    (
      { permission, title, path }: { permission: AnyAction['permission']; title: string; path: string },
      handle: (given: Record<string, unknown>, response: Response, viewer: ConsoleUser) => Promise<unknown>,
    ): RequestHandler =>
    async (request, response) => {
      const viewer = response.locals.viewer as ConsoleUser
      const send = (status: number, body: ReturnType<typeof html>) =>
        sendConsolePage(response, frame, { viewer, path, title, body, now: services.clock.now(), status })
      if (!viewer.may(permission))
        return send(
          403,
          html`<p class="notice bad">Your role, ${viewer.role}, does not allow this: it takes the permission “${permission}”.</p>`,
        )
      try {
        await handle((request.method === 'POST' ? request.body : request.query) ?? {}, response, viewer)
      } catch (error) {
        if (!isAfterturnError(error)) throw error
        if (error.retryable) services.log.warn({ code: error.code, path }, 'dashboard: a page could not be shown')
        if (response.headersSent) return void response.destroy()
        send(
          statusOf(error),
          html`<p class="notice bad" role="alert"><code>${error.code}</code> ${error.message}</p>
<p class="card empty">${error.remedy}</p>`,
        )
      }
    }

  for (const page of PAGES) {
    const show = guarded(page, async (given, response, viewer) => {
      const now = services.clock.now()
      const query = parseFields(page.query, given)
      const shown = await withinDeadline(
        page.show(services, { query, viewer, now }),
        PAGE_TIMEOUT_MS,
        () => new AfterturnError('STORE_UNAVAILABLE', `This page could not be read within ${PAGE_TIMEOUT_MS} ms.`),
      )
      sendConsolePage(response, frame, { viewer, path: page.path, title: page.title, now, ...shown })
    })
    router.get(page.path, show).all(page.path, onlyBy('GET, HEAD'))
  }
  const form = express.urlencoded({ extended: false, limit: FORM_LIMIT, parameterLimit: MAX_FORM_FIELDS })
  for (const action of ACTIONS) {
    const path = actionPath(action)
    const guardedBy = (handle: typeof performAction) =>
      guarded({ permission: action.permission, title: action.label, path }, (given, response, viewer) =>
        handle({ services, frame, action, given, response, viewer }),
      )
    router
      .get(path, guardedBy(showConfirmation))
      .post(path, form, guardedBy(performAction))
      .all(path, onlyBy('GET, HEAD, POST'))
  }
  return router
}

function onlyBy(methods: string): RequestHandler {
  return (_request, response) => void response.set('Allow', methods).status(405).json({ error: 'METHOD_NOT_ALLOWED' })
}
