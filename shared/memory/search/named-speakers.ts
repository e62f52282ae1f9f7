import { functionWordsOf } from '../../ai/local/detect-languages.ts'
import { isStopWord } from '../../ai/local/terms.ts'
import { wordsOf } from '../../ai/local/words.ts'

/** Whether a query names a speaker: `what did Ana buy` names `Ana Lopez`, `what will we eat` does not name `Will`. Pure. */

/** Names and roles that are ordinary words: they name somebody only where a capital letter says so. */
const ORDINARY_WORDS = new Set(
  `will may mark bill rob pat sue art gene grant chase hunter jack dean drew rich sandy ray guy june april august summer autumn dawn rose lily ivy iris
grace hope faith joy charity mercy patience frank ernest earnest max page miles pierce reed reid river skip stone wade ward west young king
user assistant agent system bot ai human customer client guest support admin friend mom dad sun moon star sol mar luz paz dolores consuelo`.split(
    /\s+/,
  ),
)
const WORD = /[\p{L}\p{M}\p{N}]+/gu
const IS_CAPITAL = /^\p{Lu}/u
/** What may stand before the first word of a sentence. */
const STARTS_SENTENCE = /(?:^|[.!?…:;"“„«(\n])[\s"“„«(¿¡]{0,8}$/u

export function speakerMatcher(query: string): (speaker: string) => boolean {
  const named = new Set<string>()
  const isSmall = functionWordsOf(wordsOf(query))
  let inside = ''
  let end = 0
  for (const { 0: word, index } of query.matchAll(WORD)) {
    inside = (inside + query.slice(end, index)).slice(-MAX_GAP)
    const isCapital = IS_CAPITAL.test(word) && !STARTS_SENTENCE.test(inside)
    for (const part of wordsOf(word)) if (isCapital || !(isOrdinary(part) || isSmall(part))) named.add(part)
    inside = `${inside}${word}`.slice(-MAX_GAP)
    end = index + word.length
  }
  return (speaker) => wordsOf(speaker).some((word) => named.has(word))
}

/** What is looked at before a word. */
const MAX_GAP = 8

function isOrdinary(word: string): boolean {
  return isStopWord(word) || ORDINARY_WORDS.has(word)
}
