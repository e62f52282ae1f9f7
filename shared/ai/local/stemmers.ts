import { createRequire } from 'node:module'
import { perWord } from './per-word.ts'

/**
 * Owns the stems of words in other languages than English, by Snowball's rules where it has some: a word's other spellings for the index.
 * Guarantees: words of at least three letters in, at least two letters out; linear in a word's length, which is bounded.
 */

type Stemmer = (word: string) => readonly string[]
type Rules = (word: string) => string

const MIN_STEM = 2

const load = createRequire(import.meta.url)

/** The rules of a language, loaded with its first word: most processes read one or two languages. */
function rulesOf(language: string): Rules {
  let rules: Rules | undefined
  return (word) => {
    rules ??= (load(`@orama/stemmers/${language}`) as { readonly stemmer: Rules }).stemmer
    return rules(word)
  }
}

function snowball(language: string, asGiven = (word: string) => word): Stemmer {
  const rules = rulesOf(language)
  return (word) => {
    const stem = rules(asGiven(word))
    return [stem.length < MIN_STEM ? word : stem]
  }
}

/** A word that lets its letters be written, as some rules do: a string refuses that. */
function writable(word: string): string {
  const letters: Pick<string, 'substring'> = Object.assign([...word], {
    substring(this: string[], from: number, to?: number) {
      return this.slice(from, to).join('')
    },
  })
  return letters as string
}

/** Languages that inflect by endings and for which no rules are kept: the longest ending that leaves three letters goes. */
function endingsOff(endings: string): Stemmer {
  const longestFirst = endings.split(' ').sort((a, b) => b.length - a.length)
  return (word) => {
    const ending = longestFirst.find((end) => word.endsWith(end) && word.length - end.length >= 3)
    return [ending === undefined ? word : word.slice(0, -ending.length)]
  }
}

const SLAVIC_ENDINGS =
  'ami emi imi ymi ach ech ich ych owi ovi ove emu omu ego eho iho oga ega iej ej om am um em im ym ow ie ia iu ou e a i o u y'
const HEBREW_PREFIX = /^[והבלכמש]/
const HEBREW_PLURAL = /(?:ימ|ות)$/
/** Of number, gender and the construct; a single letter goes from longer words only. */
const HEBREW_ENDING = /(?:(?<=.{3})(?:י?ות|ימ|ייה|ית)|(?<=.{4})[התי])$/
const ARABIC_ARTICLE = /^(?:[وفبك]?ال|لل)/

/** The endings that light stemming takes off: of number and gender, and possessives. */
const ARABIC_ENDING = /(?<=.{3})(?:ها|هما?|ان|ات|ون|ين|يه|يا|ه|ي)$/

/** One-letter words and the article stand before a Hebrew word without a space. */
function hebrew(word: string): string[] {
  const bare = [word]
  for (let rest = word; rest.length > 3 && bare.length < 3 && HEBREW_PREFIX.test(rest); ) {
    rest = rest.slice(1)
    bare.push(rest)
  }
  return [
    ...new Set(
      bare.flatMap((one) => [
        one,
        ...(one.length > 4 ? [one.replace(HEBREW_PLURAL, ''), one.replace(HEBREW_ENDING, '')] : []),
      ]),
    ),
  ]
}

const SOFTENED = /(?<=.{3})g[aeiu](?:n|n[aei])?$/

const arabic = rulesOf('arabic')
const dutch = rulesOf('dutch')
const portuguese = rulesOf('portuguese')
const finnish = snowball('finnish')
const turkish = snowball('turkish')

function arabicStems(word: string): string[] {
  const bare = word.length > 4 ? word.replace(ARABIC_ARTICLE, '') : word
  return [...new Set([bare, arabic(bare), bare.replace(ARABIC_ENDING, '')])].filter((stem) => stem.length >= MIN_STEM)
}

const STEMMERS = {
  da: snowball('danish'),
  de: snowball('german'),
  es: snowball('spanish'),
  // The vowel before an ending changes: laatta, laatat, laattoja.
  fi: (word) => finnish(word).flatMap((stem) => [stem, stem.replace(/(?<=.{3})[aeiou]{1,2}$/, '')]),
  fr: snowball('french'),
  hu: snowball('hungarian'),
  id: snowball('indonesian'),
  it: snowball('italian'),
  lt: snowball('lithuanian'),
  // Huizen is huis, brieven is brief.
  nl: (word) => [dutch(word).replace(/z$/, 's').replace(/v$/, 'f')],
  no: snowball('norwegian'),
  // Snowball leaves -ao and -oes, which are one.
  pt: (word) => [portuguese(word).replace(/[aeo]{1,3}$/, '') || word],
  ro: snowball('romanian'),
  sv: snowball('swedish'),
  // A k softens before a vowel: mutfak, mutfağın.
  tr: (word) => [...turkish(word), ...(SOFTENED.test(word) ? [word.replace(SOFTENED, 'k')] : [])],
  slavic: endingsOff(SLAVIC_ENDINGS),
  bg: snowball('bulgarian', writable),
  ru: snowball('russian'),
  sr: snowball('serbian'),
  uk: snowball('ukrainian'),
  el: snowball('greek'),
  ar: arabicStems,
  he: hebrew,
  bn: endingsOff('গুলোর গুলির গুলোকে গুলো গুলি টির টিকে টি টা দের কে তে ের েরা রা র ে য়'),
  hi: snowball('indian'),
  hy: snowball('armenian'),
  ta: snowball('tamil'),
} satisfies Record<string, Stemmer>

/** A language with stems of its own; `slavic` is Polish, Czech, Slovak, Croatian and Slovene. */
export type StemLanguage = keyof typeof STEMMERS

/** The languages of a script, of which detection may choose some. */
export const LANGUAGES_OF_SCRIPT: readonly { readonly script: RegExp; readonly languages: readonly StemLanguage[] }[] =
  [
    {
      script: /^\p{Script=Latin}/u,
      languages: ['da', 'de', 'es', 'fi', 'fr', 'hu', 'id', 'it', 'lt', 'nl', 'no', 'pt', 'ro', 'sv', 'tr', 'slavic'],
    },
    { script: /^\p{Script=Cyrillic}/u, languages: ['bg', 'ru', 'sr', 'uk'] },
    { script: /^\p{Script=Greek}/u, languages: ['el'] },
    { script: /^\p{Script=Arabic}/u, languages: ['ar'] },
    { script: /^\p{Script=Hebrew}/u, languages: ['he'] },
    { script: /^\p{Script=Bengali}/u, languages: ['bn'] },
    { script: /^\p{Script=Devanagari}/u, languages: ['hi'] },
    { script: /^\p{Script=Armenian}/u, languages: ['hy'] },
    { script: /^\p{Script=Tamil}/u, languages: ['ta'] },
  ]

const keptStems = Object.fromEntries(
  Object.entries(STEMMERS).map(([language, stems]) => [language, perWord(stems)]),
) as Record<StemLanguage, Stemmer>

/** The stems that one folded, lower-case word has in a language; the word itself where it is too short to have others. */
export function stemsIn(language: StemLanguage, word: string): readonly string[] {
  return word.length < 3 ? [word] : keptStems[language](word)
}
