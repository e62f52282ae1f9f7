import { sql } from 'kysely'
import { AfterturnError } from '../../errors.ts'
import type { Database } from '../database.ts'

/** Owns the rows of re-extractions: which turns are extracted once more, and how far that is. Turns are taken in the order of their recording. */

type ReextractionScope = {
  readonly orgId: string
  readonly workstreamId?: string | undefined
  readonly since?: Date | undefined
}

export type Reextraction = {
  readonly id: number
  readonly workstreamId: string | null
  readonly since: Date | null
  readonly requestedAt: Date
  /** Done so far: turns, memories that came and went, and turns that keep what they had since the model gave no answer. */
  readonly turns: number
  readonly added: number
  readonly removed: number
  readonly skipped: number
  readonly afterTurn: number
  readonly uptoTurn: number
}

/** Writes down a wish; one of the same scope that is not complete begins again. */
export async function requestReextraction(
  database: Database,
  { orgId, workstreamId = undefined, since = undefined }: ReextractionScope,
  { by, at }: { readonly by: string; readonly at: Date },
): Promise<{ readonly id: number }> {
  const uptoTurn = sql`coalesce((select max(id) from turns where org_id = ${orgId}), 0)`
  const { rows } = await sql<{ id: number }>`
    with continued as (
      update reextractions set after_turn = 0, upto_turn = ${uptoTurn}, requested_by = ${by}, requested_at = ${at}, turns = 0, added = 0, removed = 0, skipped = 0
      where org_id = ${orgId} and completed_at is null and workstream_id is not distinct from ${workstreamId ?? null}::text
        and since is not distinct from ${since ?? null}::timestamptz returning id),
    added as (
      insert into reextractions (org_id, workstream_id, since, upto_turn, requested_by, requested_at)
      select ${orgId}, ${workstreamId ?? null}::text, ${since ?? null}::timestamptz, ${uptoTurn}, ${by}, ${at}
      where not exists (select 1 from continued) returning id)
    select id from continued union all select id from added`.execute(database)
  return rows[0] as { id: number }
}

/** An org's oldest re-extraction that is not complete. */
export async function readOpenReextraction(database: Database, orgId: string): Promise<Reextraction | undefined> {
  const { rows } = await sql<Reextraction>`
    select id, workstream_id as "workstreamId", since, requested_at as "requestedAt", turns, added, removed, skipped,
      after_turn as "afterTurn", upto_turn as "uptoTurn"
    from reextractions where org_id = ${orgId} and completed_at is null order by id limit 1`.execute(database)
  return rows[0]
}

/** Orgs with a re-extraction that is not complete. */
export async function readOrgsToReextract(database: Database, limit: number): Promise<string[]> {
  const { rows } = await sql<{ orgId: string }>`
    select distinct org_id as "orgId" from reextractions where completed_at is null limit ${limit}`.execute(database)
  return rows.map(({ orgId }) => orgId)
}

/** Row ids of the next turns of a re-extraction: extracted ones, but for those that stand for written facts or were replaced. */
export async function readTurnsToReextract(
  database: Database,
  orgId: string,
  { workstreamId, since, afterTurn, uptoTurn }: Reextraction,
  limit: number,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from turns where org_id = ${orgId} and id > ${afterTurn} and id <= ${uptoTurn} and state = 'extracted' and written_by is null and seq >= 0
      and ${workstreamId === null ? sql`true` : sql`workstream_id = ${workstreamId}`}
      and ${since === null ? sql`true` : sql`occurred_at >= ${since}`}
    order by id limit ${limit}`.execute(database)
  return rows.map(({ id }) => id)
}

export type ReextractedCounts = Pick<Reextraction, 'turns' | 'added' | 'removed' | 'skipped'>

/**
 * Notes that a page is done, or, without turns, that all is.
 * @throws TURNS_CHANGED when somebody asked for it again meanwhile, or another run was first.
 */
export async function advanceReextraction(
  database: Database,
  { id, afterTurn, requestedAt }: Reextraction,
  lastTurn: number | undefined,
  counts: ReextractedCounts,
  now: Date,
): Promise<void> {
  const { numAffectedRows } = await sql`
    update reextractions set after_turn = ${lastTurn ?? afterTurn}, completed_at = ${lastTurn === undefined ? now : null},
      turns = turns + ${counts.turns}::bigint, added = added + ${counts.added}::bigint, removed = removed + ${counts.removed}::bigint,
      skipped = skipped + ${counts.skipped}::bigint
    where id = ${id} and completed_at is null and after_turn = ${afterTurn} and requested_at = ${requestedAt}`.execute(
    database,
  )
  if (numAffectedRows !== 1n)
    throw new AfterturnError(
      'TURNS_CHANGED',
      'Expected a re-extraction as it was read, got one that was changed meanwhile.',
    )
}
