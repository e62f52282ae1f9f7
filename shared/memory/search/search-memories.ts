import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../store/database.ts'
import { findMemoriesWhere, type Memory, readMemoriesWhere } from '../../store/memories/memories.ts'
import { isMemoryCurrent, isMemorySaidBy, isMemoryVisible } from '../../store/scopes.ts'
import type { HeldCodes } from '../../store/search-index/held-codes.ts'
import { findMemoriesOfTurns, hasMemoryMetadata } from '../../store/turns/turn-metadata.ts'
import { MEMORY_KINDS } from '../memory-kinds.ts'
import { type FoundItem, findCandidates, type Query, type SearchEffort } from './candidates.ts'
import { createRelevance, type FusionWeights, fuse, type Ranked, type ScoreParts, scaleScores } from './fusion.ts'
import type { ParsedSearch } from './search-input.ts'

/** Owns the memories of a search: ranked first, then read and filtered in that order until there are enough. */

/** `sources` are the turns it came from, with the words that prove it; `why` is what its place is made of. */
export type MemoryHit = Memory & {
  /** 0 to 1, on one scale for all queries: how much of what was asked it answers. */
  readonly score: number
  readonly why: ScoreParts
}

/** What both halves of a search are given. */
export type AskedSearch = {
  readonly database: Database
  readonly heldCodes: HeldCodes
  readonly search: ParsedSearch
  readonly query: Query
  readonly weights: FusionWeights
  readonly now: Date
  /** Row ids of the turns that the filter on metadata passes, where these are few. */
  readonly turnsWithin: readonly number[] | undefined
}
export type Hits<Hit> = {
  readonly hits: readonly Hit[]
  /** Whether more candidates might give more hits. */
  readonly isCut: boolean
}

/** Read beside the limit: some are read in vain, superseded or kept out by the filters. */
const READ_BESIDE = 4
/** The memories whose turns come forward. */
const BEST = 50
/** Filters that more memories pass leave enough of the candidates that words and meaning find. */
const MAX_FILTERED = 1_000

/** The memories of a search; `best` are the ids and fused scores of the first candidates, which point to turns. */
export async function searchMemories(
  asked: AskedSearch,
  effort: SearchEffort,
): Promise<Hits<MemoryHit> & { readonly best: readonly Ranked<number>[] }> {
  const { database, search, weights } = asked
  const within = await readFiltered(asked)
  const found = await findCandidates(asked, 'memory', effort, { within })
  const relevanceOf = createRelevance(found.items, { ...weights, ...found })
  const foundItems = new Map(found.items.map((one) => [one.item, one]))
  const ranked = fuse(
    found.items.map((item) => ({ ...item, isBySpeaker: false })),
    weights,
  )
  const hits: (MemoryHit & { relevance: number })[] = []
  for (let from = 0, count = search.limit + READ_BESIDE; from < ranked.length; from += count, count *= 4) {
    const page = ranked.slice(from, from + count)
    const ids = page.map(({ item }) => item)
    const hasOnePlan = within !== undefined || search.metadata === undefined
    const condition = within ? sql<boolean>`true` : filterOf(asked)
    const rows = await readMemoriesWhere(database, search.orgId, condition, { ids, hasOnePlan })
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const { item, score, why } of page) {
      const row = byId.get(item)
      if (row) hits.push({ ...row, score, why, relevance: relevanceOf(foundItems.get(item) as FoundItem) })
    }
    if (hits.length >= search.limit) break
  }
  const scored = scaleScores(hits).filter(({ score }) => score >= search.minScore)
  return {
    hits: scored.slice(0, search.limit).map(({ relevance: _, ...hit }) => hit),
    isCut: found.isCut,
    best: ranked.slice(0, BEST),
  }
}

/** The memories that pass filters of their own, where these are few: then nothing else comes into question, and none is missed. */
async function readFiltered(asked: AskedSearch): Promise<number[] | undefined> {
  const { database, search } = asked
  if (search.kinds === undefined && search.minImportance === undefined && search.metadata === undefined)
    return undefined
  const condition = filterOf(asked, asked.turnsWithin && (await findMemoriesOfTurns(database, asked.turnsWithin)))
  const ids = await findMemoriesWhere(database, search.orgId, condition, MAX_FILTERED + 1)
  return ids.length > MAX_FILTERED ? undefined : ids
}

/** `at` asks what held then; without it, what begins later counts too, for it is known. */
function filterOf(
  { search: { kinds, minImportance, metadata, at, ...viewer }, now }: AskedSearch,
  ids?: readonly number[],
): RawBuilder<boolean> {
  const meets = ids ? sql<boolean>`m.id = any(${ids}::bigint[])` : hasMemoryMetadata(viewer.orgId, metadata, sql`m.id`)
  const conditions = [meets, isMemoryVisible('m', viewer), isMemoryCurrent('m', at ?? now)]
  if (at) conditions.push(sql`m.valid_from <= ${at}`, isMemorySaidBy('m', at))
  // With a kind, the index by kind and importance serves importance alone as well.
  if (kinds || minImportance !== undefined) conditions.push(sql`m.kind = any(${kinds ?? MEMORY_KINDS}::text[])`)
  if (minImportance !== undefined) conditions.push(sql`m.importance >= ${minImportance}`)
  return sql.join(conditions, sql` and `)
}
