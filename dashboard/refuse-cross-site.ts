import type { Request, RequestHandler } from 'express'

/**
 * Refuses writes that another site started (CSRF).
 * Source: net/http.CrossOriginProtection of Go 1.25 (Filippo Valsorda): Sec-Fetch-Site where the browser sends it, else Origin against Host.
 */

/** Responds with 403 to requests other than GET and HEAD from another origin. Clients other than browsers send neither header, and pass. */
export const refuseCrossSite: RequestHandler = (request, response, next) => {
  if (request.method === 'GET' || request.method === 'HEAD' || isSameOrigin(request)) next()
  else response.status(403).json({ error: 'CROSS_SITE_REFUSED' })
}

function isSameOrigin(request: Request): boolean {
  const site = request.get('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = request.get('origin')
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === request.get('host')?.toLowerCase()
}
