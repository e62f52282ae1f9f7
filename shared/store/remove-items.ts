import { sql } from 'kysely'
import type { FencedTransaction } from './org-fences.ts'
import { OCCURRENCE_BYTES, packOccurrences, unpackOccurrences } from './posting-pages.ts'
import type { ItemKind } from './schema.ts'

/** Takes items out of the index of words, and out of its counts. It goes through the org's pages of that kind, for the index is by term. */
export async function removeTerms(
  transaction: FencedTransaction,
  kind: ItemKind,
  items: readonly number[],
): Promise<void> {
  if (items.length === 0) return
  const ofOrg = sql`org_id = ${transaction.orgId} and item_kind = ${kind}`
  const { rows } = await sql<{ term: string; audience: string; page: number; packed: Buffer }>`
    select term, audience, page, packed from postings
    where ${ofOrg} and exists (
      select 1 from generate_series(1, octet_length(packed), ${OCCURRENCE_BYTES}) as at
      where substring(packed from at for 8) in (select float8send(item::float8) from unnest(${items}::bigint[]) as gone (item)))`.execute(
    transaction,
  )
  const gone = new Set(items)
  const indexed = new Map<number, { audience: string; length: number }>()
  const left = rows.map((row) => {
    const occurrences = unpackOccurrences(row.packed)
    for (const { item, itemLength } of occurrences)
      if (gone.has(item)) indexed.set(item, { audience: row.audience, length: itemLength })
    return { ...row, packed: packOccurrences(occurrences.filter(({ item }) => !gone.has(item))) }
  })
  await sql`
    with given as materialized (
      select * from unnest(${left.map(({ term }) => term)}::text[], ${left.map(({ audience }) => audience)}::text[],
        ${left.map(({ page }) => page)}::bigint[], ${left.map(({ packed }) => packed)}::bytea[]) as given (term, audience, page, packed)),
    emptied as (
      delete from postings p using given g
      where p.org_id = ${transaction.orgId} and p.item_kind = ${kind} and p.term = g.term and p.audience = g.audience and p.page = g.page
        and octet_length(g.packed) = 0)
    update postings p set packed = g.packed from given g
    where p.org_id = ${transaction.orgId} and p.item_kind = ${kind} and p.term = g.term and p.audience = g.audience and p.page = g.page
      and octet_length(g.packed) > 0`.execute(transaction)
  await sql`
    update corpora c set items = c.items - given.items, total_length = c.total_length - given.length
    from (select audience, count(*) as items, sum(length) as length
      from unnest(${[...indexed.values()].map(({ audience }) => audience)}::text[], ${[...indexed.values()].map(({ length }) => length)}::real[])
        as one (audience, length) group by audience) given
    where c.org_id = ${transaction.orgId} and c.item_kind = ${kind} and c.audience = given.audience`.execute(
    transaction,
  )
}

/** Forgets the vectors of items, of every model, and their codes. */
export async function removeVectors(
  transaction: FencedTransaction,
  kind: ItemKind,
  items: readonly number[],
): Promise<void> {
  if (items.length === 0) return
  const spaces = sql`select id, model, dims from vector_spaces where org_id = ${transaction.orgId} and item_kind = ${kind}`
  await sql`
    with removed as (
      delete from vectors where org_id = ${transaction.orgId} and item_kind = ${kind} and item = any(${items}::bigint[])
      returning model, dims, item, audience),
    uncoded as (
      delete from vector_codes c using removed r join (${spaces}) s on s.model = r.model and s.dims = r.dims
      where c.space = s.id and c.audience = r.audience and c.item = r.item
      returning c.space)
    update vector_spaces v set items = v.items - counted.items, coded_items = v.coded_items - counted.coded
    from (
      select s.id, count(*) as items, (select count(*) from uncoded u where u.space = s.id) as coded
      from removed r join (${spaces}) s on s.model = r.model and s.dims = r.dims group by s.id) counted
    where v.id = counted.id`.execute(transaction)
}
