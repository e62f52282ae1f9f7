import { naturalLanguageOf } from '../natural-language.ts'
import { isWholeWord } from '../whole-words.ts'
import { hasLocalTime, localTimesIn, meantBy } from './local-times.ts'
import { datesNamedIn, daysOfYearIn, firstDay } from './named-dates.ts'
import { isOneOffAhead } from './one-off-events.ts'
import { isSince, isToldAhead, sideOfDay, yearOfDay } from './year-of-day.ts'

/**
 * Resolves "yesterday" and its like against the day on which it was said, so that a memory keeps its meaning. `at` is the wall clock of the speaker
 * (`wallClock`). Only what has one reading is resolved; "next Friday" is the Friday of the next week. "On Friday" is past where the verb is, a
 * habit has no day, and what is arranged lies ahead.
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
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')

const FIXED = [DAY_WORDS, MONTH_WORDS, YEAR_WORDS]
  .flatMap((words) => Object.keys(words))
  .sort((a, b) => b.length - a.length)
  .join('|')
const COUNTED = String.raw`(?<!few |couple |several )(?<count>\d{1,3}|an?|${NUMBERS.slice(1).join('|')}) (?<unit>day|week|month|year)s?`
/** Of a month that is named the weekday is any. */
const IN_MONTH =
  ' in (?:january|february|march|april|may|june|july|august|september|october|november|december|(?:19|20)\\d\\d)'
