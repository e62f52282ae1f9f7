import { type RawBuilder, sql } from 'kysely'

/** Owns who may see what: the SQL conditions over memories and turns, so that every reader asks the same question. */

/** Who may see what is remembered of a turn: everybody of the org, or only those who name its user, its agent or its workstream. */
export type MemoryScope = 'org' | 'user' | 'agent' | 'workstream'

/** For whom a search is made. It sees the org's items, and those of what is named here; with nothing named, the org's only. */
export type Viewer = {
  readonly userId?: string | undefined
  readonly agentId?: string | undefined
  readonly workstreamId?: string | undefined
}

/** True for memories that the viewer may see; `table` is the name or alias of `memories`. */
export function isMemoryVisible(table: string, viewer: Viewer): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql<boolean>`(
    (${column('user_id')} is null or ${column('user_id')} = ${viewer.userId ?? null}::text)
    and (${column('agent_id')} is null or ${column('agent_id')} = ${viewer.agentId ?? null}::text)
    and (${column('workstream_id')} is null or ${column('workstream_id')} = ${viewer.workstreamId ?? null}::text))`
}

/** True for turns that the viewer may see; `table` is the name or alias of `turns`. */
export function isTurnVisible(table: string, viewer: Viewer): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql<boolean>`(case ${column('memory_scope')}
    when 'user' then ${column('user_id')} = ${viewer.userId ?? null}::text
    when 'agent' then ${column('agent_id')} = ${viewer.agentId ?? null}::text
    when 'workstream' then ${column('workstream_id')} = ${viewer.workstreamId ?? null}::text
    else true end) is true`
}

/** True for memories that were first said by a time; one without turns was said when it was observed. */
export function isMemorySaidBy(table: string, at: Date): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql<boolean>`(${column('observed_at')} <= ${at} or exists (
    select 1 from memory_sources s cross join lateral (select occurred_at from turns where turns.id = s.turn offset 0) said
    where s.memory = ${column('id')} and said.occurred_at <= ${at}))`
}

/**
 * True for memories that count at a time: reviewed or never held, neither superseded nor over by then. What begins later counts already, for it is known
 * ("the exam is on Friday"), but where it takes the place of what holds until then. This is what reading shows by default.
 */
export function isMemoryCurrent(table: string, at: Date): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql<boolean>`(${column('status')} = 'active' and (${column('over_at')} is null or ${column('over_at')} > ${at})
    and (${column('valid_to')} is null or (${column('valid_to')} > ${at} and ${column('valid_to')} > ${column('valid_from')}))
    and (${column('valid_from')} <= ${at} or not exists (
      select 1 from memories held where held.superseded_by = ${column('id')} and held.valid_to > ${at} and held.valid_to > held.valid_from)))`
}
