import { foldLetters } from './fold-letters.ts'

/** Owns pieces of patterns that find phrases in folded text, in scripts with spaces between words and without. Each is bounded. */

/** Of the scripts that put spaces between words. */
export const LETTER = String.raw`[\p{Script=Latin}\p{Script=Cyrillic}]`
const BEGINS_WITH_LETTER = new RegExp(`^${LETTER}`, 'u')
/** Within a sentence. */
export const GAP = '[^.!?;。！？।]{0,40}?'
export const SHORT_GAP = '[^.!?;,。！？、।]{0,14}?'

/** Any of the phrases, as a piece of a pattern for folded text. What stands beside a word is tried once for all: compiling it takes longest. */
export function anyOf(given: readonly string[]): string {
  const all = phrasesOf(given)
  const [words, anywhere] = [all.filter(isSpaced), all.filter((phrase) => !isSpaced(phrase))]
  return `(?:${oneOf(whole(anywhere))}|${oneOf(stems(anywhere))}${ENDING}|(?<!${LETTER})(?:${oneOf(stems(words))}${LETTER}{0,12}|${oneOf(whole(words))})(?!${LETTER}))`
}

/** Of scripts without spaces, or with endings of several letters. */
const ENDING = '(?!い[るたま])[^ .,!?;。、！？；।]{0,8}'
const isSpaced = (phrase: string) => BEGINS_WITH_LETTER.test(phrase)
const stems = (all: readonly string[]) =>
  all.filter((phrase) => phrase.endsWith('*')).map((phrase) => phrase.slice(0, -1))
const whole = (all: readonly string[]) => all.filter((phrase) => !phrase.endsWith('*'))

export function anyOfSqueezed(phrases: readonly string[]): string {
  return oneOf(phrasesOf(phrases).map((phrase) => phrase.replace(/\P{L}/gu, '')))
}

/** None of nothing. */
function oneOf(phrases: readonly string[]): string {
  return phrases.length === 0 ? '(?!)' : `(?:${phrases.map(escaped).join('|')})`
}

function phrasesOf(phrases: readonly string[]): string[] {
  return phrases.flatMap((row) =>
    row.split('|').map((phrase) => (phrase.endsWith('*') ? `${foldLetters(phrase)}*` : foldLetters(phrase))),
  )
}

function escaped(phrase: string): string {
  return phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
