import { termsOf } from '../../ai/local/terms.ts'
import type { IndexedTerms } from '../../store/search-index/postings.ts'
import { readNewestPending } from '../../store/turns/pending-turns.ts'
import {
  type FoundTurn,
  readFoundTurns,
  readNamesInTurns,
  readTurnsOfMemories,
} from '../../store/turns/searched-turns.ts'
import { countWords } from '../../text/term-variants.ts'
import { hasTurnText, turnText } from '../recording/turn-text.ts'
import { type FoundItem, findCandidates, type SearchEffort } from './candidates.ts'
import { createRelevance, fuse, type Ranked, type ScoreParts, scaleScores } from './fusion.ts'
import { speakerMatcher } from './named-speakers.ts'
import type { AskedSearch, Hits } from './search-memories.ts'

/**
 * Owns the turns of a search. The newest of those that are recorded and not extracted, yet or for good, are indexed in memory for one search, by the
 * words asked for: they have no vectors, so meaning does not find them, and recording them costs nothing more.
 */

export type TurnHit = {
  /** 0 to 1, on one scale for all queries: how much of what was asked it answers. */
  readonly score: number
  readonly why: ScoreParts
  readonly workstreamId: string
  readonly turnId: string
  readonly at: Date
  readonly text: string
  /** Whether memories have been drawn from it: until then it is found by its words alone. */
  readonly isExtracted: boolean
  /** What the app noted of it. */
  readonly metadata: FoundTurn['metadata']
  /** Whether all that is remembered of it has been superseded: then it stands behind what matches about as well. */
  readonly isOutdated: boolean
}

/** What an outdated turn loses, as a share of its score. */
const OUTDATED_SHARE = 0.25
/** What a search reads of a backlog: a few milliseconds. */
const PENDING_LIMITS = { turns: 100, bytes: 64 * 1_024, messageCharacters: 4_000 }

/** The turns of a search; those that the best of its memories were drawn from come forward. */
export async function searchTurns(
  asked: AskedSearch,
  effort: SearchEffort,
  memories: Promise<{ readonly best: readonly Ranked<number>[] }>,
): Promise<Hits<TurnHit>> {
  const { database, search, query, weights } = asked
  const { orgId, limit, at: saidBy } = search
  const metadata = asked.turnsWithin ? undefined : search.metadata
  const notIndexed = indexPending(asked)
  const [found, remembered] = await Promise.all([
    findCandidates(asked, 'turn', effort, { notIndexed, within: asked.turnsWithin }),
    memories.then(({ best }) => readRemembered(asked, best)),
  ])
  const relevanceOf = createRelevance(found.items, { ...weights, ...found })
  const foundItems = new Map(found.items.map((one) => [one.item, one]))
  const candidates = found.items.map((item) => ({ ...item, isBySpeaker: false, remembered: remembered.get(item.item) }))
  const ranked = fuse(candidates, weights)
  const isSpeaker = speakerMatcher(query.text)
  /** By turn: whether the query names who speaks; undefined of one that is none of the hits. */
  const spoken = new Map<number, boolean | undefined>()
  let shown: FoundHit[] = []
  // A name in the query lifts the turns of its speaker: names are read only of the turns that could so come among the first.
  for (let wanted = limit; shown.length < limit && spoken.size < ranked.length; wanted *= 4) {
    const last = ranked[wanted - 1]?.score ?? Number.NEGATIVE_INFINITY
    const contenders = ranked.filter(({ score }) => score + weights.speaker * Math.max(0, score) >= last)
    const unread = contenders.map(({ item }) => item).filter((id) => !spoken.has(id))
    for (const id of unread) spoken.set(id, undefined)
    for (const { id, names } of await readNamesInTurns(database, orgId, unread, query.viewer, { saidBy, metadata }))
      spoken.set(id, names.some(isSpeaker))
    const hits = fuse(
      candidates.map((candidate) => ({ ...candidate, isBySpeaker: spoken.get(candidate.item) ?? false })),
      weights,
    ).flatMap(({ item, score, why }) =>
      spoken.get(item) === undefined
        ? []
        : [{ id: item, score, why, relevance: relevanceOf(foundItems.get(item) as FoundItem) }],
    )
    shown = await readShown(asked, scaleScores(hits))
  }
  return { hits: currentFirst(shown).filter(({ score }) => score >= search.minScore), isCut: found.isCut }
}

