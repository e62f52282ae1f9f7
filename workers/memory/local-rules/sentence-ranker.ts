import type { MemoryKind } from '../../../shared/memory/memory-kinds.ts'
import { dependsOnDate } from '../facts/fact-dates.ts'
import { SIGNAL_WORDS, type SignalWords } from './signal-words.ts'
import { wordPattern } from './word-pattern.ts'

/**
 * Ranks sentences in languages other than English: whether one states something of its speaker that will still matter. One way for all languages,
 * by small tables of words; what it keeps is quoted, never worded anew.
 */

export type Ranked = { readonly score: number; readonly kind: MemoryKind; readonly isVital: boolean }

/** Sentences are kept from this score on. */
export const MIN_RANK = 1.5

type Patterns = { readonly [Key in keyof SignalWords]: RegExp }
const patterns = new Map<string, Patterns>()

const KIND_BY_TOPIC = {
  decision: 'decision',
  preference: 'preference',
  family: 'relationship',
  agenda: 'event',
  health: 'fact',
  life: 'fact',
} as const satisfies Partial<Record<keyof SignalWords, MemoryKind>>
const TOPICS = Object.keys(KIND_BY_TOPIC) as readonly (keyof typeof KIND_BY_TOPIC)[]

const SELF = 1
const TOPIC_WORD = 0.6
/** Here nothing at all says who it is when it is the speaker. */
const DROPS_SUBJECT = new Set(['ja', 'ko', 'zh'])

/** Whether there is a table for the language. */
export function hasSignalWords(language: string): boolean {
  return Object.hasOwn(SIGNAL_WORDS, language)
}

/** The rank of a sentence; undefined where it is a question or talk about the talk, or its language has no table. */
export function rankSentence(sentence: string, language: string): Ranked | undefined {
  const words = patternsFor(language)
  if (!words || /[?？؟]["”»]?\s?$/.test(sentence) || begins(words.ask, sentence)) return undefined
  if (words.chat.test(sentence)) return undefined
  const found = TOPICS.map((topic) => ({ topic, words: new Set(sentence.match(words[topic])) }))
  const topics = found.filter((one) => one.words.size > 0).map(({ topic }) => topic)
  const [first] = topics
  const isOwn = words.self.test(sentence)
  const hasDay = isOwn && dependsOnDate(sentence)
  // What names neither a topic of a life nor a day of it is nothing to keep, whoever says it.
  if (first === undefined && !hasDay) return undefined
  const distinct = new Set(found.flatMap((one) => [...one.words]))
  const score =
    (isOwn ? SELF : DROPS_SUBJECT.has(language) ? 0.4 : 0) +
    Math.min(distinct.size, 3) * TOPIC_WORD +
    (/\p{Nd}/u.test(sentence) ? 0.3 : 0) +
    (hasDay ? 0.5 : 0) -
    (words.you.test(sentence) ? 1 : 0)
  return { score, kind: first === undefined ? 'event' : KIND_BY_TOPIC[first], isVital: topics.includes('health') }
}

function isTopic(key: string): boolean {
  return Object.hasOwn(KIND_BY_TOPIC, key)
}

function begins(pattern: RegExp, sentence: string): boolean {
  const match = pattern.exec(sentence)
  const isDense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]/u.test(sentence)
  return match !== null && (isDense || match.index <= 2)
}

function patternsFor(language: string): Patterns | undefined {
  const made = patterns.get(language)
  if (made) return made
  const words = SIGNAL_WORDS[language]
  if (!words) return undefined
  const all = Object.fromEntries(
    Object.entries(words).map(([key, row]) => [key, wordPattern(row, isTopic(key) ? 'giu' : 'iu')]),
  ) as Patterns
  patterns.set(language, all)
  return all
}
