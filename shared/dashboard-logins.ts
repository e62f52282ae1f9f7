/** Owns the form of DASHBOARD_ROLES and DASHBOARD_PASSWORDS: `NAME=VALUE`, and what a role may do. */

/** The permissions of a person on the dashboard. */
export type Permission =
  | 'see'
  | 'content'
  | 'operate'
  | 'review'
  | 'control'
  | 'audit'
  | 'export'
  | 'erase'
  | 'sessions'

const VIEWER: readonly Permission[] = ['see']
const OPERATOR: readonly Permission[] = [...VIEWER, 'content', 'operate', 'review', 'control', 'audit']

/** Each role with its permissions. */
export const ROLES = {
  viewer: VIEWER,
  operator: OPERATOR,
  admin: [...OPERATOR, 'export', 'erase', 'sessions'],
} as const satisfies Record<string, readonly Permission[]>

export type Role = keyof typeof ROLES

/** Stands for everybody whom the proxy lets through. */
export const ANYBODY = '*'

const MAX_NAME_LENGTH = 200

/** The roles by name, from `NAME=ROLE,…`; undefined for a text of another form, and for a name that has two. */
export function splitRoles(text: string | undefined): ReadonlyMap<string, Role> | undefined {
  const pairs = (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [splitPair(part.trim())]))
  const roles = new Map<string, Role>()
  for (const pair of pairs) {
    if (pair === undefined || !Object.hasOwn(ROLES, pair[1]) || roles.has(pair[0])) return undefined
    roles.set(pair[0], pair[1] as Role)
  }
  return roles
}

/** The passwords by name, from `NAME=PASSWORD` separated by white space; undefined for a text of another form. */
export function splitPasswords(text: string | undefined): ReadonlyMap<string, string> | undefined {
  const pairs = (text ?? '').split(/\s+/).flatMap((part) => (part === '' ? [] : [splitPair(part)]))
  if (pairs.some((pair) => pair === undefined || pair[1].length < MIN_PASSWORD_LENGTH)) return undefined
  const passwords = new Map(pairs as [string, string][])
  return passwords.size === pairs.length ? passwords : undefined
}

const MIN_PASSWORD_LENGTH = 8

function splitPair(text: string): [name: string, value: string] | undefined {
  const at = text.indexOf('=')
  const name = text.slice(0, Math.max(0, at)).trim()
  return at < 1 || name === '' || name.length > MAX_NAME_LENGTH ? undefined : [name, text.slice(at + 1).trim()]
}
