import { VARIANT_MARK } from '../../text/term-variants.ts'
import { detectLanguages, functionWordsOf, type TextLanguage } from './detect-languages.ts'
import { stem } from './stem.ts'
import { LANGUAGES_OF_SCRIPT, type StemLanguage, stemsIn } from './stemmers.ts'
import { wordsOf } from './words.ts'

/**
 * Owns what keyword search compares: the terms of an item, and those a query asks for. A word's English stem is a term of its own; the stems of other
 * languages, single characters of Chinese, Japanese and Korean, and other spellings are variants of it (see term-variants.ts).
 * A change here needs a new index: terms are stored.
 */

const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about also am an and any are as at be been being but by can could did do does doing for from had has have having he her here hers him his how
i if in into is it its just me my no not of off on or our ours she should so than that the their theirs them then there these they this those to too
up us very was we were what when where which while who whom whose why will with would you your yours`.split(/\s+/),
)

/** Texts with fewer words than this that nothing says the language of are indexed with the stems of all languages of their script. */
const SHORT_TEXT_WORDS = 24
/** "hat" and "dog" are function words too, each of another language. */
const MIN_FUNCTION_WORDS = 2
const IS_ASCII_WORD = /^[a-z0-9]+$/
const CHARACTER_PAIR = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Hangul}]{1,2}$/u
const HAN = /^\p{Script=Han}/u
const HANGUL = /^\p{Script=Hangul}/u
const TWO_SPELLINGS = /[aou]e|aa/

/** Whether a word says nothing in English, and is no term. */
export function isStopWord(word: string): boolean {
  return STOP_WORDS.has(word)
}

/** The terms of an item: those of its words, in order and with repetitions, and their variants. */
export function termsOf(text: string): string[] {
  const words = wordsOf(text)
  const found = detectLanguages(words)
  const variantsOf = createVariants(found.length === 0 && words.length >= SHORT_TEXT_WORDS ? ENGLISH : found)
  const terms: string[] = []
  for (const [at, word] of words.entries()) {
    if (STOP_WORDS.has(word)) continue
    terms.push(stem(word))
    for (const variant of variantsOf(word, words[at + 1])) terms.push(marked(variant))
  }
  return terms
}

/** What a query asks for: for each of its words the terms of which any may stand in an item, rather the first. */
export function queryTermsOf(text: string): string[][] {
  const words = wordsOf(text)
  const variantsOf = createVariants(detectLanguages(words))
  const groups = new Map<string, string[]>()
  const compoundsOf = createCompounds(words)
  const add = (terms: readonly string[]) => groups.set(terms[0] as string, [...new Set(terms)])
  for (const [at, word] of words.entries()) {
    if (STOP_WORDS.has(word)) continue
    const variants = variantsOf(word, words[at + 1])
    if (!CHARACTER_PAIR.test(word)) {
      const compounds = compoundsOf(word).flatMap((one) => [stem(one), ...variantsOf(one, undefined).map(marked)])
      add([stem(word), ...kinOf(word), marked(word), ...variants.map(marked), ...compounds])
      continue
    }
    const [first = '', second] = [...word]
    add(second === undefined ? [word, marked(word)] : [word])
    // Kana and most syllables of Korean are endings more often than words.
    const isShortWord = HANGUL.test(word) && !words[at - 1]?.endsWith(first)
    for (const one of second === undefined ? [] : variants) if (HAN.test(one) || isShortWord) add([marked(one)])
  }
  return [...groups.values()]
}

/**
 * The function words of a query in another language than English, folded. They are no reason to leave a word out, for it may be a name or belong to
 * a language that was not recognised, but what has only them in common with a query says little about it.
 */
export function faintWordsOf(text: string): ReadonlySet<string> {
  const words = [...new Set(wordsOf(text))]
  const small = words.filter(functionWordsOf(words))
  const isKnown =
    small.length >= MIN_FUNCTION_WORDS && small.length < words.length && detectLanguages(words)[0] !== 'en'
  return new Set(isKnown ? small : NONE)
}

/** English stems of the same family: "allergic" asks for "allergy". An item need not have them, so that no index changes. */
function kinOf(word: string): readonly string[] {
  if (/[a-z]{4}ic(?:al)?$/.test(word)) return [`${word.replace(/ic(?:al)?$/, '')}i`]
  return /[a-z]{4}y$/.test(word) ? [word.slice(0, -1)] : NONE
}

/** Letters that may stand between the words of a compound. */
const LINKS = ['', 's', 'n', 'en', 'e', 'es']
/** Longer questions say enough without. */
const MAX_COMPOUND_WORDS = 5
const IS_COMPOUND_PART = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}]{3,20}$/u
/** In the other order shorter words make different ones: "red hat" asks for no hatred. */
const MIN_TURNED_LETTERS = 4

/** Gives the compounds that a word of a short query makes with the words beside it: "Fliesen Küche" asks for "Küchenfliesen". */
function createCompounds(words: readonly string[]) {
  const isSmall = functionWordsOf(words)
  const parts = words.filter((word) => IS_COMPOUND_PART.test(word) && !isStopWord(word) && !isSmall(word))
  const pairs = parts.length > MAX_COMPOUND_WORDS ? [] : parts.slice(1).map((word, at) => [parts[at] as string, word])
  return (word: string): readonly string[] =>
    pairs
      .filter((pair) => pair.includes(word))
      .flatMap(([one = '', other = '']) => [
        ...LINKS.map((link) => `${one}${link}${other}`),
        ...(Math.min(one.length, other.length) < MIN_TURNED_LETTERS
          ? []
          : LINKS.map((link) => `${other}${link}${one}`)),
      ])
}

const ENGLISH: readonly TextLanguage[] = ['en']
const NONE: readonly string[] = []

function marked(variant: string): string {
  return VARIANT_MARK + variant
}

/** Gives the other terms under which a word of a text is found, `next` being the word behind it. */
function createVariants(languages: readonly TextLanguage[]) {
  const isEnglish = languages.length === 1 && languages[0] === 'en'
  const latin = languagesOfScript('a', languages)
  return (word: string, next: string | undefined): readonly string[] => {
    const isAscii = IS_ASCII_WORD.test(word)
    const characters = isAscii ? NONE : charactersOf(word, next)
    if (characters.length > 0) return characters
    const hasTwo = TWO_SPELLINGS.test(word)
    if (isAscii && isEnglish) return hasTwo ? [withoutSecondVowel(word)] : NONE
    const own = isAscii ? latin : languagesOfScript(word, languages)
    const spellings = hasTwo ? [word, withoutSecondVowel(word)] : [word]
    if (own.length === 0) return spellings.slice(1)
    return [...new Set(spellings.flatMap((spelling) => own.flatMap((language) => stemsIn(language, spelling))))]
  }
}

/** The characters of a pair of Chinese, Japanese or Korean that the next word does not begin with; none of other words. */
export function charactersOf(pair: string, next: string | undefined): readonly string[] {
  if (!CHARACTER_PAIR.test(pair)) return NONE
  const [first = '', second] = [...pair]
  return second === undefined || (next?.startsWith(second) && next.length > second.length) ? [first] : [first, second]
}

/** `Koeln` and `Köln`, `Aarhus` and `Århus`: accents are folded already. */
function withoutSecondVowel(word: string): string {
  return word.replace(/([aou])e/g, '$1').replaceAll('aa', 'a')
}

/** The languages of a word's script that its text may be in; all of them when nothing is known of the text. */
function languagesOfScript(word: string, languages: readonly TextLanguage[]): readonly StemLanguage[] {
  const ofScript = LANGUAGES_OF_SCRIPT.find(({ script }) => script.test(word))?.languages ?? []
  if (ofScript.length === 1 || languages.length === 0) return ofScript
  const detected = ofScript.filter((language) => languages.includes(language))
  // Latin words in a text of another script are names; Cyrillic ones are words of a language that was not recognised.
  return detected.length > 0 || IS_ASCII_WORD.test(word) || languages.includes('en') ? detected : ofScript
}
