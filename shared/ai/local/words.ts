import { foldScript } from './fold-script.ts'
import { perToken, perWord } from './per-word.ts'

/**
 * Owns how text is cut into words, for the offline embedder and for keyword search alike: the same text always gives the same words.
 * Guarantees: lower case, letters folded, at most `MAX_WORD_CHARACTERS` long; any string is accepted, also lone surrogates and empty text.
 * Must not stem or drop words: that is for callers to decide.
 */

/** Longer words (hashes, encoded blobs) are cut here, so that a word always fits a database index; in UTF-16 units. */
export const MAX_WORD_CHARACTERS = 40

const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Khmer}\\p{Script=Lao}\\p{Script=Myanmar}'
const TOKEN = new RegExp(`[${UNSPACED}]+|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}_])+|\\p{Extended_Pictographic}`, 'gu')
const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u')
const IS_OF_TOKEN = /^[a-zA-Z0-9_]$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII, in which accents and other scripts need no care
const IS_ASCII = /^[\x00-\x7f]*$/
const PLAIN_WORD = /^[a-zA-Z0-9][a-z0-9]*$/
const IDENTIFIER_BOUNDARY = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/**
 * The words of a text, in order. `isn't` gives `is not`; `getUserName` and `user_name` give their parts, then the whole without underscores;
 * scripts without spaces give overlapping pairs of characters; an emoji is a word.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = []
  forEachWord(text, (word) => words.push(word))
  return words
}

/**
 * A function that visits, in their order, what another makes of the words of each token, which is kept. For ASCII only, where no word depends on its
 * neighbours: it answers false for another text.
 */
export function perAsciiToken<Answer>(answerFor: (words: readonly string[]) => Answer) {
  const forEach = perToken(
    (character) => IS_OF_TOKEN.test(character),
    (token) => answerFor(readParts(token)),
  )
  return (text: string, visit: (answer: Answer) => void): boolean => {
    if (!IS_ASCII.test(text)) return false
    forEach(withoutContractions(text), visit)
    return true
  }
}

/** Visits the words of a text as `wordsOf` lists them. */
export function forEachWord(text: string, visit: (word: string) => void): void {
  const visitAll = (words: readonly string[]) => {
    for (const word of words) visit(word)
  }
  if (forEachPart(text, visitAll)) return
  for (const token of withoutContractions(foldScript(text)).match(TOKEN) ?? [])
    visitAll(IS_UNSPACED.test(token) ? pairsOf(token) : partsOf(token))
}

function withoutContractions(text: string): string {
  if (!text.includes("'")) return text
  return text.replace(/n't\b/gi, ' not').replace(/(?<=\p{L})'(?:s|re|ve|ll|d|m)\b/giu, '')
}

/** The words of an identifier, kept, since most come again. */
const partsOf = perWord(readParts)
const forEachPart = perAsciiToken((words) => words)

function readParts(token: string): readonly string[] {
  // Most words have no boundary, and the exact pattern is slow.
  if (PLAIN_WORD.test(token)) return [cut(token)]
  const parts = token.split(IDENTIFIER_BOUNDARY).filter((part) => part !== '')
  // The whole as well: `YouTube` must be found by `youtube`, and an identifier by its exact name.
  return [...(parts.length > 1 ? parts : []), ...(parts.length > 0 ? [parts.join('')] : [])].map(cut)
}

function pairsOf(run: string): string[] {
  const characters = [...run]
  if (characters.length === 1) return [run]
  return characters.slice(1).map((character, before) => `${characters[before]}${character}`)
}

function cut(word: string): string {
  if (word.length <= MAX_WORD_CHARACTERS) return word.toLowerCase()
  const short = word.slice(0, MAX_WORD_CHARACTERS)
  // The cut may fall inside a surrogate pair, and half a pair cannot be stored.
  return (short.isWellFormed() ? short : short.slice(0, -1)).toLowerCase()
}
