import { wordsOf } from '../../../../shared/ai/local/words.ts'
import { fnv1a } from '../../../../shared/text/fnv1a.ts'
import * as phrases from './injection-phrases.ts'
import * as topics from './order-topics.ts'
import { anyOf } from './phrase-patterns.ts'
import * as takeover from './takeover-phrases.ts'

/**
 * Owns what the linear model of orders looks at in one sentence: what it is about, in any language, and its words, those beside each other, their
 * beginnings and endings, and what stands first and last. Weights are stored by the numbers of these features: a change here needs new ones.
 */

/** A power of two. */
export const ORDER_FEATURES = 2 ** 16
const MAX_WORDS = 80
const BEGINNING = 5
const ENDING = 3
/** What may stand before the first word. */
const MAX_LEAD = 2

type Topic = { readonly name: string; readonly pattern: RegExp }
let made: readonly Topic[] | undefined

/** Compiled at first use: it takes longest. */
function madeTopics(): readonly Topic[] {
  // Sorted, for not every loader of modules keeps their names in the same order, and a pair has the name of both.
  made ??= [phrases, takeover, topics].flatMap((lists) =>
    Object.entries<readonly string[]>(lists)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, list]) => ({ name, pattern: new RegExp(anyOf(list), 'u') })),
  )
  return made
}

/** The numbers of the features of a sentence, each once; `folded` is what `foldLetters` makes of it. */
export function orderFeaturesOf(sentence: string, folded: string): Set<number> {
  const found = new Set<number>()
  const add = (name: string) => found.add(fnv1a(name) % ORDER_FEATURES)
  const about = madeTopics().flatMap(({ name, pattern }) => {
    const at = folded.search(pattern)
    if (at < 0) return []
    return at <= MAX_LEAD ? [name, `^${name}`] : [name]
  })
  for (const [at, one] of about.entries()) {
    add(`t ${one}`)
    for (const other of about.slice(at + 1)) add(`tt ${one} ${other}`)
  }
  const words = wordsOf(sentence).slice(0, MAX_WORDS)
  const beginning = (at: number) => (words[at] ?? '').slice(0, BEGINNING)
  for (const [at, word] of words.entries()) {
    add(`w ${word}`)
    add(`b ${beginning(at)}`)
    add(`e ${word.slice(-ENDING)}`)
    add(`2 ${beginning(at)} ${beginning(at + 1)}`)
    add(`3 ${beginning(at)} ${beginning(at + 2)}`)
  }
  add(`f ${words[0]}`)
  add(`fb ${beginning(0)}`)
  add(`f2 ${words[0]} ${words[1]}`)
  add(`l ${words.at(-1)}`)
  add(`le ${words.at(-1)?.slice(-ENDING)}`)
  return found
}
