import type { Occurrence } from '../../store/search-index/posting-pages.ts'
import type { IndexedTerms, TermOccurrences } from '../../store/search-index/postings.ts'
import { inverseDocumentFrequency } from './bm25.ts'

/** Terms that stand for one word of a query count once, as one term of which an item has the most frequent spelling. Pure. */

/** What an index holds of the words asked for, and what an item that has them all is worth. */
type AskedTerms = IndexedTerms & { readonly fullScore: number }

/** Joins the alternatives of each word; a word that no item has still counts towards the full score. */
export function joinAlternatives(index: IndexedTerms, groups: readonly (readonly string[])[]): AskedTerms {
  const byTerm = new Map(index.terms.map((found) => [found.term, found]))
  let fullScore = 0
  const terms: TermOccurrences[] = []
  for (const group of groups) {
    const found = group.flatMap((term) => byTerm.get(term) ?? [])
    const isTooCommon = found.length === 0 && group.some((term) => index.unreadTerms.has(term))
    if (isTooCommon) continue
    const occurrences = found.length === 1 ? (found[0] as TermOccurrences).occurrences : joinOccurrences(found)
    fullScore += inverseDocumentFrequency(index.corpus.items, occurrences.length)
    if (occurrences.length > 0) terms.push({ term: group[0] as string, occurrences })
  }
  return { ...index, terms, fullScore }
}

function joinOccurrences(found: readonly TermOccurrences[]): Occurrence[] {
  const byItem = new Map<number, Occurrence>()
  for (const { occurrences } of found)
    for (const one of occurrences) {
      const known = byItem.get(one.item)
      if (known === undefined || known.frequency < one.frequency) byItem.set(one.item, one)
    }
  return [...byItem.values()]
}
