import { createHash } from 'node:crypto'
import type { EmbeddingModel } from '../ai/model-provider.ts'

/**
 * Owns the keys of cached embeddings: `{prefix}:emb:{org}:{what}`, both parts hashed, so that no clear text is in Redis.
 * Guarantees: different orgs, models or texts have different keys; all keys of an org share `embeddingKeyPrefix`, by which erasing finds them.
 */

// 128 bits tell orgs apart; the whole 256 only where a text chosen to collide would be answered with another text's vector.
const ORG_HASH_CHARS = 22

/** What all embedding keys of one org begin with. Safe inside a MATCH pattern if `prefix` is. */
export function embeddingKeyPrefix(prefix: string, orgId: string): string {
  return `${prefix}:emb:${createHash('sha256').update(orgId, 'utf16le').digest('base64url').slice(0, ORG_HASH_CHARS)}:`
}

/** The key of one text's vector. */
export function embeddingKey(prefix: string, orgId: string, model: EmbeddingModel, text: string): string {
  return embeddingKeyPrefix(prefix, orgId) + hashParts([model.provider, model.model, String(model.dims), text])
}

/** Each part with its length before it: without, ("ab", "c") and ("a", "bc") would be one. As UTF-16, which alone keeps lone surrogates apart. */
function hashParts(parts: readonly string[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`, 'utf16le').update(part, 'utf16le')
  return hash.digest('base64url')
}
