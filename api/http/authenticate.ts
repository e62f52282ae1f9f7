import type { IncomingMessage } from 'node:http'
import type { Access } from '../../shared/access/access.ts'
import { type Caller, callerIn, type Principal, refused } from '../../shared/access/caller.ts'

/**
 * Owns where a request carries its credential: `Authorization: Bearer KEY`, and nowhere else. Must not read cookies or the query, which end up in
 * other sites' requests and in logs.
 */

/** @throws UNAUTHENTICATED, STORE_UNAVAILABLE */
export function authenticate(request: Pick<IncomingMessage, 'headers'>, access: Access): Promise<Principal> {
  const [scheme, credential, ...rest] = (request.headers.authorization ?? '').split(' ')
  if (scheme?.toLowerCase() !== 'bearer' || !credential || rest.length > 0)
    return Promise.reject(refused('Expected the header `Authorization: Bearer KEY`.'))
  return access.authenticate(credential)
}

/**
 * Who asks for something of an org; for routers of others, which mount behind the same check.
 * @throws UNAUTHENTICATED, ORG_UNKNOWN, STORE_UNAVAILABLE
 */
export async function authenticateIn(
  request: Pick<IncomingMessage, 'headers'>,
  access: Access,
  orgId: string,
): Promise<Caller> {
  return callerIn(await authenticate(request, access), orgId)
}
