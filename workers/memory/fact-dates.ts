/**
 * Owns resolving "yesterday" and its like against the day on which it was said, so that a memory keeps its meaning. Days are counted in UTC.
 * Resolved is what has one reading; "next Friday" is taken for the Friday of the next week. "On Friday" may be past or to come, and is left.
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
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const NUMBERS = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

const FIXED = [DAY_WORDS, MONTH_WORDS, YEAR_WORDS]
  .flatMap((words) => Object.keys(words))
  .sort((a, b) => b.length - a.length)
  .join('|')
const RELATIVE = new RegExp(
  String.raw`\b(?:(?<fixed>${FIXED})|(?<which>last|next|this|this coming|coming) (?<weekday>${WEEKDAYS.join('|')})|(?<!few |couple |several )(?<count>\d{1,3}|an?|${NUMBERS.slice(1).join('|')}) (?<unit>day|week|month|year)s? ago)\b(?: (?:morning|afternoon|evening|night))?(?!['’]s)`,
  'gi',
)
/** Words that need the day, and that nothing here resolves. */
const VAGUE =
  /\b(?:(?:last|next|this|coming) (?:week|weekend|spring|summer|autumn|fall|winter)|(?:few|couple of|several) (?:days?|weeks?|months?|years?) ago|on (?:mon|tues|wednes|thurs|fri|satur|sun)day(?!s| (?:the )?\d| in )|in (?:a|two|three|\d+) (?:days?|weeks?|months?))\b/i

/** The sentence with what each relative day, month or year means: `I ran yesterday` becomes `I ran yesterday (2026-03-01)`. */
export function withDates(sentence: string, at: Date): string {
  if (Number.isNaN(at.getTime())) return sentence
  return sentence.replace(RELATIVE, (words, ...rest) => `${words} (${resolve(rest.at(-1), at)})`)
}

/** The one day that the sentence names relatively, as `2026-03-01`; undefined where it names none, several, or a month. */
export function dayNamed(sentence: string, at: Date): string | undefined {
  if (Number.isNaN(at.getTime())) return undefined
  const named = [...sentence.matchAll(RELATIVE)].map(({ groups = {} }) => resolve(groups, at))
  return named.length === 1 && named[0]?.length === 'yyyy-mm-dd'.length ? named[0] : undefined
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

function resolve({ fixed, which, weekday, count, unit }: Record<string, string | undefined>, at: Date): string {
  if (fixed !== undefined) return resolveFixed(fixed.toLowerCase(), at)
  if (which !== undefined && weekday !== undefined)
    return daysFrom(at, daysToWeekday(which.toLowerCase(), WEEKDAYS.indexOf(weekday.toLowerCase()), at.getUTCDay()))
  const ago = Number(count) || Math.max(1, NUMBERS.indexOf(count?.toLowerCase() ?? ''))
  if (unit?.toLowerCase() === 'year') return String(at.getUTCFullYear() - ago)
  if (unit?.toLowerCase() === 'month') return monthsFrom(at, -ago)
  return daysFrom(at, -ago * (unit?.toLowerCase() === 'week' ? 7 : 1))
}

function resolveFixed(words: string, at: Date): string {
  const days = DAY_WORDS[words]
  if (days !== undefined) return daysFrom(at, days)
  const months = MONTH_WORDS[words]
  return months === undefined ? String(at.getUTCFullYear() + (YEAR_WORDS[words] ?? 0)) : monthsFrom(at, months)
}

/** Weeks begin on Monday. */
function daysToWeekday(which: string, weekday: number, today: number): number {
  const ahead = (weekday - today + 7) % 7
  if (which === 'last') return ahead === 0 ? -7 : ahead - 7
  if (which !== 'next') return ahead
  return ((weekday + 6) % 7) - ((today + 6) % 7) + 7
}

function daysFrom(at: Date, days: number): string {
  return isoDay(new Date(at.getTime() + days * DAY_MS)) ?? ''
}

function monthsFrom(at: Date, months: number): string {
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1)).toISOString().slice(0, 7)
}
