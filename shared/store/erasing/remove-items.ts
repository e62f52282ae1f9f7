import { type RawBuilder, sql } from 'kysely'
import { countWords, VARIANT_MARK } from '../../text/term-variants.ts'
import { audienceOf } from '../audiences.ts'
import type { FencedTransaction } from '../memories/org-fences.ts'
import type { ItemKind } from '../schema.ts'
import { OCCURRENCE_BYTES, packOccurrences, unpackOccurrences } from '../search-index/posting-pages.ts'
import { isIndexedTerm } from '../search-index/postings.ts'
import { readTurns, type TurnRow } from '../turns/turns.ts'

/** Owns how items go from what search reads: the index of words with its counts, and the vectors with their codes. */

/** An indexed item that goes, with the terms of its text. */
type RemovedItem = { readonly item: number; readonly audience: string; readonly terms: readonly string[] }

/** How search reads texts: an item is found in the index by the terms under which it stands there. */
export type ItemTerms = {
  ofTurn(messages: TurnRow['messages']): readonly string[]
  ofFact(fact: string): readonly string[]
}

/** Those of the items that are indexed, with their terms: those that have a vector of some model, and memories that still lack one. */
export async function readIndexedItems(
  transaction: FencedTransaction,
  kind: ItemKind,
  items: readonly number[],
  termsOf: ItemTerms,
): Promise<RemovedItem[]> {
  const { orgId } = transaction
  const { rows } = await sql<{ item: number; audience: string }>`
    select item, min(audience) as audience from vectors where ctid = any(array(${vectorsOf(transaction, kind, items)})) group by item
    ${kind === 'turn' ? sql`` : sql`union select id, ${audienceOf(sql`'memory'`, sql`memories.id`)} from memories where org_id = ${orgId} and id = any(${items}::bigint[]) and status = 'active'`}`.execute(
    transaction,
  )
  const audiences = new Map(rows.map(({ item, audience }) => [item, audience]))
  const indexed = [...audiences.keys()]
  const removed = (item: number, terms: readonly string[]) => ({ item, terms, audience: audiences.get(item) as string })
  if (kind === 'turn') {
    const turns = await readTurns(transaction, orgId, indexed)
    return turns.map(({ id, messages }) => removed(id, termsOf.ofTurn(messages)))
  }
  const { rows: facts } = await sql<{ id: number; fact: string }>`
    select id, fact from memories where org_id = ${orgId} and id = any(${indexed}::bigint[])`.execute(transaction)
  return facts.map(({ id, fact }) => removed(id, termsOf.ofFact(fact)))
}

/** Takes indexed items out of the index of words, and out of its counts. It reads the pages of their terms. */
export async function removeTerms(
  transaction: FencedTransaction,
  kind: ItemKind,
  items: readonly RemovedItem[],
): Promise<void> {
  if (items.length === 0) return
  const kept = items.map((item) => ({ ...item, terms: item.terms.filter(isIndexedTerm) }))
  const terms = [...new Set(kept.flatMap((item) => item.terms))]
  const found = await takeOut(transaction, kind, kept, sql`term = any(${terms}::text[])`)
  const isWhole = (taken: Taken | undefined, asked: readonly string[]) =>
    taken !== undefined && taken.words >= taken.length && taken.terms >= new Set(asked).size
  const missed = kept.filter(({ item, terms: asked }) => !isWhole(found.get(item), asked))
  // It has no words, or was indexed by other rules than today's: then they may be anywhere.
  for (const [item, taken] of missed.length > 0 ? await takeOut(transaction, kind, missed, sql`true`) : [])
    found.set(item, taken)
  const counted = kept.map(({ item, audience, terms: own }) => found.get(item) ?? { audience, length: countWords(own) })
  await sql`
    update corpora c set items = c.items - given.items, total_length = c.total_length - given.length
    from (select audience, count(*) as items, sum(length) as length
      from unnest(${counted.map(({ audience }) => audience)}::text[], ${counted.map(({ length }) => length)}::real[])
        as one (audience, length) group by audience) given
    where c.org_id = ${transaction.orgId} and c.item_kind = ${kind} and c.audience = given.audience`.execute(
    transaction,
  )
}

/** What was taken out of an item: how many of its distinct terms, and how many of the `length` words that it has. */
type Taken = { readonly audience: string; readonly length: number; terms: number; words: number }

/** Takes items out of those of the org's pages. */
async function takeOut(
  transaction: FencedTransaction,
  kind: ItemKind,
  items: readonly RemovedItem[],
  ofPages: RawBuilder<unknown>,
): Promise<Map<number, Taken>> {
  const ids = items.map(({ item }) => item)
  const { rows } = await sql<{ term: string; audience: string; page: number; packed: Buffer }>`
    select term, audience, page, packed from postings
    where org_id = ${transaction.orgId} and item_kind = ${kind} and ${ofPages} and exists (
      select 1 from generate_series(1, octet_length(packed), ${OCCURRENCE_BYTES}) as at
      where substring(packed from at for 8) in (select float8send(item::float8) from unnest(${ids}::bigint[]) as gone (item)))`.execute(
    transaction,
  )
  const gone = new Set(ids)
  const found = new Map<number, Taken>()
  const left = rows.map((row) => {
    const occurrences = unpackOccurrences(row.packed)
    for (const { item, itemLength, frequency } of occurrences) {
      if (!gone.has(item)) continue
      const taken = found.get(item) ?? { audience: row.audience, length: itemLength, terms: 0, words: 0 }
      taken.terms += 1
      taken.words += row.term.startsWith(VARIANT_MARK) ? 0 : frequency
      found.set(item, taken)
    }
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
  return found
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
      delete from vectors where ctid = any(array(${vectorsOf(transaction, kind, items)}))
      returning model, dims, item, audience),
    uncoded as (
      delete from vector_codes c using removed r join (${spaces}) s on s.model = r.model and s.dims = r.dims
      where c.space = s.id and c.audience = r.audience and c.item = r.item)
    update vector_spaces v set items = v.items - counted.items, revision = gen_random_uuid()
    from (select s.id, count(*) as items from removed r join (${spaces}) s on s.model = r.model and s.dims = r.dims group by s.id) counted
    where v.id = counted.id`.execute(transaction)
}

/** The places of items' vectors in every space. `offset 0` keeps the planner to the index, which has the items behind the spaces. */
function vectorsOf({ orgId }: FencedTransaction, kind: ItemKind, items: readonly number[]): RawBuilder<unknown> {
  return sql`
    select v.place from vector_spaces s cross join lateral (
      select ctid as place from vectors where vectors.org_id = ${orgId} and vectors.item_kind = ${kind} and vectors.model = s.model
        and vectors.dims = s.dims and vectors.item = any(${items}::bigint[]) offset 0) v
    where s.org_id = ${orgId} and s.item_kind = ${kind}`
}
