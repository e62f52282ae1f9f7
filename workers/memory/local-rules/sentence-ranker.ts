import type { MemoryKind } from '../../../shared/memory/memory-kinds.ts'
import { dependsOnDate } from '../facts/dates/fact-dates.ts'
import { localTimesIn } from '../facts/dates/local-times.ts'
import { SIGNAL_WORDS, type SignalWords } from './signal-words.ts'
import { wordPattern } from './word-pattern.ts'

/**
 * Ranks sentences in languages other than English: whether one states something of its speaker that will still matter. One way for all languages,
 * by small tables of words; what it keeps is quoted, never reworded.
 */

type SentenceRank = { readonly score: number; readonly kind: MemoryKind; readonly isVital: boolean }

/** Sentences are kept from this score on. */
export const MIN_RANK = 1.2

const SELF = 1
const DROPPED_SELF = 0.7
const TOPIC_WORD = 0.6
const SMALL_SIGN = 0.3
const MAX_TOPIC_WORDS = 3
/** A sentence of fewer words says too little without a topic. */
const MIN_TOLD_WORDS = 4

const KIND_BY_TOPIC = {
  decision: 'decision',
  preference: 'preference',
  family: 'relationship',
  agenda: 'event',
  health: 'fact',
  life: 'fact',
} as const satisfies Partial<Record<keyof SignalWords, MemoryKind>>
const TOPICS = Object.keys(KIND_BY_TOPIC) as readonly (keyof typeof KIND_BY_TOPIC)[]

type Patterns = Readonly<Record<Exclude<keyof SignalWords, 'start'>, RegExp>> & { readonly start?: RegExp }
const patterns = new Map<string, Patterns>()
/** Here nothing at all says who it is when it is the speaker. */
const DROPS_SUBJECT = new Set(['ja', 'ko', 'zh'])
/** "My boss" is one word where what is owned says so at its end. */
const OWN_ENDINGS: Readonly<Record<string, RegExp>> = { ar: /(?:ي|نا)$/u, tr: /[ıiuü]m(?:[ıiuü]z)?$/u }
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]/u

/** "I am a carpenter", in few words. */
const IS_SOMEBODY =
  /^(?:(?:ich bin|je suis|soy|sou|sono|faccio (?:il|la)|ik ben|jestem|я|ben|أنا) (?:\p{L}{1,30}[ -]?){1,4}[.!]?$|我是\p{L}{2,8}[。！]?$|(?:私|僕|俺)は\p{L}{2,10}です。?$|(?:저는|나는) \p{L}{2,8}(?:예요|이에요|입니다)\.?$|मैं (?:[\p{L}\p{M}]{1,30} ){1,3}हू)/iu

/** Whether there is a table for the language. */
export function hasSignalWords(language: string): boolean {
  return Object.hasOwn(SIGNAL_WORDS, language)
}

/** The rank of a sentence; undefined where it is a question or talk about the talk, or its language has no table. */
export function rankSentence(sentence: string, language: string): SentenceRank | undefined {
  const words = patternsFor(language)
  if (!words || /[?？؟]["”»]?\s?$/.test(sentence)) return undefined
  if (asks(words.ask, sentence) || words.chat.test(sentence)) return undefined
  const found = TOPICS.map((topic) => ({ topic, words: new Set(sentence.match(words[topic])) }))
  const [first, ...others] = found.filter((one) => one.words.size > 0).map(({ topic }) => topic)
  // A time is a word of the agenda, which the platform knows in all languages.
  const hasTime = localTimesIn(sentence).length > 0
  const topicWords = new Set(found.flatMap((one) => [...one.words])).size + (hasTime ? 1 : 0)
  const told = afterTime(sentence)
  const begin = words.start?.test(told) || begins(words.self, told)
  // A word of a topic may hold one for somebody else: "rendez-vous".
  const beside = withoutWords(
    sentence,
    found.flatMap((one) => [...one.words]),
  )
  const ownEnding = OWN_ENDINGS[language]
  const isOwned = ownEnding !== undefined && found.some((one) => [...one.words].some((word) => ownEnding.test(word)))
  const isOwn = begin || isOwned || words.self.test(sentence)
  const hasDay = (isOwn || DROPS_SUBJECT.has(language)) && dependsOnDate(sentence)
  const isTold = begin && sentence.split(' ').length >= MIN_TOLD_WORDS && !words.here.test(sentence)
  const isSmallSign = hasDay || isTold || IS_SOMEBODY.test(sentence)
  // What names neither a topic of a life nor a day of it, nor who somebody is, is nothing to keep.
  if (first === undefined && !isSmallSign) return undefined
  const score =
    (isOwn ? SELF : DROPS_SUBJECT.has(language) ? DROPPED_SELF : 0) +
    Math.min(topicWords, MAX_TOPIC_WORDS) * TOPIC_WORD +
    (/\p{Nd}/u.test(sentence) ? SMALL_SIGN : 0) +
    (isSmallSign ? SMALL_SIGN : 0) -
    (words.you.test(beside) ? SELF : 0) -
    (words.here.test(sentence) ? TOPIC_WORD : 0)
  const kind = first === undefined ? (hasDay ? 'event' : 'fact') : KIND_BY_TOPIC[first]
  return { score, kind, isVital: [first, ...others].includes('health') }
}

/** "Three days ago I bought …": what is told begins behind the time. */
function afterTime(sentence: string): string {
  const [first] = localTimesIn(sentence)
  return first && first.start <= 1 ? sentence.slice(first.end).replace(/^[\s,،、，]{1,3}/u, '') : sentence
}

function withoutWords(sentence: string, words: readonly string[]): string {
  return words.reduce((rest, word) => rest.replace(word, ' '), sentence)
}

function begins(pattern: RegExp, sentence: string): boolean {
  const match = pattern.exec(sentence)
  return match !== null && match.index <= 2
}

/** In scripts without spaces a question says so at its end. */
function asks(pattern: RegExp, sentence: string): boolean {
  return DENSE.test(sentence) ? pattern.test(sentence) : begins(pattern, sentence)
}

function patternsFor(language: string): Patterns | undefined {
  const known = patterns.get(language)
  if (known) return known
  const words = SIGNAL_WORDS[language]
  if (!words) return undefined
  const { start, ...lists } = words
  const made = Object.fromEntries(
    Object.entries(lists).map(([key, row]) => [
      key,
      wordPattern(row, Object.hasOwn(KIND_BY_TOPIC, key) ? 'giu' : 'iu'),
    ]),
  )
  const all = { ...made, ...(start && { start: new RegExp(`^(?:${start})(?!\\p{L})`, 'iu') }) } as Patterns
  patterns.set(language, all)
  return all
}
