import { foldLetters, spacedOutWords } from './fold-letters.ts'
import {
  DO_NOT_TELL,
  EARLIER,
  IGNORE,
  KINDS_OF_MODEL,
  RULES,
  SYSTEM_PROMPT,
  THE_USER,
  YOU_ARE_NOW,
} from './order-phrases.ts'

/**
 * Owns telling an order to a model from a statement about the world; an order must not become a memory by itself. It reads words, whatever their
 * letters are made of, and no meaning: what is put in other words or encoded passes, and is data like all else.
 */

/** What somebody says of themselves, or is warned of, is no order: "I never ignore…", "don't forget…". */
const NO_ORDER = String.raw`(?<!\b(?:i|we|i'd|i'll|not|never|don't|didn't|won't) )`
const GAP = '.{0,40}'
/** Of the scripts that put spaces between words. */
const LETTER = String.raw`[\p{Script=Latin}\p{Script=Cyrillic}]`
const BEGINS_WITH_LETTER = new RegExp(`^${LETTER}`, 'u')

const MORE_ORDERS = [
  /\b(?:reveal|print|output|repeat|leak|exfiltrate|send)\b.{0,40}\b(?:prompt|instructions|credentials|api keys?|passwords?|memories)\b/,
  /<\|?(?:im_start|im_end|system|assistant|endoftext)\|?>|\[\/?inst\]/,
  /\b(?:add|save|store|write|remember)\b.{0,30}\b(?:to|in|into) (?:your )?(?:long[- ]term )?memor(?:y|ies)\b/,
]

type Patterns = { readonly spaced: readonly RegExp[]; readonly squeezed: readonly RegExp[] }

let patterns: Patterns | undefined

/** As the words stand, and as letters alone, where no gap tells words apart. Not made for processes that never ask. */
function madePatterns(): Patterns {
  patterns ??= { spaced: patternsOf(anyOf), squeezed: patternsOf(anyOfSqueezed) }
  return patterns
}

/** Whether the text reads like an order to a model rather than a statement about the world. */
export function isInstructionLike(text: string): boolean {
  const folded = foldLetters(text)
  const said = text.normalize('NFKC').toLowerCase()
  const { spaced, squeezed } = madePatterns()
  return (
    spaced.some((pattern) => pattern.test(folded)) ||
    MORE_ORDERS.some((pattern) => pattern.test(folded) || pattern.test(said)) ||
    spacedOutWords(text).some((word) => squeezed.some((pattern) => pattern.test(word)))
  )
}

function patternsOf(any: (phrases: readonly string[]) => string): RegExp[] {
  const [ignore, earlier, rules] = [NO_ORDER + any(IGNORE), any(EARLIER), any(RULES)]
  const [tell, user] = [any(DO_NOT_TELL), any(THE_USER)]
  return [
    [ignore, earlier, rules],
    [ignore, rules, earlier],
    [earlier, rules, ignore],
    [rules, earlier, ignore],
    [any(YOU_ARE_NOW), any(KINDS_OF_MODEL)],
    [any(SYSTEM_PROMPT)],
    [tell, user],
    [user, tell],
  ].map((parts) => new RegExp(parts.join(GAP), 'u'))
}

/** Any of the phrases, as a piece of a pattern for folded text. What stands beside a word is looked at once for all: compiling it takes longest. */
function anyOf(phrases: readonly string[]): string {
  const given = phrasesOf(phrases)
  const words = given.filter((phrase) => BEGINS_WITH_LETTER.test(phrase))
  const stems = words.filter((word) => word.endsWith('*')).map((word) => word.slice(0, -1))
  const whole = words.filter((word) => !word.endsWith('*'))
  const anywhere = given.filter((phrase) => !words.includes(phrase)).map((phrase) => phrase.replace('*', ''))
  return `(?:${oneOf(anywhere)}|(?<!${LETTER})(?:${oneOf(stems)}|${oneOf(whole)}(?!${LETTER})))`
}

function anyOfSqueezed(phrases: readonly string[]): string {
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
