import { LRUCache } from 'lru-cache'
import {
  DIGIT_RATES,
  LATIN_RATES,
  OTHER_RATES,
  PUNCTUATION_RATES,
  type RatedFamily,
  SCRIPT_RATES,
} from './script-rates.ts'
import { loadTokenCounter } from './token-count.ts'

/** Owns the count of tokens for models whose tokenizer is not here. Guarantees: linear time; hardly ever below the real count, and not far above. */

const MISTRAL_MODELS = /(?:mistral|mixtral|codestral|magistral|ministral|pixtral|devstral|llama-?2|vicuna|yi-)/
const LLAMA_MODELS = /llama/
const QWEN_MODELS = /(?:qwen|qwq|qvq)/
/** Texts that a conversation holds are counted once in a while, not at each load. */
const MAX_CACHED_CHARS = 8_000_000
const MIN_CACHED_CHARS = 200

const ASCII = /^[\0-\x7f]*$/
const LAST_LATIN = 0x24f
const SCRIPTS = SCRIPT_RATES.map(
  ([script, rates]) => [new RegExp(`\\p{Script_Extensions=${script}}`, 'u'), rates] as const,
)
/** Of each character that was met, what its kind takes; undefined for one that is counted with the Latin ones. */
const kinds = new Map<string, (typeof SCRIPT_RATES)[number][1] | undefined>()
const counters = new Map<RatedFamily, Promise<(text: string) => number>>()

/** Which of the families that are rated a model is of. A name may have its maker in front. */
export function ratedFamilyOf(model: string): RatedFamily {
  const name = model.toLowerCase()
  if (MISTRAL_MODELS.test(name)) return 'mistral'
  if (LLAMA_MODELS.test(name)) return 'llama3'
  return QWEN_MODELS.test(name) ? 'qwen' : 'other'
}

/** A function that counts the tokens of a text as a family of models does, or more. */
export function loadModelCounter(family: RatedFamily): Promise<(text: string) => number> {
  let counter = counters.get(family)
  if (!counter) {
    counter = loadTokenCounter('cl100k').then((countLatin) => cached((text) => estimate(text, family, countLatin)))
    counters.set(family, counter)
  }
  return counter
}

function estimate(text: string, family: RatedFamily, countLatin: (text: string) => number): number {
  const [latin, tokens] = ASCII.test(text) ? [text, 0] : splitOff(text, family)
  let digits = 0
  for (let at = 0; at < latin.length; at++) {
    const code = latin.charCodeAt(at)
    if (code >= 48 && code <= 57) digits++
  }
  return Math.ceil(tokens + countLatin(latin) * LATIN_RATES[family] + digits * DIGIT_RATES[family])
}

/** What is left for the tokenizer, and what the characters of other scripts take. */
function splitOff(text: string, family: RatedFamily): [latin: string, tokens: number] {
  const pieces: string[] = []
  let tokens = 0
  let start = 0
  let at = 0
  for (const character of text) {
    const rates = kindOf(character)
    if (rates) {
      if (start < at) pieces.push(text.slice(start, at))
      tokens += rates[family] * character.length
      start = at + character.length
    }
    at += character.length
  }
  pieces.push(text.slice(start))
  return [pieces.filter((piece) => piece.trim() !== '').join(' '), tokens]
}

function kindOf(character: string): (typeof SCRIPT_RATES)[number][1] | undefined {
  const code = character.charCodeAt(0)
  if (code <= LAST_LATIN) return undefined
  if (kinds.has(character)) return kinds.get(character)
  const isLatin = /[\p{Script=Latin}\s]/u.test(character)
  const rates = isLatin
    ? undefined
    : /\p{P}/u.test(character)
      ? PUNCTUATION_RATES
      : (SCRIPTS.find(([script]) => script.test(character))?.[1] ?? OTHER_RATES)
  kinds.set(character, rates)
  return rates
}

function cached(count: (text: string) => number): (text: string) => number {
  const known = new LRUCache<string, number>({ maxSize: MAX_CACHED_CHARS, sizeCalculation: (_, text) => text.length })
  return (text) => {
    if (text.length < MIN_CACHED_CHARS) return count(text)
    let tokens = known.get(text)
    if (tokens === undefined) {
      tokens = count(text)
      known.set(text, tokens)
    }
    return tokens
  }
}
