import { foldScript } from './fold-script.ts'
import { perWord } from './per-word.ts'

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
const ASCII_TOKEN = /[a-zA-Z0-9_]+/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of ASCII, in which accents and other scripts need no care
const IS_ASCII = /^[\x00-\x7f]*$/
const PLAIN_WORD = /^[a-zA-Z0-9][a-z0-9]*$/
const IDENTIFIER_BOUNDARY = /_+|(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

/**
 * The words of a text, in order. `isn't` gives `is not`; `getUserName` and `user_name` give their parts, then the whole without underscores;
 * scripts without spaces give overlapping pairs of characters; an emoji is a word.
 */
export function wordsOf(text: string): string[] {
  const isAscii = IS_ASCII.test(text)
  const folded = withoutContractions(isAscii ? text : foldScript(text))
  const words: string[] = []
  for (const token of folded.match(isAscii ? ASCII_TOKEN : TOKEN) ?? []) {
    if (!isAscii && IS_UNSPACED.test(token)) addPairs(token, words)
    else for (const word of partsOf(token)) words.push(word)
  }
  return words
}

function withoutContractions(text: string): string {
  if (!text.includes("'")) return text
  return text.replace(/n't\b/gi, ' not').replace(/(?<=\p{L})'(?:s|re|ve|ll|d|m)\b/giu, '')
}

/** The words of an identifier, kept, since most come again. */
const partsOf = perWord((token): readonly string[] => {
  // Most words have no boundary, and the exact pattern is slow.
  if (PLAIN_WORD.test(token)) return [cut(token)]
  const parts = token.split(IDENTIFIER_BOUNDARY).filter((part) => part !== '')
  // The whole as well: `YouTube` must be found by `youtube`, and an identifier by its exact name.
  return [...(parts.length > 1 ? parts : []), ...(parts.length > 0 ? [parts.join('')] : [])].map(cut)
})

function addPairs(run: string, words: string[]): void {
  const characters = [...run]
  if (characters.length === 1) words.push(run)
  for (let i = 0; i + 1 < characters.length; i++) words.push(`${characters[i]}${characters[i + 1]}`)
}

function cut(word: string): string {
  if (word.length <= MAX_WORD_CHARACTERS) return word.toLowerCase()
  const short = word.slice(0, MAX_WORD_CHARACTERS)
  // The cut may fall inside a surrogate pair, and half a pair cannot be stored.
  return (short.isWellFormed() ? short : short.slice(0, -1)).toLowerCase()
}
