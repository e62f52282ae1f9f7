import type { Clock } from '../clock.ts'
import { findApiKey } from '../store/control/api-keys.ts'
import type { Database } from '../store/database.ts'
import { readInTime } from '../store/with-store-errors.ts'
import { isSameHash, readKeyText } from './api-key-text.ts'
import { type Principal, refused } from './caller.ts'
import type { KeyChanges } from './key-changes.ts'
import { createKnownKeys } from './known-keys.ts'
import type { Scope } from './scopes.ts'
import type { VerifyToken } from './verify-token.ts'

/** Owns who a bearer credential is: an API key, or a token of the configured issuer. */
export type Access = {
  /**
   * Whom a credential stands for. It is asked on each request; what it knows of a key it forgets the moment that the key is revoked.
   * @throws UNAUTHENTICATED, STORE_UNAVAILABLE
   */
  authenticate(credential: string): Promise<Principal>
}

type AccessServices = {
  readonly database: Database
  readonly clock: Clock
  /** Absent without JWT_ISSUER. */
  readonly verifyToken?: VerifyToken | undefined
  readonly changes: KeyChanges
}

/** Longer credentials are none: a token with many claims has some 2 KB. */
const MAX_CREDENTIAL_LENGTH = 8_192

export function createAccess({ database, clock, verifyToken, changes }: AccessServices): Access {
  const known = createKnownKeys(changes)
  return {
    async authenticate(credential) {
      const key = credential.length <= MAX_CREDENTIAL_LENGTH ? readKeyText(credential) : undefined
      if (!key) {
        if (verifyToken && credential.length <= MAX_CREDENTIAL_LENGTH) return verifyToken(credential)
        throw refused('The credential is not an API key.')
      }
      const row = await known.get(key.id, () => readInTime(findApiKey(database, key.id)))
      // One message for all: whoever guesses must not learn which ids exist.
      if (!row || !isSameHash(row.secretHash, key.secretHash)) throw refused('The API key is not known.')
      if (row.revokedAt !== null) throw refused('The API key was revoked.')
      if (row.expiresAt !== null && row.expiresAt <= clock.now()) throw refused('The API key has expired.')
      return {
        orgId: row.orgId,
        userId: row.userId ?? undefined,
        scopes: row.scopes as readonly Scope[],
        keyId: row.keyId,
        expiresAt: row.expiresAt ?? undefined,
      }
    },
  }
}
