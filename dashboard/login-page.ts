import { type Html, html } from './html.ts'

/** Owns the log-in form. It works with a keyboard, a screen reader and a password manager. */

/** What the form says: `fault` after a refused try, `hint` for what is odd about the connection. */
export type LoginForm = { readonly next: string; readonly fault?: string; readonly hint?: string }

/** Renders the form; `next` is the local path to go on to. */
export function loginPage({ next, fault, hint }: LoginForm): Html {
  const faultId = fault === undefined ? undefined : html` aria-describedby="fault"`
  return html`<form class="card login" method="post" action="/login">
<h1>Log in</h1>
${fault === undefined ? undefined : html`<p id="fault" class="notice bad" role="alert">${fault}</p>`}
${hint === undefined ? undefined : html`<p class="notice warn">${hint}</p>`}
<input type="hidden" name="next" value="${next}">
<label for="user">User</label>
<input id="user" name="user" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" required autofocus${faultId}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="500" required${faultId}>
<button type="submit" class="primary">Log in</button>
</form>`
}
