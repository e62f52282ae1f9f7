import type { JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Config } from '../config.ts'
import { AfterturnError } from '../errors.ts'
import { idSchema } from '../parse-input.ts'
import { EVERY_ORG, type Principal, refused } from './caller.ts'
import { SCOPES, type Scope } from './scopes.ts'

/**
 * Owns which tokens of the host's identity provider are taken: signed by a key of JWT_JWKS_URL, of JWT_ISSUER, for JWT_AUDIENCE, not expired.
 * Guarantees: a token stands for its subject, and for no other user.
 */

/** @throws UNAUTHENTICATED, REQUEST_TIMEOUT while the issuer's keys cannot be read */
export type VerifyToken = (token: string) => Promise<Principal>

/** Asymmetric only: a shared secret in place of a public key is the classic forgery. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']
const CLOCK_TOLERANCE_SECONDS = 30
const JWKS_TIMEOUT_MS = 3_000

const claimsSchema = z.object({ sub: idSchema, scope: z.string(), exp: z.number() })

/** Makes the check; undefined without JWT_ISSUER. `keys` stand in for those of the address. */
export function createTokenVerifier(
  config: Pick<Config, 'jwtIssuer' | 'jwtAudience' | 'jwtJwksUrl' | 'jwtOrgClaim'>,
  keys?: JWTVerifyGetKey,
): VerifyToken | undefined {
  const { jwtIssuer: issuer, jwtAudience: audience, jwtJwksUrl, jwtOrgClaim } = config
  if (issuer === undefined || audience === undefined || jwtJwksUrl === undefined) return undefined
  let keySet = keys
  const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_SECONDS }
  return async (token) => {
    const { createRemoteJWKSet, errors, jwtVerify } = await import('jose')
    keySet ??= createRemoteJWKSet(new URL(jwtJwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS })
    const { payload } = await jwtVerify(token, keySet, options).catch((error: unknown) => {
      const isAway = error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)
      if (isAway)
        throw new AfterturnError('REQUEST_TIMEOUT', 'The keys of the token issuer cannot be read now.', {
          cause: error,
          recorded: 'no',
        })
      throw refused(`The token is not valid: ${error.code}.`)
    })
    const claims = claimsSchema.safeParse(payload)
    const orgId = idSchema.safeParse(payload[jwtOrgClaim])
    if (!claims.success || !orgId.success || orgId.data === EVERY_ORG)
      throw refused(`Expected a token with the claims sub, scope, exp and ${jwtOrgClaim}.`)
    const { sub, scope } = claims.data
    const named = scope.split(' ')
    return {
      orgId: orgId.data,
      userId: sub,
      scopes: SCOPES.filter((one: Scope) => named.includes(one)),
      keyId: `jwt:${sub}`,
    }
  }
}
