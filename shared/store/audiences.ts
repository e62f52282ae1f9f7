import { type RawBuilder, sql } from 'kysely'
import type { MemoryScope, Viewer } from './scopes.ts'

/**
 * Owns audiences: who sees an item, as the one word by which the index of search is cut, so that a search reads nothing that it may not show.
 * Must not be the only check: what search shows is asked from its own row as well.
 */

/** Of items that everybody of the org sees. */
export const ORG_AUDIENCE = ''

/** The audience of what has a scope and says whose it is. */
export function audienceWord(
  scope: MemoryScope,
  ids: { readonly [Id in keyof Viewer]?: string | null | undefined },
): string {
  return scope === 'org' ? ORG_AUDIENCE : `${scope}:${ids[`${scope}Id`]}`
}

/** What a viewer sees: the org's items and those of what it names. */
export function audiencesOf({ userId, agentId, workstreamId }: Viewer): string[] {
  return [
    ORG_AUDIENCE,
    ...(userId === undefined ? [] : [`user:${userId}`]),
    ...(agentId === undefined ? [] : [`agent:${agentId}`]),
    ...(workstreamId === undefined ? [] : [`workstream:${workstreamId}`]),
  ]
}

/** The audience of an item, as its row says; items of other kinds are the org's. `kind` and `item` are columns or values. */
export function audienceOf(kind: RawBuilder<string>, item: RawBuilder<number>): RawBuilder<string> {
  return sql<string>`coalesce(case ${kind}
    when 'memory' then (select coalesce('user:' || m.user_id, 'agent:' || m.agent_id, 'workstream:' || m.workstream_id) from memories m where m.id = ${item})
    when 'turn' then (select case t.memory_scope when 'user' then 'user:' || t.user_id when 'agent' then 'agent:' || t.agent_id
      when 'workstream' then 'workstream:' || t.workstream_id end from turns t where t.id = ${item}) end, ${ORG_AUDIENCE})`
}
