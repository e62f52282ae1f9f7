import { type RawBuilder, sql } from 'kysely'
import { countWords } from '../../text/term-variants.ts'
import { audienceOf } from '../audiences.ts'
import type { Database } from '../database.ts'
import type { FencedTransaction } from '../memories/org-fences.ts'
import { onePlan, plannedOnce } from '../planned-once.ts'
import type { ItemKind } from '../schema.ts'
import {
  OCCURRENCE_BYTES,
  type Occurrence,
  PAGE_OCCURRENCES,
  packOccurrences,
  unpackOccurrences,
} from './posting-pages.ts'

/**
 * Owns the inverted index behind BM25: the terms of every item of an org, packed in pages, and the size of its corpus.
 * The page of a term that is not full has the number 0; a full one that of its last item.
 */

/** One item to index: its terms as they come out of the text, repetitions included. */
type IndexedText = { readonly kind: ItemKind; readonly item: number; readonly terms: readonly string[] }

/** Terms longer than this are noise (encoded data), and would not fit an index row. */
const MAX_TERM_LENGTH = 64
const OPEN_PAGE = 0

/** Whether a term is kept in the index. */
export function isIndexedTerm(term: string): boolean {
  return term.length <= MAX_TERM_LENGTH
}

type Page = { kind: ItemKind; term: string; audience: string; page: number; packed: Buffer }

/** Adds items to the inverted index, with what else of them is a part of a `with`. An item is indexed once, when it is made; its text never changes. */
export async function indexTerms(
  transaction: FencedTransaction,
  texts: readonly IndexedText[],
  beside?: RawBuilder<unknown>,
): Promise<void> {
  if (texts.length === 0) return
  const kept = texts.map((text) => ({ ...text, terms: text.terms.filter(isIndexedTerm) }))
  const places = await readPlaces(transaction, kept)
  const placed = kept.map((text, index) => ({ ...text, ...(places[index] as Place) }))
  const pages = pagesOf(placed)
  const { rows: full } = await sql<{ kind: ItemKind; term: string; audience: string; packed: Buffer }>`
    with ${beside ? sql`${beside},` : sql``} counted as (
      insert into corpora (org_id, item_kind, audience, items, total_length)
      select ${transaction.orgId}, kind, audience, count(*), sum(length) from unnest(${plannedOnce.text(placed.map(({ kind }) => kind))},
        ${plannedOnce.text(placed.map(({ audience }) => audience))}, ${plannedOnce.real(placed.map(({ terms }) => countWords(terms)))}) as given (kind, audience, length)
      group by kind, audience order by kind, audience
      on conflict (org_id, item_kind, audience) do update
      set items = corpora.items + excluded.items, total_length = corpora.total_length + excluded.total_length),
    added as (
      insert into postings (org_id, item_kind, term, audience, page, packed)
      select ${transaction.orgId}, * from unnest(${plannedOnce.text(pages.map(({ kind }) => kind))}, ${plannedOnce.text(pages.map(({ term }) => term))},
        ${plannedOnce.text(pages.map(({ audience }) => audience))}, ${plannedOnce.bigint(pages.map(({ page }) => page))}, ${plannedOnce.bytea(pages.map(({ packed }) => packed))})
      on conflict (org_id, item_kind, term, audience, page) do update set packed = postings.packed || excluded.packed
      returning item_kind as kind, term, audience, page, packed)
    select kind, term, audience, packed from added
    where page = ${OPEN_PAGE} and octet_length(packed) >= ${PAGE_OCCURRENCES * OCCURRENCE_BYTES}`.execute(transaction)
  if (full.length > 0) await closePages(transaction, full)
}

/** Full pages get their number, in which a term never has two: its last item. */
async function closePages(transaction: FencedTransaction, full: readonly Omit<Page, 'page'>[]): Promise<void> {
  const lastItems = full.map(({ packed }) => unpackOccurrences(packed.subarray(-OCCURRENCE_BYTES))[0]?.item)
  await sql`
    update postings p set page = given.page
    from unnest(${full.map(({ kind }) => kind)}::text[], ${full.map(({ term }) => term)}::text[], ${full.map(({ audience }) => audience)}::text[],
      ${lastItems}::bigint[]) as given (kind, term, audience, page)
    where p.org_id = ${transaction.orgId} and p.item_kind = given.kind and p.term = given.term and p.audience = given.audience
      and p.page = ${OPEN_PAGE}`.execute(transaction)
}

type Place = { readonly audience: string; readonly sequence: number; readonly position: number }

