import type { z } from 'zod'
import type { Permission } from '../../shared/dashboard-logins.ts'
import type { Html } from '../html.ts'
import type { ConsoleUser } from '../login/logins.ts'
import type { ConsoleServices } from './console-services.ts'

/**
 * Owns what an action is: one file, one line of `catalog.ts`, one permission. It calls what the command line and the API call. It is confirmed on a page
 * that shows what it would touch; what is no longer as that page showed it is refused.
 */
export type Action<Fields extends z.ZodObject = z.ZodObject> = {
  /** As the audit names it: `dead-letters.replay`. */
  readonly name: string
  /** The label of its button, which begins with a verb. */
  readonly label: string
  readonly permission: Permission
  /** The function of the runtime that it is, as the catalogue of operations names it; undefined for what the console alone has. */
  readonly runtime?: string
  /** The form fields that name its subject. */
  readonly fields: Fields
  /** The fields that a person fills in on the confirmation page. */
  readonly asks?: readonly Ask[]
  /** True if it needs no confirmation page, because it changes nothing and is only recorded. @default false */
  readonly isUnconfirmed?: boolean
  readonly look: (services: ConsoleServices, fields: z.output<Fields>) => Promise<Look>
  readonly run: (services: ConsoleServices, fields: z.output<Fields>, by: ConsoleUser) => Promise<Done>
}

export type Ask = { readonly name: string; readonly label: string; readonly hint?: string }

/** The present subject of an action. */
export type Look = {
  /** By ids, for the audit. */
  readonly subject: string
  /** Null for what is of no single org. */
  readonly orgId: string | null
  /** The content of the confirmation page. */
  readonly shows: Html
  /** JSON of what must still be so when it is confirmed. */
  readonly state: unknown
  /** Fields as they are to be confirmed, where that is more than what was asked. */
  readonly fields?: Readonly<Record<string, string>>
  /** A text that must be typed: for what cannot be undone. */
  readonly typed?: string
}

/** The outcome in words; `shows` replaces the page about it, `lines` are sent as a file. */
export type Done = {
  readonly message: string
  /** The address to continue at. @default the page that the action was asked for on */
  readonly next?: string
  readonly shows?: Html
  readonly file?: { readonly name: string; readonly lines: AsyncIterable<string> }
}

/** Any action, as what iterates the catalogue sees it. */
// biome-ignore lint/suspicious/noExplicitAny: the fields of different actions have no other common type.
export type AnyAction = Action<any>

/** Checks the types of an action. */
export function defineAction<Fields extends z.ZodObject>(action: Action<Fields>): Action<Fields> {
  return action
}

/** Where an action is confirmed and done. */
export function actionPath({ name }: Pick<AnyAction, 'name'>): string {
  return `/actions/${name}`
}
