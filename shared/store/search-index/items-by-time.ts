import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { ItemKind } from '../schema.ts'
import { isMemoryVisible, isTurnVisible, type Viewer } from '../scopes.ts'

/** Owns which items are of a time: turns by when they were said; memories by that too, and by the day that the fact names. */

type Span = { readonly from: Date; readonly to: Date }

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
