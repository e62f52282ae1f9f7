import { AfterturnError } from '../errors.ts'
import type { Scope } from './scopes.ts'

/** Owns who calls. Guarantees: a caller is made of a key or a token, and never of what a request says. */

/** Stands for every org in a key of a host whose customers are orgs. */
export const EVERY_ORG = '*'

/** Whom a credential stands for. */
export type Principal = {
  /** The org, or `EVERY_ORG`. */
  readonly orgId: string
  /** The only user for whom it may act; undefined where it may act for each. */
  readonly userId?: string | undefined
  readonly scopes: readonly Scope[]
  /** When its key ends; absent for one that does not end by itself, and for a token. */
  readonly expiresAt?: Date | undefined
  /** The id of the key, or of the token's issuer and subject. */
  readonly keyId: string
}

/** A principal that acts in one org. */
export type Caller = Principal

/**
 * The caller that a principal is in an org.
 * @throws ORG_UNKNOWN for an org that is not its own, whether or not there is one
 */
export function callerIn(principal: Principal, orgId: string): Caller {
  if (principal.orgId !== EVERY_ORG && principal.orgId !== orgId)
    throw new AfterturnError('ORG_UNKNOWN', `The key knows no org ${JSON.stringify(orgId.slice(0, 100))}.`, {
      recorded: 'no',
    })
  return { ...principal, orgId }
}

/** @throws FORBIDDEN */
export function requireScope({ scopes }: Principal, scope: Scope): void {
  if (scopes.includes(scope)) return
  throw new AfterturnError('FORBIDDEN', `Expected a key with the scope ${scope}, got one with ${scopes.join(', ')}.`, {
    recorded: 'no',
  })
}

/** The error of a credential that is none, or none any more. */
export function refused(message: string): AfterturnError {
  return new AfterturnError('UNAUTHENTICATED', message, { recorded: 'no' })
}
