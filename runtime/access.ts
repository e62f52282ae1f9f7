import { type Access, createAccess } from '../shared/access/access.ts'
import { type ApiKeys, createApiKeys } from '../shared/access/api-keys.ts'
import { createKeyChanges } from '../shared/access/key-changes.ts'
import { createOwnership, type Ownership } from '../shared/access/ownership.ts'
import { createTokenVerifier } from '../shared/access/verify-token.ts'
import { createRequestLimiter, type RequestLimiter } from '../shared/limit/request-limiter.ts'
import type { Foundation } from './foundation.ts'

/** Who calls: keys, credentials, what belongs to whom, and how often each may call. */
export type AccessParts = {
  readonly keys: ApiKeys
  readonly access: Access
  readonly ownership: Ownership
  readonly requests: RequestLimiter
  /** Calls back with the id of each key that changed; undefined for all of them. */
  onKeyChange(listener: (keyId: string | undefined) => void): void
  /** Makes every process forget a key that is gone. */
  announceKey(keyId: string): Promise<void>
}

export function createAccessParts(foundation: Foundation): AccessParts {
  const { config, connections } = foundation
  const changes = createKeyChanges({
    keyPrefix: config.redisKeyPrefix,
    redis: connections.getConnectionForProducers,
    openSubscriber: connections.getConnectionForSubscriptions,
  })
  return {
    onKeyChange: changes.onChange,
    announceKey: changes.announce,
    keys: createApiKeys({ ...foundation, announce: changes.announce }),
    access: createAccess({ ...foundation, verifyToken: createTokenVerifier(config), changes }),
    ownership: createOwnership(foundation.database),
    requests: createRequestLimiter({
      ...foundation,
      redis: connections.getConnectionForProducers,
      keyPrefix: config.redisKeyPrefix,
      perMinute: config.maxApiRequestsPerMinute,
    }),
  }
}
