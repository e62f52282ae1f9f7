import { termsOf } from '../../ai/local/terms.ts'
import type { Database } from '../../store/database.ts'
import type { Viewer } from '../../store/scopes.ts'
import type { IndexedTerms } from '../../store/search-index/postings.ts'
import { readNewestPending } from '../../store/turns/pending-turns.ts'
import { countWords } from '../../text/term-variants.ts'
import { turnText } from '../recording/turn-text.ts'

/**
 * Owns how turns are found that are recorded and not extracted, yet or for good: the newest of them are indexed in memory for one search, by the words asked for.
 * They have no vectors, so meaning does not find them. Recording them costs nothing more.
 */

/** What a search reads of a backlog: a few milliseconds. */
const LIMITS = { turns: 100, bytes: 64 * 1_024, messageCharacters: 4_000 }

/** What the index would hold of the newest pending turns; undefined when nothing is pending. */
export async function indexPending(
  database: Database,
  orgId: string,
  viewer: Viewer,
  terms: readonly (readonly string[])[],
): Promise<IndexedTerms | undefined> {
  const turns = await readNewestPending(database, orgId, viewer, LIMITS)
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
