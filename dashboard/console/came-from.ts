import type { Request } from 'express'
import { PAGES } from './catalog.ts'

const OVERVIEW = '/'

/** The page of the console, with its query, from which a request came; the overview when no header says. */
export function cameFrom(request: Pick<Request, 'get'>): string {
  const referrer = URL.parse(request.get('referer') ?? '')
  return referrer?.host === request.get('host') ? pageAt(referrer?.href ?? '') : OVERVIEW
}

/** The page at an address, with its query; the overview when it is none of the console's. Anybody may have written the address. */
export function pageAt(address: unknown): string {
  const url = typeof address === 'string' ? URL.parse(address, 'http://console') : null
  return url && PAGES.some(({ path }) => path === url.pathname) ? url.pathname + url.search : OVERVIEW
}
