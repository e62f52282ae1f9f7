import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import type { Queue } from 'bullmq'
import { type Express, type RequestHandler, Router } from 'express'
import { maskSecrets } from './mask-secrets.ts'
import { LOGO } from './page.ts'
import { BOARD_POLICY } from './security-headers.ts'

/**
 * Owns the boards of the queues: Bull Board, read-only.
 * Guarantees: only GET and HEAD pass, whatever Bull Board offers; secrets are masked in every answer; its page loads nothing from elsewhere.
 */

const MAX_JOBS_PER_PAGE = 300

/** One queue to show, and how people call it. */
export type Board = { readonly queue: Queue; readonly title: string; readonly description: string }

/**
 * Builds the router of the boards, to be mounted at `basePath`.
 * Obliterate, promote-all and the like stay off also because their unbounded reads block Redis (229 ms at 50,000 jobs).
 */
export function createBoards(options: {
  basePath: string
  boards: readonly Board[]
  environment: 'development' | 'production'
}): RequestHandler {
  const adapter = new ExpressAdapter().setBasePath(options.basePath)
  createBullBoard({
    queues: options.boards.map(
      ({ queue, title, description }) =>
        new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false, displayName: title, description }),
    ),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Afterturn queues',
        boardLogo: { path: LOGO, width: 28, height: 28 },
        favIcon: { default: LOGO, alternative: LOGO },
        miscLinks: [{ text: 'Overview', url: '/' }],
        hideDocsLink: true,
        ...(options.environment === 'production'
          ? { environment: { label: 'Production', color: '#b91c1c', textColor: '#ffffff' } }
          : {}),
      },
      handlerHooks: {
        after: (_context, result) => ({ ...result, body: maskSecrets(result.body) as typeof result.body }),
      },
    },
  })
  const bullBoard: Express = adapter.getRouter()
  return Router().use(readOnly, boundedPage, boardHeaders, bullBoard.disable('x-powered-by'))
}

const readOnly: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD') next()
  else response.set('Allow', 'GET, HEAD').status(405).json({ error: 'READ_ONLY' })
}

/** A page of jobs is one Lua call, during which Redis does nothing else. */
const boundedPage: RequestHandler = (request, response, next) => {
  if (Number(request.query.jobsPerPage ?? 0) <= MAX_JOBS_PER_PAGE) next()
  else response.status(400).json({ error: 'PAGE_TOO_LARGE' })
}

const boardHeaders: RequestHandler = (request, response, next) => {
  response.set('Content-Security-Policy', BOARD_POLICY)
  // The files carry a digest in their names; the browser may keep them but asks whether they still stand, and so whether it may.
  if (request.path.startsWith('/static/')) response.set('Cache-Control', 'private, no-cache')
  const send = response.send.bind(response)
  response.send = (body) => send(typeof body === 'string' ? selfContained(body) : body)
  next()
}

/** Bull Board's page links a font of Google's and styles its first moment inline: neither passes the policy, so neither is sent. */
function selfContained(page: string): string {
  if (!/^<!doctype html>/i.test(page)) return page
  return page
    .replace(/<link href="https:\/\/fonts\.googleapis\.com[^>]*>/, '')
    .replace(/<div id="root">.*?<\/style>\s*<\/div>/s, '<div id="root"></div>')
}
