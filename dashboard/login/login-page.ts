import { type Html, html } from '../html.ts'

/** The login form. It works with a keyboard, a screen reader and a password manager. */

/** The content of the form: `user` as typed and `fault` after a refused attempt, `hint` for a problem with the connection. */
export type LoginForm = {
  readonly next: string
  readonly user?: string
  readonly fault?: string
  readonly hint?: string
}

const FOCUS = html` autofocus`

/** Renders the form; `next` is the local path to redirect to after the login. */
export function loginPage({ next, user = '', fault, hint }: LoginForm): Html {
  const [userFocus, passwordFocus] = user === '' ? [FOCUS, undefined] : [undefined, FOCUS]
  const faultId = fault === undefined ? undefined : html` aria-describedby="fault"`
  return html`<form class="card login" method="post" action="/login">
<h1>Log in</h1>
${fault === undefined ? undefined : html`<p id="fault" class="notice bad" role="alert">${fault}</p>`}
${hint === undefined ? undefined : html`<p class="notice warn">${hint}</p>`}
<input type="hidden" name="next" value="${next}">
<label for="user">User</label>
<input id="user" name="user" value="${user}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" required${userFocus}${faultId}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="500" required${passwordFocus}${faultId}>
<button type="submit" class="primary">Log in</button>
</form>`
}
