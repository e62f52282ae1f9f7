import { wordVectors } from '../../shared/ai/local/word-vectors.ts'
import { seededRandom } from './random-vectors.ts'

/** Owns the made-up memories of the search benchmark: the words of English by Zipf's law, some names far more often than others, the same in every run. */

export type MadeMemory = { readonly name: string; readonly fact: string; readonly turn: string }
export type MadeCorpus = { readonly memories: readonly MadeMemory[]; readonly queries: readonly string[] }

const SEED = 8
/** The most frequent words of the table are punctuation, articles and pronouns. */
const FIRST_WORD = 100
const WORDS = 20_000
const NAMES = 200
const FIRST_NAME = 2_000
const FACT_WORDS = 7
const TURN_WORDS = 18
/** Of a fact's words, those that its query repeats; the name comes on top. */
const ASKED_WORDS = 3

/** So many memories, each with the turn that it came from, and questions about some of them. */
export function makeCorpus(memories: number, queries: number): MadeCorpus {
  const random = seededRandom(SEED)
  const words = wordVectors().words.filter((word) => /^[a-z]{3,}$/.test(word))
  const zipf = (first: number, count: number) => words[first + Math.floor(count ** random()) - 1] as string
  const some = (count: number) => Array.from({ length: count }, () => zipf(FIRST_WORD, WORDS))
  const made = Array.from({ length: memories }, () => {
    const name = zipf(FIRST_NAME, NAMES)
    const said = some(FACT_WORDS)
    return {
      name,
      fact: `${name} ${said.join(' ')}`,
      turn: `I ${said.join(' ')}, and ${some(TURN_WORDS).join(' ')}`,
      said,
    }
  })
  const asked = Array.from({ length: queries }, () => {
    const { name, said } = made[Math.floor(random() * memories)] as (typeof made)[number]
    const repeated = said.toSorted(() => random() - 0.5).slice(0, ASKED_WORDS)
    return `What did ${name} say about ${repeated.join(' ')} and ${zipf(FIRST_WORD, WORDS)}?`
  })
  return { memories: made, queries: asked }
}
