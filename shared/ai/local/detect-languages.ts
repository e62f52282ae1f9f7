import { createRequire } from 'node:module'
import { foldScript } from './fold-script.ts'
import type { StemLanguage } from './stemmers.ts'

/**
 * Owns which languages a text may be in, by its function words: enough to choose stems, not to name the language.
 * Guarantees: the same text has the same languages, as an item and as a query; a few words without function words have none.
 */

/** `en` has stems of its own, see stem.ts. */
export type TextLanguage = StemLanguage | 'en'

const SLAVIC =
  `w we z ze na nie sie jest i do to ze od za po jak ale czy moj moja mam jego jej ich dla przez przed tylko juz byl byla bylo bede
jsem jsi je jsme jste jsou byl bylo se si na v ve do od pro pri jak ale nebo muj moje mam me jeho jeji ktery ktera co kde kdy uz som sme ste su
nie je sa si na v vo do od pre pri ako ale alebo moj moja mam jeho jej ktory co kde kedy uz sam si je smo ste su ne se na u od za kako ali ili moj
moja imam njegov koji koja sto gdje kada vec`.split(/\s+/)

/** Function words, or the name of a list of them. A word of these says more than one that many share. */
const FUNCTION_WORDS: Readonly<Record<string, string | readonly string[]>> = {
  bg: 'bulgarian',
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  id: 'indonesian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sl: SLAVIC,
  sr: 'serbian',
  sv: 'swedish',
  tr: 'turkish',
  uk: 'ukrainian',
}
const STEM_LANGUAGES: Readonly<Record<string, TextLanguage>> = { sl: 'slavic' }
/** A text's first words say it; what follows is rarely in another language. */
const READ_WORDS = 200
/** Languages with at least this share of what speaks for the best one come into question as well. */
const RIVAL_SHARE = 0.6
/** Below this share of function words a long text is no prose of a language known here. */
const MIN_WORD_SHARE = 0.03

let languagesByWord: ReadonlyMap<string, readonly string[]> | undefined

/** Read with the first text: a process that reads none is spared them. */
function readFunctionWords(): ReadonlyMap<string, readonly string[]> {
  const load = createRequire(import.meta.url)
  const byWord = new Map<string, readonly string[]>()
  const wordsOf = (list: string) => (load(`@orama/stopwords/${list}`) as { readonly stopwords: string[] }).stopwords
  for (const [language, list] of Object.entries(FUNCTION_WORDS)) {
    const words = typeof list === 'string' ? wordsOf(list) : list
    for (const word of new Set(words.map((each) => foldScript(each).toLowerCase())))
      byWord.set(word, [...(byWord.get(word) ?? []), language])
  }
  return byWord
}

/** The languages that folded, lower-case words may be in, the likeliest first; empty when nothing speaks for any. */
export function detectLanguages(words: readonly string[]): readonly TextLanguage[] {
  const read = Math.min(words.length, READ_WORDS)
  const votes = functionWordVotes(words.slice(0, read))
  const best = Math.max(0, ...votes.values())
  if (best === 0 || best < read * MIN_WORD_SHARE) return []
  return [...votes]
    .filter(([, vote]) => vote >= best * RIVAL_SHARE)
    .sort(([, a], [, b]) => b - a)
    .map(([language]) => STEM_LANGUAGES[language] ?? (language as TextLanguage))
}

/** The evidence of folded, lower-case words for each language: a function word counts one, shared by the languages that have it. */
export function functionWordVotes(words: readonly string[]): ReadonlyMap<string, number> {
  languagesByWord ??= readFunctionWords()
  const votes = new Map<string, number>()
  for (const word of words) {
    const languages = languagesByWord.get(word) ?? []
    for (const language of languages) votes.set(language, (votes.get(language) ?? 0) + 1 / languages.length)
  }
  return votes
}

/** Whether a folded, lower-case word is a function word of any language known here. */
export function isFunctionWord(word: string): boolean {
  languagesByWord ??= readFunctionWords()
  return languagesByWord.has(word)
}

/** Tells the function words of the likeliest language of some folded, lower-case words: "dog", "hat" and "son" are small words of others. */
export function functionWordsOf(words: readonly string[]): (word: string) => boolean {
  const [language] = detectLanguages(words)
  return (word) => languagesByWord?.get(word)?.some((one) => (STEM_LANGUAGES[one] ?? one) === language) === true
}
