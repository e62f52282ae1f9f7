import { hash } from 'node:crypto'
import type { EmbeddingModel } from '../../ai/model-provider.ts'
import type { ChatMessage } from '../../ai/model-task.ts'

/**
 * Owns the keys of cached results: `{prefix}:{kind}:{org}:{what}`, the last two hashed, so that no clear text is in a key.
 * Guarantees: different orgs, models or inputs have different keys; all of an org's keys of a kind share a beginning, by which erasing finds them.
 */

/** Whose a result is: one org's, or, under a name that the host has given, everybody's. */
type CacheScope = { readonly orgId: string } | { readonly sharedAs: string }

// 128 bits tell orgs apart; the whole 256 only where an input chosen to collide would be answered with another's result.
const SCOPE_HASH_CHARS = 22

/** What all keys of one embedding model and scope are made by; made once for a batch. */
export function embeddingKeys(prefix: string, scope: CacheScope, model: EmbeddingModel): (text: string) => string {
  const beginning = cacheKeyPrefix(prefix, 'emb', scope)
  const space = joinParts([model.provider, model.model, String(model.dims)])
  return (text) => beginning + digest(space + joinParts([text]))
}

/** What makes two questions to a model the same. Its shape and limits belong to the task's version. */
type CompletionIdentity = {
  readonly provider: string
  readonly model: string
  readonly task: { readonly name: string; readonly version: number }
  readonly messages: readonly ChatMessage[]
}

/** The key of one task's answer. Always one org's: answers hold its users' words. */
export function completionKey(
  prefix: string,
  orgId: string,
  { provider, model, task, messages }: CompletionIdentity,
): string {
  const said = messages.flatMap(({ role, content }) => [role, content])
  return (
    cacheKeyPrefix(prefix, 'cmp', { orgId }) +
    digest(joinParts([provider, model, task.name, String(task.version), ...said]))
  )
}

/** The kinds of entries in the cache Redis, as the keys name them. */
export type CacheKind =
  | 'emb'
  | 'cmp'
  | 'plugin_content'
  | 'plugin_manifest'
  | 'plugin_files'
  | 'tools'
  | 'cache:metadata'
  | 'm2m:tokens'
  | 'cache:llm'

/** The key of an entry of one org: a hash per group of parts, so that all keys under the first groups share a beginning. */
export function entryKey(
  prefix: string,
  kind: CacheKind,
  orgId: string,
  groups: readonly (readonly string[])[],
): string {
  const hashes = groups.map((parts, index) => {
    const whole = digest(joinParts(parts))
    return index === groups.length - 1 ? whole : whole.slice(0, SCOPE_HASH_CHARS)
  })
  return cacheKeyPrefix(prefix, kind, { orgId }) + hashes.join(':')
}

/** The pattern of the keys of entries whose first groups are these; undefined for a group that may be any. `kind` may hold a `*`. */
export function entryPattern(
  prefix: string,
  kind: CacheKind | 'plugin_*',
  orgId: string,
  groups: readonly (readonly string[] | undefined)[],
): string {
  const hashes = groups.map((parts) => (parts ? digest(joinParts(parts)).slice(0, SCOPE_HASH_CHARS) : '*'))
  return `${[prefix, kind, scopeName({ orgId }), ...hashes].join(':')}*`
}

/** Set when what has a tag is invalidated: what was loaded before is neither served nor kept. */
export function tagMarkKey(prefix: string, orgId: string, tag: readonly string[]): string {
  return `${prefix}:mark:${scopeName({ orgId })}:${digest(joinParts(tag))}`
}

/** The pattern of every entry of an org, of whatever kind: that is why the org stands in each key. */
export function orgPattern(prefix: string, orgId: string): string {
  return `${prefix}:*:${scopeName({ orgId })}:*`
}

/** Tells the keys that the patterns of these orgs match, where one walk over all keys is cheaper than one for each pattern. */
export function ofOrgs(prefix: string, orgIds: readonly string[]): (key: string) => boolean {
  const names = new Set(orgIds.map((orgId) => scopeName({ orgId })))
  // Neither the kind before the org nor what follows it is empty.
  return (key) =>
    key
      .slice(prefix.length + 1)
      .split(':')
      .slice(1, -1)
      .some((part) => names.has(part))
}

/** Present for a while after an org was erased: what was asked before that must not be kept. A shared scope is nobody's to erase. */
export function erasureMarkKey(prefix: string, scope: CacheScope): string {
  return `${prefix}:erased:${scopeName(scope)}`
}

/** What all keys of one kind and scope begin with. Safe inside a MATCH pattern if `prefix` is. */
export function cacheKeyPrefix(prefix: string, kind: CacheKind, scope: CacheScope): string {
  return `${prefix}:${kind}:${scopeName(scope)}:`
}

function scopeName(scope: CacheScope): string {
  // A hash holds no dot, so no org has the name of a shared scope.
  if ('sharedAs' in scope) return `shared.${digest(scope.sharedAs).slice(0, SCOPE_HASH_CHARS)}`
  return digest(scope.orgId).slice(0, SCOPE_HASH_CHARS)
}

/** Each part with its length before it: without, ("ab", "c") and ("a", "bc") would be one. */
function joinParts(parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join('')
}

/** As UTF-16, which alone keeps lone surrogates apart. */
function digest(text: string): string {
  return hash('sha256', Buffer.from(text, 'utf16le'), 'base64url')
}
