import { type RawBuilder, sql } from 'kysely'
import type { EmbeddingModel } from '../../ai/model-provider.ts'
import { MAX_RETRY_AFTER_MS } from '../../retry-after.ts'
import { audienceOf } from '../audiences.ts'
import type { Database } from '../database.ts'
import type { FencedTransaction } from '../memories/org-fences.ts'
import { onePlan, plannedOnce } from '../planned-once.ts'
import type { ItemKind } from '../schema.ts'
import type { HeldCodes } from './held-codes.ts'
import { codeOf } from './vector-codes.ts'
import { formatModelName, isOfSpace, type VectorSpace } from './vector-space.ts'

/** Owns vectors, by org, item and model. Vectors of different models are never compared; what a model lacks is made by a job. */

type ItemVector = { readonly kind: ItemKind; readonly item: number; readonly vector: Float32Array }
type NearItem = { readonly item: number; readonly cosine: number }

type NearestOptions = {
  /** Items whose cosines are wanted as well, near or not. */
  readonly alsoItems?: readonly number[] | Promise<readonly number[]>
  /** The least number of nearest codes that are compared exactly. @default 200 */
  readonly minCompared?: number | undefined
}

/** Of fewer, the ten nearest may be missed. */
const MIN_COMPARED = 200

/** Writes the vectors of items in one model's space; one that is there already stays. */
export async function insertVectors(
  transaction: FencedTransaction,
  model: EmbeddingModel,
  vectors: readonly ItemVector[],
): Promise<void> {
  if (vectors.length > 0)
    await sql`with ${addingVectors(transaction.orgId, model, vectors)} select 1`.execute(transaction)
}

/** The part of a `with` that does the same. */
export function addingVectors(
  orgId: string,
  model: EmbeddingModel,
  vectors: readonly ItemVector[],
): RawBuilder<unknown> {
  return sql`
    vectors_given as materialized (
      select kind, item, embedding, code, ${audienceOf(sql`given.kind`, sql`given.item`)} as audience
      from unnest(${plannedOnce.text(vectors.map(({ kind }) => kind))}, ${plannedOnce.bigint(vectors.map(({ item }) => item))},
        ${plannedOnce.text(vectors.map(({ vector }) => toText(vector)))}, ${plannedOnce.text(vectors.map(({ vector }) => `x${codeOf(vector).toString('hex')}`))}) as given (kind, item, embedding, code)),
    vectors_added as (
      insert into vectors (org_id, item_kind, item, model, dims, embedding, audience)
      select ${orgId}, kind, item, ${formatModelName(model)}, ${model.dims}, embedding::vector, audience from vectors_given
      on conflict do nothing returning item_kind, item),
    vectors_counted as (
      insert into vector_spaces (org_id, item_kind, model, dims, items)
      select ${orgId}, item_kind, ${formatModelName(model)}, ${model.dims}, count(*) from vectors_added group by item_kind order by item_kind
      on conflict (org_id, item_kind, model, dims) do update
      set items = vector_spaces.items + excluded.items, additions = nextval('vector_additions')
      returning id, item_kind),
    codes_added as (
      insert into vector_codes (space, audience, item, code)
      select spaces.id, given.audience, given.item, given.code::bit varying
      from vectors_counted spaces join vectors_added added using (item_kind)
      join vectors_given given on given.kind = added.item_kind and given.item = added.item)`
}

/**
 * The items of a space whose vectors are nearest to the query's, by cosine, nearest first, and those that are wanted as well; with a limit of 0 these
 * alone. The nearest codes are candidates, which are then compared exactly: some of the last of those that are asked for may be missed.
 */
export async function nearestItems(
  database: Database,
  codes: HeldCodes,
  space: VectorSpace,
  query: Float32Array,
  limit: number,
  { alsoItems = [], minCompared = MIN_COMPARED }: NearestOptions = {},
): Promise<NearItem[]> {
  const [near, also] = await Promise.all([
    limit === 0 ? [] : codes.nearest(database, space, query, Math.max(minCompared, limit)),
    alsoItems,
  ])
  const items = [...near, ...also]
  if (items.length === 0) return []
  // One value: some hundred rows take the store and the driver longer than the cosines do.
  const { rows } = await sql<{ packed: Buffer | null }>`${onePlan}
    with asked as materialized (select ${toText(query)}::vector as vector)
    select string_agg(int8send(item) || float8send(1 - (embedding <=> (select vector from asked))), ''::bytea) as packed from vectors
    where ${isOfSpace(space)} and audience = any(${space.audiences}::text[]) and item = any(${items}::bigint[])`.execute(
    database,
  )
  const found = unpackNearItems(rows[0]?.packed ?? Buffer.alloc(0))
  found.sort((a, b) => b.cosine - a.cosine || a.item - b.item)
  const isWanted = new Set(also)
  return found.filter(({ item }, index) => index < limit || isWanted.has(item))
}

