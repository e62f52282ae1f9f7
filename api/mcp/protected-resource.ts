import type { RequestHandler } from 'express'
import { SCOPES } from '../../shared/access/scopes.ts'

/**
 * Owns what a client of MCP is told of tokens (RFC 9728): for which address they must be made, and who makes them. Only where an issuer is configured, and
 * the API's public address: keys need none of it.
 */
export type ProtectedResource = { readonly publicUrl: string; readonly issuer: string }

export const PROTECTED_RESOURCE_PATH = '/.well-known/oauth-protected-resource/mcp'

export function describeResource({ publicUrl, issuer }: ProtectedResource): RequestHandler {
  const description = {
    resource: addressOf(publicUrl, '/mcp'),
    authorization_servers: [issuer],
    scopes_supported: SCOPES,
    bearer_methods_supported: ['header'],
  }
  return (_request, response) => void response.json(description)
}

/** What a refusal says in its head. */
export function challengeOf(resource: ProtectedResource | undefined): string {
  return resource ? `Bearer resource_metadata="${addressOf(resource.publicUrl, PROTECTED_RESOURCE_PATH)}"` : 'Bearer'
}

function addressOf(publicUrl: string, path: string): string {
  return `${publicUrl.replace(/\/$/, '')}${path}`
}