async function readPlaces(transaction: FencedTransaction, texts: readonly IndexedText[]): Promise<Place[]> {
  const { rows } = await sql<Place>`
    select ${audienceOf(sql`given.kind`, sql`given.item`)} as audience,
      coalesce((select w.number from workstreams w where w.org_id = t.org_id and w.workstream_id = t.workstream_id), given.item) as sequence,
      coalesce(t.seq, 0) as position
    from unnest(${plannedOnce.text(texts.map(({ kind }) => kind))}, ${plannedOnce.bigint(texts.map(({ item }) => item))}) with ordinality as given (kind, item, nth)
    left join lateral (select * from turns where given.kind = 'turn' and turns.id = given.item offset 0) t on true
    order by given.nth`.execute(transaction)
  return rows
}

/** The pages that items add: what fills one at once is a page of its own, so that no row grows large. */
function pagesOf(texts: readonly (IndexedText & Place)[]): Page[] {
  const added = new Map<string, { kind: ItemKind; term: string; audience: string; occurrences: Occurrence[] }>()
  for (const { kind, item, terms, audience, sequence, position } of texts) {
    const itemLength = countWords(terms)
    for (const [term, { length: frequency }] of Map.groupBy(terms, (each) => each)) {
      const key = JSON.stringify([kind, audience, term])
      const list = added.get(key) ?? { kind, term, audience, occurrences: [] }
      list.occurrences.push({ item, sequence, position, itemLength, frequency })
      added.set(key, list)
    }
  }
  return [...added.values()].flatMap(({ occurrences, ...of }) => {
    const pages: Page[] = []
    for (let at = 0; at < occurrences.length; at += PAGE_OCCURRENCES) {
      const some = occurrences.slice(at, at + PAGE_OCCURRENCES)
      const page = some.length === PAGE_OCCURRENCES ? (some.at(-1)?.item ?? OPEN_PAGE) : OPEN_PAGE
      pages.push({ ...of, page, packed: packOccurrences(some) })
    }
    return pages
  })
}

/** One term in all the items that are searched. */
export type TermOccurrences = { readonly term: string; readonly occurrences: readonly Occurrence[] }
/** How many items there are, and how many terms an item has. */
export type TermCorpus = { readonly items: number; readonly averageLength: number }
/** What the index holds of some terms in the items of one kind. */
export type IndexedTerms = {
  readonly corpus: TermCorpus
  readonly terms: readonly TermOccurrences[]
  /** Terms that are in the index and too common to be read. */
  readonly unreadTerms: ReadonlySet<string>
}

type IndexOptions = {
  /** Whose items may be found; see audiences.ts. @default everybody's */
  readonly audiences?: readonly string[] | undefined
  /** Terms are read, the rarest first, until they have this many occurrences; the rarest is read whole. @default 160,000 */
  readonly maxOccurrences?: number | undefined
}

/**
 * So much a search reads and scores at most: a term beyond it is so common that it says little. In an org of 100,000 memories the ten first are .97 of
 * those by all words; with half of it .84, with a quarter .74.
 */
const MAX_OCCURRENCES = 160_000

/** The items of an org that have one of the terms, by term, and the size of their index. */
export async function readTermIndex(
  database: Database,
  orgId: string,
  kind: ItemKind,
  terms: readonly string[],
  { audiences, maxOccurrences = MAX_OCCURRENCES }: IndexOptions = {},
): Promise<IndexedTerms> {
  const isSeen = audiences === undefined ? sql`true` : sql`audience = any(${audiences}::text[])`
  const ofOrg = sql`org_id = ${orgId} and item_kind = ${kind} and ${isSeen}`
  // The size of a page is known without reading it. `offset 0` keeps the planner to the index, statistics or not.
  const { rows } = await sql<{ term: string | null; packed: Buffer | null; items: number; length: number }>`${onePlan}
    with sizes as (
      select term, sum(octet_length(packed)) as bytes from postings where ${ofOrg} and term = any(${terms}::text[]) group by term),
    ranked as materialized (select term, sum(bytes) over (order by bytes, term) as bytes, row_number() over (order by bytes, term) as nth from sizes)
    select ranked.term, pages.packed, 0 as items, 0 as length from ranked
    cross join lateral (
      select string_agg(packed, ''::bytea) as packed from (
        select packed from postings where ${ofOrg} and term = ranked.term
          and (ranked.nth = 1 or ranked.bytes <= ${maxOccurrences * OCCURRENCE_BYTES}) offset 0) page) pages
    union all
    select null, null, coalesce(sum(items), 0)::bigint, coalesce(sum(total_length), 0) from corpora where ${ofOrg}`.execute(
    database,
  )
  const { items = 0, length = 0 } = rows.find(({ term }) => term === null) ?? {}
  return {
    corpus: { items, averageLength: items > 0 ? length / items : 0 },
    unreadTerms: new Set(rows.flatMap(({ term, packed }) => (term !== null && packed === null ? [term] : []))),
    terms: rows.flatMap(({ term, packed }) =>
      term !== null && packed !== null ? [{ term, occurrences: unpackOccurrences(packed) }] : [],
    ),
  }
}
