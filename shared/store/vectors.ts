import { sql } from 'kysely'
import type { EmbeddingModel } from '../ai/model-provider.ts'
import type { Database } from './database.ts'
import type { FencedTransaction } from './org-fences.ts'
import type { ItemKind } from './schema.ts'

/** Owns vectors, by org, item and model. Vectors of different models are never compared; what a model lacks is made by a job. */

export type ItemVector = { readonly kind: ItemKind; readonly item: number; readonly vector: Float32Array }

/** Writes the vectors of items in one model's space; one that is there already stays. */
export async function insertVectors(
  transaction: FencedTransaction,
  model: EmbeddingModel,
  vectors: readonly ItemVector[],
): Promise<void> {
  if (vectors.length === 0) return
  await sql`
    with added as (
      insert into vectors (org_id, item_kind, item, model, dims, embedding)
      select ${transaction.orgId}, kind, item, ${modelName(model)}, ${model.dims}, embedding::vector
      from unnest(${vectors.map(({ kind }) => kind)}::text[], ${vectors.map(({ item }) => item)}::bigint[],
        ${vectors.map(({ vector }) => toText(vector))}::text[]) as given (kind, item, embedding)
      on conflict do nothing returning item_kind)
    insert into vector_spaces (org_id, item_kind, model, dims, items)
    select ${transaction.orgId}, item_kind, ${modelName(model)}, ${model.dims}, count(*) from added group by item_kind order by item_kind
    on conflict (org_id, item_kind, model, dims) do update set items = vector_spaces.items + excluded.items`.execute(
    transaction,
  )
}

/** The items whose vectors are nearest to the query's, by cosine, exactly. */
export async function nearestItems(
  database: Database,
  orgId: string,
  kind: ItemKind,
  model: EmbeddingModel,
  query: Float32Array,
  limit: number,
): Promise<{ item: number; cosine: number }[]> {
  const { rows } = await sql<{ item: number; cosine: number }>`
    select item, 1 - (embedding <=> ${toText(query)}::vector) as cosine from vectors
    where org_id = ${orgId} and item_kind = ${kind} and model = ${modelName(model)} and dims = ${model.dims}
    order by embedding <=> ${toText(query)}::vector limit ${limit}`.execute(database)
  return rows
}

/** Vectors of some items that are stored in the model's space, as cosines to the query. */
export async function cosinesOf(
  database: Database,
  orgId: string,
  kind: ItemKind,
  model: EmbeddingModel,
  query: Float32Array,
  items: readonly number[],
): Promise<Map<number, number>> {
  if (items.length === 0) return new Map()
  const { rows } = await sql<{ item: number; cosine: number }>`
    select item, 1 - (embedding <=> ${toText(query)}::vector) as cosine from vectors
    where org_id = ${orgId} and item_kind = ${kind} and model = ${modelName(model)} and dims = ${model.dims}
      and item = any(${items}::bigint[])`.execute(database)
  return new Map(rows.map((row) => [row.item, row.cosine]))
}

/** The name of a space of vectors in the table; the number of dimensions stands beside it. */
export function modelName(model: EmbeddingModel): string {
  return `${model.provider}/${model.model}`
}

function toText(vector: Float32Array): string {
  return `[${vector.join(',')}]`
}

/** Orgs with items that have no vector in the model's space. */
export async function readOrgsLackingVectors(
  database: Database,
  model: EmbeddingModel,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ orgId: string }>`
    select distinct c.org_id as "orgId" from corpora c
    left join vector_spaces s on s.org_id = c.org_id and s.item_kind = c.item_kind and s.model = ${modelName(model)} and s.dims = ${model.dims}
    where c.items > coalesce(s.items, 0) limit ${limit}`.execute(database)
  return rows.map((row) => row.orgId)
}

/** How many items, of all orgs, have no vector in the model's space. */
export async function countLackingVectors(database: Database, model: EmbeddingModel): Promise<number> {
  const { rows } = await sql<{ lacking: number }>`
    select coalesce(sum(c.items - coalesce(s.items, 0)), 0)::bigint as lacking from corpora c
    left join vector_spaces s on s.org_id = c.org_id and s.item_kind = c.item_kind and s.model = ${modelName(model)} and s.dims = ${model.dims}`.execute(
    database,
  )
  return rows[0]?.lacking ?? 0
}

/** Items of an org with a vector of another model and none of this one, oldest first; every indexed item has one of some model. */
export async function readItemsLackingVectors(
  database: Database,
  orgId: string,
  kind: ItemKind,
  model: EmbeddingModel,
  page: { afterItem: number; limit: number },
): Promise<number[]> {
  const { rows } = await sql<{ item: number }>`
    select distinct o.item from vectors o
    where o.org_id = ${orgId} and o.item_kind = ${kind} and o.item > ${page.afterItem}
      and not exists (select 1 from vectors v where v.org_id = o.org_id and v.item_kind = o.item_kind
        and v.model = ${modelName(model)} and v.dims = ${model.dims} and v.item = o.item)
    order by o.item limit ${page.limit}`.execute(database)
  return rows.map((row) => row.item)
}
