import type { LocomoTurn } from '../inputs/locomo-questions.ts'

/** The yardstick: plain BM25 (k1 1.5, b 0.75) over turns with their neighbours, as simple as it is usually built. It shares no code with the product. */

const STOP_WORDS = new Set(
  'a an the is are was were be been to of in on at for and or with by from as it its this that these those do does did has have had what when where who whom which why how i you he she they we his her their my your me him them not no so if but about s t'.split(
    ' ',
  ),
)
const SUFFIXES = ['ing', 'edly', 'ed', 'ies', 'es', 's', 'ly']
const K1 = 1.5
const B = 0.75
const MINIMUM_STEM = 3

function termsOf(text: string): string[] {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).filter((word) => !STOP_WORDS.has(word)).map(stem)
}

function stem(word: string): string {
  const suffix = SUFFIXES.find((end) => word.endsWith(end) && word.length - end.length >= MINIMUM_STEM)
  return suffix ? word.slice(0, -suffix.length) : word
}

/** Ranks all turns of a conversation for a query; equals keep their order. */
export function createBaseline(turns: readonly LocomoTurn[]): (query: string) => string[] {
  const documents = turns.map((turn, index) => {
    const window = turns.slice(Math.max(0, index - 1), index + 2).filter((other) => other.session === turn.session)
    const terms = termsOf(window.map((other) => other.text).join(' '))
    return { id: turn.id, length: terms.length, frequencies: countOf(terms) }
  })
  const documentsWith = countOf(documents.flatMap((document) => [...document.frequencies.keys()]))
  const averageLength = documents.reduce((sum, document) => sum + document.length, 0) / documents.length
  const worth = (term: string) => {
    const count = documentsWith.get(term) ?? 0
    return Math.log((documents.length - count + 0.5) / (count + 0.5) + 1)
  }
  return (query) => {
    const terms = termsOf(query)
    const scores = documents.map(({ id, length, frequencies }) => {
      const norm = K1 * (1 - B + (B * length) / averageLength)
      const score = terms.reduce((sum, term) => {
        const frequency = frequencies.get(term) ?? 0
        return sum + (worth(term) * frequency * (K1 + 1)) / (frequency + norm)
      }, 0)
      return { id, score }
    })
    return scores.sort((a, b) => b.score - a.score).map((scored) => scored.id)
  }
}

function countOf(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  return counts
}
