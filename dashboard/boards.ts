import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { ExpressAdapter } from '@bull-board/express'
import type { Queue } from 'bullmq'
import { type Express, type RequestHandler, Router } from 'express'
import { maskSecrets } from './mask-secrets.ts'
import { LOGO } from './page.ts'
import { BOARD_POLICY } from './security.ts'

/**
 * The boards of the queues: Bull Board, read-only.
 * Guarantees: only GET and HEAD pass, whatever Bull Board offers; secrets are masked in every response; its page loads nothing from other
 * origins.
 */

const MAX_JOBS_PER_PAGE = 300

/** One queue to show, with its title. */
export type Board = { readonly queue: Queue; readonly title: string; readonly description: string }

/**
 * Builds the router of the boards, to be mounted at `basePath`.
 * Another reason to keep obliterate, promote-all and the like off: their unbounded reads block Redis (229 ms at 50,000 jobs).
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

/** A page of jobs is one Lua call, which blocks Redis. */
const boundedPage: RequestHandler = (request, response, next) => {
  if (Number(request.query.jobsPerPage ?? 0) <= MAX_JOBS_PER_PAGE) next()
  else response.status(400).json({ error: 'PAGE_TOO_LARGE' })
}

const boardHeaders: RequestHandler = (request, response, next) => {
  response.set('Content-Security-Policy', BOARD_POLICY)
  // File names contain a digest, so the browser may keep them; it must still revalidate, which checks the session.
  if (request.path.startsWith('/static/')) response.set('Cache-Control', 'private, no-cache')
  const send = response.send.bind(response)
  response.send = (body) => send(typeof body === 'string' ? selfContained(body) : body)
  next()
}

/** Removes the Google font and the inline styles of Bull Board's page: the content policy would block both. */
function selfContained(page: string): string {
  if (!/^<!doctype html>/i.test(page)) return page
  return page
    .replace(/<link href="https:\/\/fonts\.googleapis\.com[^>]*>/, '')
    .replace(/<div id="root">.*?<\/style>\s*<\/div>/s, '<div id="root"></div>')
}