const NEAR_ITEM_BYTES = 16

function unpackNearItems(packed: Buffer): NearItem[] {
  return Array.from({ length: packed.length / NEAR_ITEM_BYTES }, (_, nth) => {
    const at = nth * NEAR_ITEM_BYTES
    return { item: Number(packed.readBigInt64BE(at)), cosine: packed.readDoubleBE(at + 8) }
  })
}

/** A vector as PostgreSQL reads it. */
export function toText(vector: Float32Array): string {
  return `[${vector.join(',')}]`
}

/** Orgs with items that have no vector in the model's space; but for those that wait now until the model can be used again, if a time is given. */
export async function readOrgsLackingVectors(
  database: Database,
  model: EmbeddingModel,
  limit: number,
  now?: Date,
): Promise<string[]> {
  // No wait is longer than the longest: one that is was set by a clock that was ahead.
  const isWaiting = sql`exists (
    select from reembedding_waits w where w.org_id = c.org_id and w.model = ${formatModelName(model)} and w.dims = ${model.dims}
      and w.until > ${now} and w.until <= ${now && new Date(now.getTime() + 2 * MAX_RETRY_AFTER_MS)})`
  const { rows } = await sql<{ orgId: string }>`
    select distinct c.org_id as "orgId" from (select org_id, item_kind, sum(items) as items from corpora group by 1, 2) c
    left join vector_spaces s on s.org_id = c.org_id and s.item_kind = c.item_kind and s.model = ${formatModelName(model)} and s.dims = ${model.dims}
    where c.items > coalesce(s.items, 0) and ${now ? sql`not ${isWaiting}` : sql`true`} limit ${limit}`.execute(
    database,
  )
  return rows.map((row) => row.orgId)
}

/** How many items, of all orgs, have no vector in the model's space. */
export async function countLackingVectors(database: Database, model: EmbeddingModel): Promise<number> {
  const { rows } = await sql<{ lacking: number }>`
    select coalesce(sum(c.items - coalesce(s.items, 0)), 0)::bigint as lacking from (select org_id, item_kind, sum(items) as items from corpora group by 1, 2) c
    left join vector_spaces s on s.org_id = c.org_id and s.item_kind = c.item_kind and s.model = ${formatModelName(model)} and s.dims = ${model.dims}`.execute(
    database,
  )
  return rows[0]?.lacking ?? 0
}

/** Items of an org without a vector of this model, oldest first: with one of another model, or with none, as the model could not be asked. */
export async function readItemsLackingVectors(
  database: Database,
  orgId: string,
  kind: ItemKind,
  model: EmbeddingModel,
  page: { afterItem: number; limit: number },
): Promise<number[]> {
  const isLacking = (item: string) => sql`${sql.ref(item)} > ${page.afterItem} and not exists (
    select 1 from vectors v where v.org_id = ${orgId} and v.item_kind = ${kind} and v.model = ${formatModelName(model)} and v.dims = ${model.dims}
      and v.item = ${sql.ref(item)})`
  const { rows } = await sql<{ item: number }>`
    (select distinct o.item from vectors o where o.org_id = ${orgId} and o.item_kind = ${kind} and ${isLacking('o.item')} order by o.item limit ${page.limit})
    union
    (select m.id from memories m where ${kind === 'memory'} and m.org_id = ${orgId} and m.status = 'active' and ${isLacking('m.id')}
      order by m.id limit ${page.limit})
    union
    (select t.id from turns t where ${kind === 'turn'} and t.org_id = ${orgId} and t.state = 'extracted' and t.written_by is null
      and ${isLacking('t.id')} order by t.id limit ${page.limit})
    order by item limit ${page.limit}`.execute(database)
  return rows.map((row) => row.item)
}
