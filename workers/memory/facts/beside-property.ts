import { termsOf } from '../../../shared/ai/local/terms.ts'
import { SIGNAL_WORDS } from '../local-rules/words/signal-words.ts'
import { wordPattern } from '../local-rules/words/word-pattern.ts'

/**
 * Finds what a sentence says beside the property that it states: "I live in Berlin with my wife Lena". A later fact may replace the property, and what
 * stands beside it still holds. For languages in which it follows; where the verb comes last nothing is found.
 */

/** What joins the two. */
const JOINS: Readonly<Record<string, string>> = {
  en: 'with|and|together with',
  de: 'mit|und|zusammen mit',
  fr: 'avec|et',
  es: 'con|y|junto a',
  pt: 'com|e',
  it: 'con|e|insieme a',
  nl: 'met|en|samen met',
  pl: 'z|ze|i|oraz',
  ru: 'с|со|и|вместе с',
}
const ENGLISH_SELF = 'my|our|I|we'
/** Fewer words say nothing alone. */
const MIN_TERMS = 2

const patterns = new Map<string, RegExp>()

/** The piece of the sentence, or undefined. */
export function besideProperty(sentence: string, language: string): string | undefined {
  const joins = JOINS[language]
  const self = language === 'en' ? ENGLISH_SELF : SIGNAL_WORDS[language]?.self
  if (joins === undefined || self === undefined) return undefined
  let pattern = patterns.get(language)
  if (!pattern) {
    // An article may stand before the possessive: "com a minha mulher".
    pattern = new RegExp(`[,;]? (?:${joins}) (?=(?:(?:a|o|as|os|la|il|le|i) )?(?:${wordPattern(self).source}))`, 'iu')
    patterns.set(language, pattern)
  }
  const join = pattern.exec(sentence)
  if (!join) return undefined
  const tail = sentence.slice(join.index + join[0].length).replace(/[.!?…]{1,3}$/u, '')
  return termsOf(tail).length < MIN_TERMS ? undefined : tail
}

/** Whether a text has most of the words of another. */
export function hasMostOf(text: string, words: string): boolean {
  const wanted = contentOf(words)
  const there = new Set(contentOf(text))
  return wanted.filter((term) => there.has(term)).length * 2 >= wanted.length
}

function contentOf(text: string): string[] {
  return [...new Set(termsOf(text).filter((term) => !term.startsWith('~') && term.length > 2))]
}
