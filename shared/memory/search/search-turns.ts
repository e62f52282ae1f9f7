import { termsOf } from '../../ai/local/terms.ts'
import type { IndexedTerms } from '../../store/search-index/postings.ts'
import { readNewestPending } from '../../store/turns/pending-turns.ts'
import {
  type FoundTurn,
  readFoundTurns,
  readOutdatedTurns,
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
  const { database, search, query, weights, now } = asked
  const { orgId, limit, at: saidBy } = search
  const metadata = asked.turnsWithin ? undefined : search.metadata
  const notIndexed = await indexPending(asked)
  const found = await findCandidates(asked, 'turn', effort, { notIndexed, within: asked.turnsWithin })
  const relevanceOf = createRelevance(found.items, { ...weights, ...found })
  const foundItems = new Map(found.items.map((one) => [one.item, one]))
  const remembered = await readRemembered(asked, (await memories).best)
  const candidates = found.items.map((item) => ({ ...item, isBySpeaker: false, remembered: remembered.get(item.item) }))
  const ranked = fuse(candidates, weights)
  const names = speakerMatcher(query.text)
  const read = new Map<number, FoundTurn | undefined>()
  const isBySpeaker = (id: number) => read.get(id)?.messages.some(({ name }) => name !== null && names(name)) ?? false
  let hits: FoundHit[] = []
  // Who spoke is known of turns that were read, and only these need to be read that it can lift among the first. Some are read in vain.
  for (let wanted = limit; hits.length < limit && read.size < ranked.length; wanted *= 4) {
    const last = ranked[wanted - 1]?.score ?? Number.NEGATIVE_INFINITY
    const contenders = ranked.filter(({ score }) => score + weights.speaker * Math.max(0, score) >= last)
    const unread = contenders.map(({ item }) => item).filter((id) => !read.has(id))
    for (const id of unread) read.set(id, undefined)
    for (const row of await readFoundTurns(database, orgId, unread, query.viewer, { saidBy, metadata }))
      read.set(row.id, row)
    hits = fuse(
      candidates.map((candidate) => ({ ...candidate, isBySpeaker: isBySpeaker(candidate.item) })),
      weights,
    ).flatMap(({ item, score, why }) =>
      hitOf(read.get(item), score, why, relevanceOf(foundItems.get(item) as FoundItem)),
    )
  }
  const shown = scaleScores(hits).slice(0, limit)
  const outdated = await readOutdatedTurns(
    database,
    orgId,
    shown.flatMap(({ row }) => (row.isExtracted ? [row.id] : [])),
    saidBy ?? now,
  )
  return { hits: currentFirst(shown, outdated).filter(({ score }) => score >= search.minScore), isCut: found.isCut }
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

type FoundHit = {
  readonly row: FoundTurn
  readonly score: number
  readonly why: ScoreParts
  readonly relevance: number
}

function currentFirst(found: readonly FoundHit[], outdated: ReadonlySet<number>): TurnHit[] {
  return found
    .map(({ row: { id, workstreamId, turnId, occurredAt, isExtracted, metadata, messages }, why, ...of }) => {
      const isOutdated = outdated.has(id)
      const score = isOutdated ? (1 - OUTDATED_SHARE) * of.score : of.score
      const text = turnText(messages)
      return { workstreamId, turnId, at: occurredAt, text, isExtracted, metadata, why, score, isOutdated }
    })
    .sort((a, b) => b.score - a.score)
}

/** A neighbour may hold no word: an image, a call. */
function hitOf(row: FoundTurn | undefined, score: number, why: ScoreParts, relevance: number): FoundHit[] {
  return row && hasTurnText(row.messages) ? [{ row, score, why, relevance }] : []
}
