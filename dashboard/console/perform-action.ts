import { createHash } from 'node:crypto'
import type { Request, Response } from 'express'
import { AfterturnError, isAfterturnError } from '../../shared/errors.ts'
import { insertAuditIntent, settleAuditEvent } from '../../shared/store/console/audit-events.ts'
import { readInTime } from '../../shared/store/with-store-errors.ts'
import { type Html, html } from '../html.ts'
import type { ConsoleUser } from '../login/logins.ts'
import { address } from '../view/links.ts'
import { PAGES } from './catalog.ts'
import { type Frame, sendConsolePage } from './console-page.ts'
import type { ConsoleServices } from './console-services.ts'
import { type AnyAction, actionPath, type Done, type Look } from './define-action.ts'
import { parseFields } from './parse-fields.ts'

/**
 * Confirms and performs an action: intent, effect, outcome. Guarantees: no effect without a committed intent; nothing happens that differs from what
 * the confirmed page showed; a failure is an outcome too.
 */

const OVERVIEW = '/'

type Given = Readonly<Record<string, unknown>>

/** An action that a person asks for, on either of its pages. */
type ActionRequest = {
  readonly services: ConsoleServices
  readonly frame: Frame
  readonly action: AnyAction
  readonly given: Given
  readonly response: Response
  readonly viewer: ConsoleUser
}

/** Shows what an action would touch, and asks. */
export async function showConfirmation(request: ActionRequest): Promise<void> {
  const { services, action, given, response } = request
  const look = await action.look(services, parseFields(action.fields, given))
  const form = confirmForm(action, given, look, cameFrom(response.req))
  sendPage(request, `${action.label}?`, html`${look.shows}${form}`)
}

/** Does it, if everything is still as the confirmed page showed it. */
export async function performAction(request: ActionRequest): Promise<void> {
  const { services, action, given, response, viewer } = request
  const fields = parseFields(action.fields, given)
  const look: Look = await action.look(services, fields)
  if (action.isUnconfirmed !== true) {
    if (given.seen !== digestOf(look)) throw changed()
    if (look.typed !== undefined && given.typed !== look.typed)
      throw new AfterturnError(
        'INPUT_INVALID',
        `Expected ${JSON.stringify(look.typed)} to be typed, got another text.`,
        { recorded: 'no' },
      )
  }
  const { database, clock } = services
  const audit = await readInTime(
    insertAuditIntent(database, {
      at: clock.now(),
      actor: viewer.name,
      role: viewer.role,
      action: action.name,
      orgId: look.orgId,
      subject: look.subject,
      address: response.req.ip ?? 'unknown',
    }),
  )
  const settle = (outcome: 'done' | 'refused', code: string | null, message: string) =>
    readInTime(settleAuditEvent(database, audit, { outcome, code, message, settledAt: clock.now() }))
  let done: Done
  try {
    done = await action.run(services, fields, viewer)
    if (done.file) await sendFile(response, done.file)
  } catch (error) {
    const { code, message } = isAfterturnError(error)
      ? error
      : { code: 'UNEXPECTED', message: 'The log of this process says why.' }
    await settle('refused', code, message).catch(() => {})
    throw error
  }
  await settle('done', null, done.message)
  if (done.file) return
  if (done.shows) sendPage(request, action.label, done.shows)
  else response.redirect(303, address('/outcome', { id: audit, next: done.next ?? pageAt(given.from) }))
}

function sendPage({ response, frame, viewer, action, services }: ActionRequest, title: string, body: Html): void {
  sendConsolePage(response, frame, { viewer, path: actionPath(action), title, body, now: services.clock.now() })
}

async function sendFile(response: Response, { name, lines }: NonNullable<Done['file']>): Promise<void> {
  response.type('application/x-ndjson').attachment(name)
  for await (const line of lines) {
    if (response.destroyed) throw new AfterturnError('REQUEST_TIMEOUT', 'The download was broken off.')
    if (!response.write(`${line}\n`))
      await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}

function changed(): AfterturnError {
  return new AfterturnError(
    'PAGE_STALE',
    'Nothing was done: what the confirmed page showed has changed since. Go back, look again, and repeat it if it is still right.',
    { recorded: 'no' },
  )
}

function digestOf({ state }: Look): string {
  return createHash('sha256').update(JSON.stringify(state)).digest('base64url')
}

function confirmForm(action: AnyAction, given: Given, look: Look, from: string): Html {
  const kept: [string, string][] = Object.keys(action.fields.shape)
    .filter((name) => !action.asks?.some((ask) => ask.name === name))
    .flatMap((name) => {
      const value = look.fields?.[name] ?? given[name]
      const values = Array.isArray(value) ? value : [value]
      return values.filter((one) => typeof one === 'string').map((one): [string, string] => [name, one])
    })
  const hidden = [...kept, ['seen', digestOf(look)] as const, ['from', from] as const]
  return html`<form class="card confirm" method="post" action="${actionPath(action)}">
${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${(action.asks ?? []).map(
  ({ name, label, hint }) =>
    html`<label for="ask-${name}">${label}</label><input id="ask-${name}" name="${name}" maxlength="500" autocomplete="off">${hint === undefined ? html`` : html`<span class="quiet">${hint}</span>`}`,
)}
${look.typed === undefined ? html`` : html`<label for="typed">This cannot be undone. Type <b>${look.typed}</b> to confirm</label><input id="typed" name="typed" autocomplete="off" autocapitalize="none" spellcheck="false" required>`}
<p class="actions"><button type="submit" class="primary">${action.label}</button><a class="button" href="${from}">Cancel</a></p>
</form>`
}

/** The page of the console, with its query, from which a request came; the overview when no header says. */
function cameFrom(request: Pick<Request, 'get'>): string {
  const referrer = URL.parse(request.get('referer') ?? '')
  return referrer?.host === request.get('host') ? pageAt(referrer?.href ?? '') : OVERVIEW
}

/** The page at an address, with its query; the overview when it is none of the console's. Anybody may have written the address. */
function pageAt(address: unknown): string {
  const url = typeof address === 'string' ? URL.parse(address, 'http://console') : null
  return url && PAGES.some(({ path }) => path === url.pathname) ? url.pathname + url.search : OVERVIEW
}
