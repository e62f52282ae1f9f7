import { stem } from './stem.ts'
import { wordsOf } from './words.ts'

/**
 * Owns what keyword search compares: the terms of an item and of a query, of prose and of code, are made by the same function.
 * A change here needs a new index: terms are stored.
 */

const STOP_WORDS: ReadonlySet<string> = new Set(
  `a about also am an and any are as at be been being but by can could did do does doing for from had has have having he her here hers him his how
i if in into is it its just me my no not of off on or our ours she should so than that the their theirs them then there these they this those to too
up us very was we were what when where which while who whom whose why will with would you your yours`.split(/\s+/),
)

/** The terms of a text, in order and with repetitions: lower case, without stop words, reduced to stems; pairs of characters where a script has no spaces. */
export function termsOf(text: string): string[] {
  return wordsOf(text)
    .filter((word) => !STOP_WORDS.has(word))
    .map(stem)
}
