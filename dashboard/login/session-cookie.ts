import type { Request, Response } from 'express'

/**
 * The cookie with a session's id.
 * Guarantees: HttpOnly, SameSite=Strict, and Secure in production or behind HTTPS.
 */

export type SessionCookie = {
  read(request: Request): string | undefined
  write(request: Request, response: Response, id: string): void
  clear(request: Request, response: Response): void
}

/** Creates the cookie; in production it is Secure on every connection. */
export function createSessionCookie(environment: 'development' | 'production'): SessionCookie {
  function attributes(request: Request) {
    const isSecure = environment === 'production' || isHttps(request)
    return { httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/' } as const
  }
  return {
    read: (request) => findCookie(request.get('cookie'), nameOf(request)),
    write: (request, response, id) => void response.cookie(nameOf(request), id, attributes(request)),
    clear: (request, response) => void response.clearCookie(nameOf(request), attributes(request)),
  }
}

/** Whether the browser's connection is encrypted. A forged header can only make the cookie stricter. */
export function isHttps(request: Request): boolean {
  return request.secure || request.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https'
}

/** Cookies ignore ports: with the port in the name, two dashboards on one host do not log each other out. */
function nameOf(request: Request): string {
  return `afterturn-${request.socket.localPort}`
}

function findCookie(header: string | undefined, name: string): string | undefined {
  const found = header?.split(';').find((pair) => pair.trim().startsWith(`${name}=`))
  return found?.slice(found.indexOf('=') + 1).trim()
}
