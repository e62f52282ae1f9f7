import { type AnyAction, actionPath } from '../console/define-action.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleUser } from '../login/logins.ts'
import { address } from './links.ts'

/** Owns how actions are offered: to those who may, and not at all to others. */

type Fields = Readonly<Record<string, string | number | undefined>>

/** A link to the page that confirms an action; nothing for who may not. */
export function offer(viewer: ConsoleUser, action: AnyAction, fields: Fields, label = action.label): Html {
  if (!viewer.may(action.permission)) return html``
  return html`<a class="button" href="${address(actionPath(action), fields)}">${label}</a>`
}

/** Several of them in a row. */
export function offers(...items: readonly Html[]): Html {
  const shown = items.filter(({ markup }) => markup !== '')
  return shown.length === 0 ? html`` : html`<p class="actions">${shown}</p>`
}

/** A button that shows one item's words at once, which the audit notes; for who may not, only that they are hidden. `length` is in characters. */
export function hiddenWords(viewer: ConsoleUser, reveal: AnyAction, fields: Fields, length?: number): Html {
  const note = html`<span class="quiet">hidden${length === undefined ? '' : `, ${length} characters`}</span>`
  if (!viewer.may(reveal.permission)) return note
  const inputs = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [html`<input type="hidden" name="${name}" value="${String(value)}">`],
  )
  return html`<form class="inline" method="post" action="${actionPath(reveal)}">${inputs}${note} <button type="submit">Reveal</button></form>`
}
