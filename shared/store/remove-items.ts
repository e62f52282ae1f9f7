import { sql } from 'kysely'
import type { FencedTransaction } from './org-fences.ts'
import type { ItemKind } from './schema.ts'

/** Takes items out of the index of words, and out of its counts. */
export async function removeTerms(
  transaction: FencedTransaction,
  kind: ItemKind,
  items: readonly number[],
): Promise<void> {
  if (items.length === 0) return
  const { orgId } = transaction
  await sql`
    with removed as (
      delete from postings where org_id = ${orgId} and item_kind = ${kind} and item = any(${items}::bigint[])
      returning item, item_length),
    counted as (select count(*) as items, coalesce(sum(length), 0) as length from (select item, max(item_length) as length from removed group by item) one)
    update corpora c set items = c.items - counted.items, total_length = c.total_length - counted.length
    from counted where c.org_id = ${orgId} and c.item_kind = ${kind}`.execute(transaction)
}

/** Forgets the vectors of items, of every model. */
export async function removeVectors(
  transaction: FencedTransaction,
  kind: ItemKind,
  items: readonly number[],
): Promise<void> {
  if (items.length === 0) return
  const { orgId } = transaction
  await sql`
    with removed as (
      delete from vectors where org_id = ${orgId} and item_kind = ${kind} and item = any(${items}::bigint[]) returning model, dims)
    update vector_spaces s set items = s.items - counted.items
    from (select model, dims, count(*) as items from removed group by model, dims) counted
    where s.org_id = ${orgId} and s.item_kind = ${kind} and s.model = counted.model and s.dims = counted.dims`.execute(
    transaction,
  )
}
