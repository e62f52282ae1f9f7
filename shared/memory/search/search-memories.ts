import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../store/database.ts'
import { type Memory, readMemoriesWhere } from '../../store/memories/memories.ts'
import { isMemoryCurrent, isMemoryVisible } from '../../store/scopes.ts'
import { findCandidates, type Query, type SearchEffort } from './candidates.ts'
import { type FusionWeights, fuse, type ScoreParts } from './fusion.ts'
import type { ParsedSearch } from './search-input.ts'

/** Owns the memories of a search: ranked first, then read and filtered in that order until there are enough. */

/** `sources` are the turns it came from, with the words that prove it; `why` is what its score is made of. */
export type MemoryHit = Memory & { readonly score: number; readonly why: ScoreParts }

/** What both halves of a search are given. */
export type AskedSearch = {
  readonly database: Database
  readonly search: ParsedSearch
  readonly query: Query
  readonly weights: FusionWeights
  readonly now: Date
}
export type Hits<Hit> = {
  readonly hits: readonly Hit[]
  /** Whether more candidates might give more hits. */
  readonly isCut: boolean
}

/** Read beside the limit: some are read in vain, superseded or kept out by the filters. */
const READ_BESIDE = 4

export async function searchMemories(asked: AskedSearch, effort: SearchEffort): Promise<Hits<MemoryHit>> {
  const { database, search, query, weights } = asked
  const found = await findCandidates(database, query, 'memory', effort)
  const ranked = fuse(
    found.items.map((item) => ({ ...item, isBySpeaker: false })),
    weights,
  )
  const hits: MemoryHit[] = []
  for (let from = 0, count = search.limit + READ_BESIDE; from < ranked.length; from += count, count *= 4) {
    const page = ranked.slice(from, from + count)
    const isWanted = sql<boolean>`m.id = any(${page.map(({ item }) => item)}::bigint[]) and ${filterOf(asked)}`
    const rows = await readMemoriesWhere(database, search.orgId, isWanted, sql``)
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const { item, score, why } of page) {
      const row = byId.get(item)
      if (row) hits.push({ ...row, score, why })
    }
    if (hits.length >= search.limit) break
  }
  return { hits: hits.slice(0, search.limit), isCut: found.isCut }
}

/** `at` asks what held then; without it, what begins later counts too, for it is known. */
function filterOf({ search: { kinds, minImportance, at, ...viewer }, now }: AskedSearch): RawBuilder<boolean> {
  const conditions = [isMemoryVisible('m', viewer), isMemoryCurrent('m', at ?? now)]
  if (at) conditions.push(sql`m.valid_from <= ${at}`)
  if (kinds) conditions.push(sql`m.kind = any(${kinds}::text[])`)
  if (minImportance !== undefined) conditions.push(sql`m.importance >= ${minImportance}`)
  return sql.join(conditions, sql` and `)
}
