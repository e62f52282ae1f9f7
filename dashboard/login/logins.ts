import type { Request } from 'express'
import { ANYBODY, type Permission, ROLES, type Role } from '../../shared/dashboard-logins.ts'

/** Identifies a user of the dashboard and the user's role. Guarantees: no role, no entry; a header counts only from a trusted proxy. */

/** Somebody who may see the dashboard. */
export type ConsoleUser = {
  readonly name: string
  readonly role: Role
  may(permission: Permission): boolean
}

export type Logins = {
  /** The name that the trusted proxy gives; undefined without one. */
  nameFromProxy(request: Request): string | undefined
  /** Undefined for a name without a role. */
  viewerOf(name: string, isFromProxy: boolean): ConsoleUser | undefined
}

export type LoginSettings = {
  /** The user of DASHBOARD_PASSWORD, an admin. */
  readonly user: string
  readonly roles?: ReadonlyMap<string, Role> | undefined
  /** The header in which a trusted proxy names who is logged in. @default none */
  readonly userHeader?: string | undefined
}

const MAX_NAME_LENGTH = 200

/** Binds the roles to names. */
export function createLogins({ user, roles = new Map(), userHeader }: LoginSettings): Logins {
  return {
    nameFromProxy(request) {
      if (userHeader === undefined) return undefined
      const isTrusted = request.app.get('trust proxy fn') as (address: string, hop: number) => boolean
      if (!isTrusted(request.socket.remoteAddress ?? '', 0)) return undefined
      const name = request.get(userHeader)?.trim()
      return name === undefined || name === '' || name.length > MAX_NAME_LENGTH ? undefined : name
    },
    viewerOf(name, isFromProxy) {
      const everybody = isFromProxy ? roles.get(ANYBODY) : undefined
      // A name that a proxy gives is the password login's only if DASHBOARD_ROLES says so.
      const role = roles.get(name) ?? (name === user && !isFromProxy ? 'admin' : everybody)
      if (role === undefined || name === ANYBODY) return undefined
      const permissions: readonly Permission[] = ROLES[role]
      return { name, role, may: (permission) => permissions.includes(permission) }
    },
  }
}
