import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { ItemKind } from '../schema.ts'
import { isMemoryVisible, isTurnVisible, type Viewer } from '../scopes.ts'

/** Owns which items are of a time: turns by when they were said; memories by that too, and by the day that the fact names. */

type Span = { readonly from: Date; readonly to: Date; readonly otherYears?: readonly Span[] }

/** Spans of which the year is known: where it was not said, the first in which the viewer has something, else the first. */
export function settleSpans(
  database: Database,
  orgId: string,
  kind: ItemKind,
  viewer: Viewer,
  spans: readonly Span[],
): Promise<readonly Span[]> {
  return Promise.all(
    spans.map(async (span) => {
      if (span.otherYears === undefined) return span
      const all = [span, ...span.otherYears]
      const isWithinOne = (time: RawBuilder<unknown>) => sql`(${time} >= span.since and ${time} < span.until)`
      const exists =
        kind === 'turn'
          ? sql`select 1 from turns t where org_id = ${orgId} and ${isTurnVisible('t', viewer)} and ${isWithinOne(sql`occurred_at`)}`
          : sql`select 1 from memories m where org_id = ${orgId} and ${isMemoryVisible('m', viewer)} and status = 'active'
              and (${isWithinOne(sql`observed_at`)} or ${isWithinOne(sql`valid_from`)})`
      const { rows } = await sql<{ nth: number }>`
        select nth from unnest(${all.map(({ from }) => from)}::timestamptz[], ${all.map(({ to }) => to)}::timestamptz[])
          with ordinality as span (since, until, nth) where exists (${exists}) order by nth limit 1`.execute(database)
      return all[(rows[0]?.nth ?? 1) - 1] as Span
    }),
  )
}

/** Items of an org that the viewer may see and that are of one of these times, the newest, at most so many. */
export async function readOfTimes(
  database: Database,
  orgId: string,
  kind: ItemKind,
  viewer: Viewer,
  spans: readonly Span[],
  limit: number,
): Promise<number[]> {
  if (spans.length === 0) return []
  const { rows } =
    kind === 'turn'
      ? await sql<{ id: number }>`
        select id from turns t where org_id = ${orgId} and ${isTurnVisible('t', viewer)} and ${isWithin(sql`occurred_at`, spans)}
        order by occurred_at desc, id desc limit ${limit}`.execute(database)
      : await sql<{ id: number }>`
        select id from memories m
        where org_id = ${orgId} and ${isMemoryVisible('m', viewer)} and status = 'active' and ${isMemoryWithin(spans)}
        order by observed_at desc, id desc limit ${limit}`.execute(database)
  return rows.map(({ id }) => id)
}

/** Those of the items that are of one of these times. */
export async function keepOfTimes(
  database: Database,
  orgId: string,
  kind: ItemKind,
  spans: readonly Span[],
  items: readonly number[],
): Promise<Set<number>> {
  if (spans.length === 0 || items.length === 0) return new Set()
  const isOfTime = kind === 'turn' ? isWithin(sql`occurred_at`, spans) : isMemoryWithin(spans)
  const { rows } = await sql<{ id: number }>`
    select id from ${sql.table(kind === 'turn' ? 'turns' : 'memories')}
    where org_id = ${orgId} and id = any(${items}::bigint[]) and ${isOfTime}`.execute(database)
  return new Set(rows.map(({ id }) => id))
}

function isMemoryWithin(spans: readonly Span[]): RawBuilder<boolean> {
  return sql<boolean>`(${isWithin(sql`observed_at`, spans)} or ${isWithin(sql`valid_from`, spans)})`
}

function isWithin(time: RawBuilder<unknown>, spans: readonly Span[]): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select 1 from unnest(${spans.map(({ from }) => from)}::timestamptz[], ${spans.map(({ to }) => to)}::timestamptz[]) as span (since, until)
    where ${time} >= span.since and ${time} < span.until)`
}
