import type { Request, RequestHandler } from 'express'

/**
 * Protects the pages in the browser: headers that restrict what a page may do, and a refusal of writes that another site started (CSRF).
 * Guarantees: every response has the headers; nothing is loaded from another origin, framed or cached.
 */

/** The policy of responses other than pages. */
const NOTHING_ALLOWED = policy({
  'default-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
})

/**
 * The policy of our own pages: no script at all, one stylesheet known by its digest.
 * @param styleDigest SHA-256 of the inline stylesheet, base64
 */
export function ownPagePolicy(styleDigest: string): string {
  return policy({
    'default-src': "'none'",
    'style-src': `'sha256-${styleDigest}'`,
    'img-src': 'data:',
    'form-action': "'self'",
    'base-uri': "'none'",
    'frame-ancestors': "'none'",
  })
}

/** The style element in the Redis logo of Bull Board 9.10: colours, and the only inline content of its UI. */
const REDIS_LOGO_STYLE = "'sha256-r2N1TB/gHbBtBZFKg7ejmq1acVSREzucTAEw6ga4hoU='"

/** The strictest policy under which Bull Board works: its own scripts and stylesheets, no inline scripts, no other origins. */
export const BOARD_POLICY = policy({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': `'self' ${REDIS_LOGO_STYLE}`,
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'worker-src': "'self'",
  'base-uri': "'self'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
})

/** Sets the headers of every response; a page widens the content policy as needed. */
export const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': NOTHING_ALLOWED,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    // Not no-referrer: that makes browsers send `Origin: null` with our own forms.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'X-Robots-Tag': 'noindex',
    'Cache-Control': 'no-store',
  })
  next()
}

function policy(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ')
}

/**
 * Responds with 403 to requests other than GET and HEAD from another origin. Clients other than browsers send neither header, and pass.
 * Source: net/http.CrossOriginProtection of Go 1.25 (Filippo Valsorda): Sec-Fetch-Site where the browser sends it, else Origin against Host.
 */
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
