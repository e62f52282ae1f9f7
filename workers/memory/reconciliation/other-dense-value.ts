import { FAVOURITE, HOLDS, ONE_OF_MANY, ONE_PLACE } from '../local-rules/words/change-words.ts'
import { OCCUPATION } from '../local-rules/words/occupations.ts'

/**
 * Tells of two sentences in a script that writes no spaces, or puts particles onto words, that they say the same but for a value of which there is one at a
 * time. They are compared from both ends; the characters beside the value say what it is.
 */

const MAX_VALUE_CHARS = 12
const MIN_SHARED_CHARS = 2

/** True if two sentences, without their words for now, give one thing two values. */
export function isOtherDenseValue(now: string, then: string): boolean {
  const [a, b] = [piecesOf(now), piecesOf(then)]
  let before = 0
  while (before < Math.min(a.length, b.length) && a[before] === b[before]) before += 1
  let behind = 0
  while (behind < Math.min(a.length, b.length) - before && a.at(-1 - behind) === b.at(-1 - behind)) behind += 1
  const values = [a, b].map((pieces) => pieces.slice(before, pieces.length - behind))
  const [start, end] = [b.slice(0, before).join(''), b.slice(b.length - behind).join('')]
  const isShort = values.every((value) => value.length > 0 && value.join('').length <= MAX_VALUE_CHARS)
  if (!isShort || start.length + end.length < MIN_SHARED_CHARS) return false
  if (values.every((value) => value.length === 1 && /^\p{Nd}/u.test(value[0] as string)))
    return start !== '' && !/第$/u.test(start) && AMOUNT.test(end)
  // "My friend", who may be another.
  if (ONE_OF_MANY.test(start)) return false
  if (values.every((value) => OCCUPATION.test(value.join('').replace(COPULA, '')))) return true
  const isAtPlace = /在$/u.test(start) || values.every((value) => IN_PLACE.test(`${value.join('')}${end}`))
  if (ONE_PLACE.test(`${start} ${end}`)) return isAtPlace
  const isWhatItIs = /(?:是|은|는|は)\s?$/u.test(start)
  if (FAVOURITE.test(start)) return isWhatItIs
  const shared = `${start} ${end}`
  if (shared.search(HOLDS) < 0 || shared.replace(HOLDS, '').replace(/[\s。.！!]/gu, '').length < MIN_SHARED_CHARS)
    return false
  return (
    isWhatItIs ||
    /由$/u.test(start) ||
    values.every((value) => IS_NAME.test(value.join('')) && DOES.test(`${value.join('')}${end}`))
  )
}

/** The endings of the word for "is", which differ with the sound before them. */
const COPULA = /(?:이에|예|이|에)$/u

/** Behind a number: the hour that something is at, or a unit and no more; not what "room 101" or "building 3" has. */
const AMOUNT =
  /^(?:[点點時시分분][^有在있]{0,12}|(?:(?![有在是很號号番호번])[\p{L}%]){1,3}(?:です|だ|예요|이에요|입니다|了)?)[。.！!]?$/u
/** A place with its particle. */
const IN_PLACE = /^[\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}ー]{1,10}(?:に|で|에서?)/u
/** The one who does something, with the particle. */
const DOES = /^[\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}ー]{1,8}?(?:さん|氏|様|씨|님)?[が가이] ?/u

/** A name with one particle at most. */
const IS_NAME = /^[^がはの가은는의]{1,8}[が가]?$/u

/** Only Hangul has spaces. */
const NO_SPACE = /(?<![\p{Script=Hangul}\s])\s{1,3}|\s{1,3}(?![\p{Script=Hangul}\s])/gu

/** Characters, and numbers as one. */
function piecesOf(text: string): string[] {
  return (
    text
      .replace(NO_SPACE, '')
      .replace(/\s{1,9}/gu, ' ')
      .trim()
      .match(/\p{Nd}{1,20}|[^\p{Nd}]/gu) ?? []
  )
}
