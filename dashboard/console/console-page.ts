import type { Response } from 'express'
import { type Html, html } from '../html.ts'
import type { ConsoleUser } from '../login/logins.ts'
import { sendPage } from '../page.ts'
import type { AnyPage } from './define-page.ts'

/** The frame of the console's pages: the menu, the box that finds, who looks, and in which zone times are. */

type Environment = 'development' | 'production'

export type Frame = {
  readonly environment: Environment
  /** The pages that the menu lists. */
  readonly menu: readonly Pick<AnyPage, 'path' | 'title' | 'permission'>[]
}

/** The bar above a page. */
export function menuBar({ environment, menu }: Frame, viewer: ConsoleUser, current: string): Html {
  const items = menu
    .filter(({ permission }) => viewer.may(permission))
    .map(
      ({ path, title }) =>
        html`<a href="${path}"${path === current ? html` aria-current="page"` : html``}>${title}</a>`,
    )
  return html`<span class="environment ${environment}">${environment}</span>
<form class="find" method="get" action="/find" role="search"><label>Find an id <input name="q" type="search" maxlength="512"></label></form>
<span class="who">${viewer.name} (${viewer.role})</span>
<form method="post" action="/logout"><button type="submit">Log out</button></form>
<nav aria-label="Pages"><a href="/"${current === '/' ? html` aria-current="page"` : html``}>Overview</a>${items}<a href="/queues">Boards</a></nav>`
}

/** Sends a page of the console with its heading. */
export function sendConsolePage(
  response: Response,
  frame: Frame,
  page: { viewer: ConsoleUser; path: string; title: string; body: Html; now: Date; status?: number },
): void {
  const { viewer, path, title, body, now, status = 200 } = page
  const time = now.toISOString()
  sendPage(response, {
    title,
    status,
    bar: menuBar(frame, viewer, path),
    body: html`<div class="heading"><h1>${title}</h1>
<p class="as-of">As of <time datetime="${time}">${time.slice(11, 19)}</time>, times in UTC</p></div>
${body}`,
  })
}