const RELATIVE = new RegExp(
  String.raw`\b(?:(?<fixed>${FIXED})|(?<which>last|next|this|this coming|coming) (?<weekday>${WEEKDAYS.join('|')})(?! of )|(?<which>on) (?<weekday>${WEEKDAYS.join('|')})(?! (?:the )?\d|${IN_MONTH}| (?:morning|afternoon|evening|night)s)|${COUNTED} (?<side>ago|from (?:now|today))|(?<within>in) ${COUNTED}(?:(?:['’]s?)? time)?)\b(?: (?:morning|afternoon|evening|night))?(?!['’]s)`,
  'giu',
)
/** "In two weeks" is a day where something is to come, and a duration where it is over: "I wrote it in two weeks." */
const TO_COME =
  /\b(?:will|shall|going to|gonna|due|am|is|are|have to|has to|needs? to|must|starts?|begins?|ends?|leaves?|arrives?|opens?|closes?|moves?)\b|['’](?:ll|m|re)\b/i
/** What is so each week has no day of its own: "The shop is closed on Sunday." */
const HABIT = /\b(?:every|each|always|usually|often|sometimes|never|normally|weekly|closed|opens?|only)\b/i
/** In the present tense these are said of what is arranged; "I play chess on Friday" may be so each week. */
const ARRANGED =
  /\b(?:fly|flies|leave|depart|arrive|travel|return|go to|takes? place|happens?|have (?:an?|the|my|our|lunch|dinner|breakfast)|has an?|get married)\b/i
const OVER =
  /\b(?:was|were|did|had|got|went|came|took|made|ran|wrote|built|read|met|saw|bought|sold|won|lost|gave|found|left|told|said|held|broke|drove|flew|spent|paid|began|taught|ate|sang|slept|swam|caught|fell|thought|kept|sat|stood|wore|rode|grew|knew|woke|drank|felt|heard|lent|sent|lay|led|rang|rose|shook|shot|spoke|stole|threw|understood|won|brought|chose|forgot|hid|hurt|became|been|(?<!\b(?:will|can|to) )quit|(?<!\b(?:am|is|are|be|get|gets|getting) )(?!need)\p{L}{2,}ed)\b/iu

/** Words that need the day, and that nothing here resolves. */
const VAGUE =
  /\b(?:(?:last|next|this|coming) (?:week|weekend|spring|summer|autumn|fall|winter)|(?:few|couple of|several) (?:days?|weeks?|months?|years?) ago|on (?:mon|tues|wednes|thurs|fri|satur|sun)day(?!s| (?:the )?\d| in | (?:morning|afternoon|evening|night)s)|in (?:an?|two|three|four|five|six|\d+|(?:a )?(?:few|couple of)) (?:days?|weeks?|months?))\b/i

/** A day, month or year that a sentence names relatively, and where it ends there. */
type Named = { readonly end: number; readonly means: string }

/** The sentence with what each relative day, month or year means: `I ran yesterday` becomes `I ran yesterday (2026-03-01)`. */
export function withDates(sentence: string, at: Date): string {
  let dated = ''
  let from = 0
  for (const { end, means } of namedIn(sentence, at)) {
    dated += `${sentence.slice(from, end)} (${means})`
    from = end
  }
  return dated + sentence.slice(from)
}

/**
 * The one day that the sentence names, relatively or with its year, as `2026-03-01`; of a month or year that has a number its first day.
 * Undefined where it names none, several, or a month by its distance.
 */
export function dayNamed(sentence: string, at: Date): string | undefined {
  const relative = namedIn(sentence, at).map(({ means }) => means)
  const dates = datesNamedIn(sentence).map(({ date }) => firstDay(date))
  const named = new Set([...relative, ...dates])
  const [day] = named
  return named.size === 1 && day?.length === 'yyyy-mm-dd'.length ? day : undefined
}

/** Whether the sentence means something else when it is said on another day. */
export function dependsOnDate(sentence: string): boolean {
  return (
    VAGUE.test(sentence) ||
    hasLocalTime(sentence) ||
    namedIn(sentence, new Date(0)).length > 0 ||
    daysWithSide(sentence).length > 0
  )
}

/** `2026-03-02`, or undefined for a date that is none. */
export function isoDay(at: Date): string | undefined {
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString().slice(0, 10)
}

function namedIn(sentence: string, at: Date): Named[] {
  if (Number.isNaN(at.getTime())) return []
  const english = [...sentence.matchAll(RELATIVE)].flatMap(({ 0: words, index, groups = {} }) => {
    const end = index + words.length
    const means = isWholeWord(sentence, index, end) ? resolve(groups, at, sentence) : undefined
    return means === undefined ? [] : { end, means }
  })
  const others = localTimesIn(sentence).flatMap((time) => {
    const meant = meantBy(time, at.getUTCDay(), isOneOffToCome(sentence))
    if (!meant) return []
    const { unit, step } = meant
    if (unit === 'year') return [{ end: time.end, means: String(at.getUTCFullYear() + step) }]
    return [{ end: time.end, means: unit === 'month' ? monthsFrom(at, step) : daysFrom(at, step) }]
  })
  return [...english, ...others, ...daysWithYear(sentence, at)].sort((a, b) => a.end - b.end)
}

/** "Am Freitag habe ich eine Prüfung": what is told in the present and in no past lies ahead. */
function isOneOffToCome(sentence: string): boolean {
  const language = naturalLanguageOf(sentence)
  return language !== undefined && isOneOffAhead(sentence, language) && isToldAhead(sentence, language)
}

/** "On 3 May", by whether the sentence says that it is over or to come. */
function daysWithYear(sentence: string, at: Date): Named[] {
  return daysWithSide(sentence).flatMap(({ day, side, isSure }) => {
    const year = yearOfDay(day, at, side, isSure)
    const means = year === undefined ? undefined : isoDay(new Date(Date.UTC(year, day.month - 1, day.day)))
    return means === undefined ? [] : [{ end: day.end, means }]
  })
}

function daysWithSide(sentence: string) {
  const days = daysOfYearIn(sentence)
  if (days.length === 0) return []
  const language = naturalLanguageOf(sentence) ?? 'en'
  return days.flatMap((day) => {
    const side = sideOfDay(day, sentence, language, sideOf(clauseAround(sentence, day.start), false))
    return side === undefined ? [] : [{ day, side, isSure: language === 'en' || isSince(sentence, day) }]
  })
}

/** The clause about a day where it has a verb of its own: "Tickets bought, we see it on 3 May". */
function clauseAround(sentence: string, at: number): string {
  const ends = [...sentence.matchAll(/[,;:–—] /g)].map(({ index }) => index)
  const clause = sentence.slice(
    ends.findLast((end) => end < at) ?? 0,
    ends.find((end) => end > at),
  )
  return /(?<!\p{L})(?:I|we|you|he|she|it|they)(?!\p{L})/iu.test(clause) ? clause : sentence
}

/** Undefined where the sentence does not tell on which side of its day it is. */
function resolve(groups: Record<string, string | undefined>, at: Date, sentence: string): string | undefined {
  const { fixed, which, weekday, count, unit, side, within } = groups
  if (fixed !== undefined) return resolveFixed(fixed.toLowerCase(), at)
  if (which !== undefined && weekday !== undefined) {
    const day = WEEKDAYS.indexOf(weekday.toLowerCase())
    const meant = which.toLowerCase() === 'on' ? sideOf(sentence, day === at.getUTCDay()) : which.toLowerCase()
    return meant && daysFrom(at, daysToWeekday(meant, day, at.getUTCDay()))
  }
  if (within !== undefined && (!TO_COME.test(sentence) || OVER.test(sentence))) return undefined
  const number = Number(count) || Math.max(1, NUMBERS.indexOf(count?.toLowerCase() ?? ''))
  const many = side?.toLowerCase() === 'ago' ? -number : number
  if (unit?.toLowerCase() === 'year') return String(at.getUTCFullYear() + many)
  if (unit?.toLowerCase() === 'month') return monthsFrom(at, many)
  return daysFrom(at, many * (unit?.toLowerCase() === 'week' ? 7 : 1))
}

/** Of a day of the week: the last or the coming one. On that day itself it may be either, and in a sentence of two tenses as well. */
function sideOf(sentence: string, isThatDay: boolean): 'last' | 'coming' | undefined {
  const isToCome = (TO_COME.test(sentence) || ARRANGED.test(sentence)) && !HABIT.test(sentence)
  if (isThatDay || isToCome === OVER.test(sentence)) return undefined
  return isToCome ? 'coming' : 'last'
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