/** The first hits that have text, as many as are wanted, with their turns. A neighbour may hold no word: an image, a call. */
async function readShown(
  { database, search: { orgId, limit, at }, query, now }: AskedSearch,
  hits: readonly RankedTurn[],
): Promise<FoundHit[]> {
  const shown: FoundHit[] = []
  for (let from = 0; shown.length < limit && from < hits.length; from += limit) {
    const page = hits.slice(from, from + limit)
    const ids = page.map(({ id }) => id)
    const rows = await readFoundTurns(database, orgId, ids, query.viewer, at ?? now)
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const hit of page) {
      const row = byId.get(hit.id)
      if (row && hasTurnText(row.messages)) shown.push({ ...hit, row })
    }
  }
  return shown.slice(0, limit)
}

/** What the index would hold of the newest pending turns; undefined when nothing is pending. */
async function indexPending({
  database,
  search: { orgId },
  query: { viewer, terms },
}: AskedSearch): Promise<IndexedTerms | undefined> {
  const turns = await readNewestPending(database, orgId, viewer, PENDING_LIMITS)
  if (turns.length === 0) return undefined
  const asked = new Set(terms.flat())
  const texts = turns.map((turn) => {
    const all = termsOf(turnText(turn.messages))
    return { turn, terms: all, length: countWords(all) }
  })
  const occurrences = texts.flatMap(({ turn: { id, sequence, position }, terms: all, length: itemLength }) =>
    [...Map.groupBy(all, (term) => term)]
      .filter(([term]) => asked.has(term))
      .map(([term, { length: frequency }]) => ({
        term,
        occurrence: { item: id, sequence, position, itemLength, frequency },
      })),
  )
  const length = texts.reduce((sum, { length: words }) => sum + words, 0)
  return {
    corpus: { items: turns.length, averageLength: length / turns.length },
    unreadTerms: new Set(),
    terms: [...Map.groupBy(occurrences, ({ term }) => term)].map(([term, all]) => ({
      term,
      occurrences: all.map(({ occurrence }) => occurrence),
    })),
  }
}

/** How well the best memory that was drawn from a turn answers the query, by the ids of turns. */
async function readRemembered(
  { database, search, now }: AskedSearch,
  best: readonly Ranked<number>[],
): Promise<Map<number, number>> {
  const scores = new Map(best.map(({ item, score }) => [item, score]))
  const remembered = new Map<number, number>()
  for (const { memory, turn } of await readTurnsOfMemories(
    database,
    search.orgId,
    [...scores.keys()],
    search.at ?? now,
  ))
    remembered.set(turn, Math.max(remembered.get(turn) ?? 0, scores.get(memory) ?? 0))
  return remembered
}

type RankedTurn = {
  readonly id: number
  readonly score: number
  readonly why: ScoreParts
  readonly relevance: number
}
type FoundHit = RankedTurn & { readonly row: FoundTurn }

function currentFirst(found: readonly FoundHit[]): TurnHit[] {
  return found
    .map(({ row: { workstreamId, turnId, occurredAt, isExtracted, isOutdated, metadata, messages }, why, ...of }) => {
      const score = isOutdated ? (1 - OUTDATED_SHARE) * of.score : of.score
      const text = turnText(messages)
      return { workstreamId, turnId, at: occurredAt, text, isExtracted, metadata, why, score, isOutdated }
    })
    .sort((a, b) => b.score - a.score)
}
