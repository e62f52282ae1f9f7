/**
 * Owns resolving "yesterday" and its like against the day on which it was said, so that a memory keeps its meaning.
 * Only words with one reading are resolved ("next Friday" has two); days are counted in UTC.
 */

const DAY_MS = 86_400_000

const DAY_WORDS: Readonly<Record<string, number>> = {
  today: 0,
  tonight: 0,
  'this morning': 0,
  'this afternoon': 0,
  'this evening': 0,
  yesterday: -1,
  'last night': -1,
  'the day before yesterday': -2,
  tomorrow: 1,
  'the day after tomorrow': 2,
}
const MONTH_WORDS: Readonly<Record<string, number>> = { 'last month': -1, 'this month': 0, 'next month': 1 }
const YEAR_WORDS: Readonly<Record<string, number>> = { 'last year': -1, 'this year': 0, 'next year': 1 }

const RELATIVE = new RegExp(
  `\\b(?:${[DAY_WORDS, MONTH_WORDS, YEAR_WORDS]
    .flatMap((words) => Object.keys(words))
    .sort((a, b) => b.length - a.length)
    .join('|')})\\b(?: (?:morning|afternoon|evening|night))?(?!['’]s)`,
  'gi',
)
/** Words that need the day, and that nothing here resolves. */
const VAGUE =
  /\b(?:(?:last|next|this|coming) (?:week|weekend|(?:mon|tues|wednes|thurs|fri|satur|sun)day|spring|summer|autumn|fall|winter)|(?:\d+|a|two|three|four|five|few) (?:days?|weeks?|months?|years?) ago|on (?:mon|tues|wednes|thurs|fri|satur|sun)day(?!s| (?:the )?\d| in )|in (?:a|two|three|\d+) (?:days?|weeks?|months?))\b/i

/** The sentence with what each relative day, month or year means: `I ran yesterday` becomes `I ran yesterday (2026-03-01)`. */
export function withDates(sentence: string, at: Date): string {
  if (Number.isNaN(at.getTime())) return sentence
  return sentence.replace(RELATIVE, (words) => `${words} (${resolve(words.toLowerCase(), at)})`)
}

/** Whether the sentence means something else when it is said on another day. */
export function dependsOnDate(sentence: string): boolean {
  RELATIVE.lastIndex = 0
  return VAGUE.test(sentence) || RELATIVE.test(sentence)
}

/** `2026-03-02`, or undefined for a date that is none. */
export function isoDay(at: Date): string | undefined {
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().slice(0, 10)
}

function resolve(words: string, at: Date): string {
  const days = DAY_WORDS[words] ?? DAY_WORDS[words.replace(/ (?:morning|afternoon|evening|night)$/, '')]
  if (days !== undefined) return isoDay(new Date(at.getTime() + days * DAY_MS)) ?? ''
  const months = MONTH_WORDS[words]
  if (months === undefined) return String(at.getUTCFullYear() + (YEAR_WORDS[words] ?? 0))
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)).toISOString().slice(0, 7)
}
