import type { z } from 'zod'
import type { Permission } from '../../shared/dashboard-logins.ts'
import type { Html } from '../html.ts'
import type { ConsoleUser } from '../login/logins.ts'
import type { ConsoleServices } from './console-services.ts'

/**
 * Owns what a page is: one file, one line of `catalog.ts`, one permission. Its whole state is in its address, and ids stand in the query, where any
 * text fits. A page reads and changes nothing.
 */
export type Page<Query extends z.ZodObject = z.ZodObject> = {
  readonly path: `/${string}`
  readonly title: string
  readonly permission: Permission
  /** True if the menu lists it. @default false */
  readonly isInMenu?: boolean
  /** The query fields of its address, all of them text. */
  readonly query: Query
  readonly show: (services: ConsoleServices, request: PageRequest<z.output<Query>>) => Promise<Shown>
}

type PageRequest<Query> = {
  readonly query: Query
  readonly viewer: ConsoleUser
  readonly now: Date
}

/** The content of a page; its title is the catalogue's unless it names its subject. */
export type Shown = { readonly title?: string; readonly body: Html }

/** Any page, as what iterates the catalogue sees it. */
// biome-ignore lint/suspicious/noExplicitAny: the queries of different pages have no other common type.
export type AnyPage = Page<any>

/** Checks the types of a page. */
export function definePage<Query extends z.ZodObject>(page: Page<Query>): Page<Query> {
  return page
}
