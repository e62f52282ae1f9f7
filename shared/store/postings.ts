import { sql } from 'kysely'
import type { Database } from './database.ts'
import type { FencedTransaction } from './org-fences.ts'
import type { ItemKind } from './schema.ts'

/** Owns the inverted index behind BM25: the terms of every item of an org, and the size of its corpus. */

/** One item to index: its terms as they come out of the text, repetitions included. */
export type IndexedText = { readonly kind: ItemKind; readonly item: number; readonly terms: readonly string[] }

/** Terms longer than this are noise (encoded data), and would not fit an index row. */
const MAX_TERM_LENGTH = 64

/** Adds items to the inverted index. An item is indexed once; its text never changes. */
export async function indexTerms(transaction: FencedTransaction, texts: readonly IndexedText[]): Promise<void> {
  if (texts.length === 0) return
  const kept = texts.map(({ kind, item, terms }) => ({
    kind,
    item,
    terms: terms.filter((term) => term.length <= MAX_TERM_LENGTH),
  }))
  const rows = kept.flatMap(({ kind, item, terms }) =>
    [...Map.groupBy(terms, (term) => term)].map(([term, all]) => ({
      kind,
      item,
      term,
      frequency: all.length,
      length: terms.length,
    })),
  )
  await sql`
    with posted as (
      insert into postings (org_id, item_kind, item, term, frequency, item_length)
      select ${transaction.orgId}, * from unnest(
        ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => row.item)}::bigint[], ${rows.map((row) => row.term)}::text[],
        ${rows.map((row) => row.frequency)}::real[], ${rows.map((row) => row.length)}::real[])
      on conflict do nothing)
    insert into corpora (org_id, item_kind, items, total_length)
    select ${transaction.orgId}, kind, count(*), sum(length) from unnest(
      ${kept.map(({ kind }) => kind)}::text[], ${kept.map(({ terms }) => terms.length)}::real[]) as given (kind, length)
    group by kind order by kind
    on conflict (org_id, item_kind) do update
    set items = corpora.items + excluded.items, total_length = corpora.total_length + excluded.total_length`.execute(
    transaction,
  )
}

/** What the index holds of one term in one item. A turn's sequence is its workstream and its position its order there; a memory stands alone. */
export type Occurrence = {
  readonly term: string
  readonly frequency: number
  readonly itemLength: number
  readonly sequence: string | number
  readonly position: number
}
export type Corpus = { readonly items: number; readonly averageLength: number }

/** Every turn of an org that has one of the terms. */
export async function readTurnOccurrences(
  database: Database,
  orgId: string,
  terms: readonly string[],
): Promise<Occurrence[]> {
  if (terms.length === 0) return []
  const { rows } = await sql<Occurrence>`
    select p.term, p.frequency, p.item_length as "itemLength", t.workstream_id as sequence, t.seq as position
    from postings p join turns t on t.id = p.item
    where p.org_id = ${orgId} and p.item_kind = 'turn' and p.term = any(${terms}::text[])`.execute(database)
  return rows
}

/** Every memory of an org that has one of the terms; its sequence is its id, its position 0. */
export async function readMemoryOccurrences(
  database: Database,
  orgId: string,
  terms: readonly string[],
): Promise<Occurrence[]> {
  if (terms.length === 0) return []
  const { rows } = await sql<Occurrence>`
    select term, frequency, item_length as "itemLength", item as sequence, 0 as position from postings
    where org_id = ${orgId} and item_kind = 'memory' and term = any(${terms}::text[])`.execute(database)
  return rows
}

/** The size of an org's index, for BM25's document frequency and length. */
export async function readCorpus(database: Database, orgId: string, kind: ItemKind): Promise<Corpus> {
  const row = await database
    .selectFrom('corpora')
    .select(['items', 'total_length'])
    .where('org_id', '=', orgId)
    .where('item_kind', '=', kind)
    .executeTakeFirst()
  return { items: row?.items ?? 0, averageLength: row && row.items > 0 ? row.total_length / row.items : 0 }
}
