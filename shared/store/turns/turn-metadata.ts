import { type RawBuilder, sql } from 'kysely'
import type { Metadata, MetadataCondition, MetadataFilter } from '../../metadata.ts'
import type { Database } from '../database.ts'

/**
 * Owns the SQL of metadata: one row for each key of a turn, which goes with the turn. A memory has the metadata of the turns that it comes from; where
 * they differ it shows that of the last, and a filter finds it by any.
 */

/** Writes down a turn's metadata. */
export async function insertMetadata(
  transaction: Database,
  orgId: string,
  turn: number,
  metadata: Metadata | undefined,
): Promise<void> {
  if (metadata === undefined || Object.keys(metadata).length === 0) return
  await sql`
    insert into turn_metadata (org_id, turn, key, value)
    select ${orgId}, ${turn}, key, value from jsonb_each(${JSON.stringify(metadata)}::jsonb)`.execute(transaction)
}

/** The metadata of the turn with this row id. */
export function metadataOfTurn(turn: RawBuilder<unknown>): RawBuilder<Metadata> {
  return sql<Metadata>`(select coalesce(jsonb_object_agg(d.key, d.value), '{}') from turn_metadata d where d.turn = ${turn})`
}

/** The metadata of the turns of a memory; of a key that several have, that of the one that said it last. */
export function metadataOfMemory(memory: RawBuilder<unknown>): RawBuilder<Metadata> {
  return sql<Metadata>`(
    select coalesce(jsonb_object_agg(d.key, d.value order by s.said_at, s.turn), '{}')
    from memory_sources s cross join lateral (select key, value from turn_metadata where turn_metadata.turn = s.turn offset 0) d
    where s.memory = ${memory})`
}

/** True for a turn, by its row id, whose metadata meets the filter. */
export function hasTurnMetadata(
  orgId: string,
  filter: MetadataFilter | undefined,
  turn: RawBuilder<unknown>,
): RawBuilder<boolean> {
  if (filter === undefined) return sql<boolean>`true`
  const conditions = Object.entries(filter).map(
    ([key, condition]) =>
      sql`exists (select 1 from turn_metadata d where ${meets(orgId, key, condition)} and d.turn = ${turn})`,
  )
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`
}

/** True for a memory, by its id, that comes from a turn whose metadata meets the filter. */
export function hasMemoryMetadata(
  orgId: string,
  filter: MetadataFilter | undefined,
  memory: RawBuilder<unknown>,
): RawBuilder<boolean> {
  if (filter === undefined) return sql<boolean>`true`
  return sql<boolean>`exists (
    select 1 from memory_sources s where s.memory = ${memory} and ${hasTurnMetadata(orgId, filter, sql`s.turn`)})`
}

/** Row ids of the turns of an org whose metadata meets the filter; undefined when there are, or may be, more than the limit. */
export async function findTurnsByMetadata(
  database: Database,
  orgId: string,
  filter: MetadataFilter,
  limit: number,
): Promise<number[] | undefined> {
  // From the condition that fewest turns meet; none of them is counted beyond the limit.
  const counts = await sql<{ key: string; count: number }>`
    ${sql.join(
      Object.entries(filter).map(
        ([key, condition]) => sql`
          select ${key}::text as key, (select count(*) from (
            select 1 from turn_metadata d where ${meets(orgId, key, condition)} limit ${limit + 1}) met) as count`,
      ),
      sql` union all `,
    )} order by count`.execute(database)
  const [rarest] = counts.rows
  if (!rarest || rarest.count > limit) return undefined
  const { [rarest.key]: first, ...others } = filter
  const rest = Object.keys(others).length > 0 ? hasTurnMetadata(orgId, others, sql`found.turn`) : sql`true`
  const { rows } = await sql<{ turn: number }>`
    select found.turn from (
      select d.turn from turn_metadata d where ${meets(orgId, rarest.key, first as MetadataCondition)} offset 0) found
    where ${rest}`.execute(database)
  return rows.map(({ turn }) => turn)
}

/** Ids of the memories that come from one of these turns. */
export async function findMemoriesOfTurns(database: Database, turns: readonly number[]): Promise<number[]> {
  if (turns.length === 0) return []
  const { rows } = await sql<{ memory: number }>`
    select distinct memory from memory_sources where turn = any(${turns}::bigint[])`.execute(database)
  return rows.map(({ memory }) => memory)
}

/** True for a row `d` of a key whose value meets the condition. */
function meets(orgId: string, key: string, condition: MetadataCondition): RawBuilder<boolean> {
  const ofKey = sql`d.org_id = ${orgId} and d.key = ${key}`
  const json = (value: unknown) => sql`${JSON.stringify(value)}::jsonb`
  if (typeof condition !== 'object') return sql<boolean>`(${ofKey} and d.value = ${json(condition)})`
  if ('in' in condition) return sql<boolean>`(${ofKey} and d.value = any(array[${sql.join(condition.in.map(json))}]))`
  const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=' } as const
  const bounds = Object.entries(operators).flatMap(([name, operator]) => {
    const bound = condition[name as keyof typeof operators]
    return bound === undefined ? [] : [{ bound, operator }]
  })
  // The order of jsonb has the types apart; values of another type are in no range.
  const within = bounds.map(({ bound, operator }) => sql`d.value ${sql.raw(operator)} ${json(bound)}`)
  return sql<boolean>`(${ofKey} and ${sql.join(within, sql` and `)} and jsonb_typeof(d.value) = ${typeof bounds[0]?.bound})`
}
