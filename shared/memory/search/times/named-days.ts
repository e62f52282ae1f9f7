import { civilDay, monthOf, weekdayOf, yearOf } from './civil-days.ts'
import { MONTH_BY_NAME } from './month-names.ts'

/** The days, weeks, months, quarters and years that English words and the dates of all languages name. Pure. */

/** From the first day up to but without the last; `otherYears` has the same days of others, where the year was not said. */
export type Days = { readonly from: number; readonly to: number; readonly otherYears?: readonly Days[] }
type Found = readonly (string | undefined)[]
/** The days that one pattern names. */
export type DayRule = { readonly pattern: RegExp; readonly days: (found: Found, today: number) => readonly Days[] }

const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const ORDINALS = 'first second third fourth'.split(' ')
/** A month without a year is the last one that has something to be found, of so many years back. */
const YEARS_BACK = 10

const MONTH = `(${MONTHS.map((month) => `${month}|${month.slice(0, 3)}\\.?`).join('|')})`
/** Other languages' names are read where a day and a year, or a year, stand beside them. */
const ANY_MONTH = `(${[...MONTH_BY_NAME.keys()].sort((a, b) => b.length - a.length).join('|')})\\.?`
const YEAR = '((?:19|20)\\d\\d)'
const DAY_OF_MONTH = '(\\d{1,2})(?:st|nd|rd|th|\\.|º|er)?'
const COUNT = `(\\d{1,3}|an?|a few|${NUMBERS.join('|')})`
const UNIT = '(day|week|month|quarter|year)'
const OF = '(?:,? ?|,? (?:of|de|del) )'
/** A month or a year alone is one behind these only: "may I", "2000 things". */
const BEFORE_ALONE =
  '(?<=(?:^|[^\\p{L}])(?:(?:in|during|since|of|early|mid|late|last|next|before|after|until|till|between|year|en|im|em|nel|dans|seit) |(?:by|from|to|and|this) (?!may \\p{L}|march (?!(?:to|and|until|through) )\\p{L})))'

/** Behind a number alone some months are other words: "phase 2 may break", "optie 2 mag weg". A day has its preposition then. */
const VERBS = '(?:may|mag|mai|dec|mar|march|jan) \\p{L}'
const SAYS_WHEN =
  '(?<=(?<!\\p{L})(?:on|the|since|until|till|by|before|after|from|between|am|den|vom|seit|bis|zum|le|du|au|depuis|op|sinds|el|del|desde|il|dal|al|em|dia|od|do) )'

/** The condition where a day and its month begin; `between` may stand between the first number and the last. */
export function isDay(between = ''): string {
  return `(?:${SAYS_WHEN}|(?!\\d{1,2}${between} ${VERBS}))`
}

/** Longer names first: each rule takes its words away, so that a day is not its month as well. */
export const DAY_RULES: readonly DayRule[] = [
  rule(`${YEAR}-(\\d\\d)-(\\d\\d)(?:t[\\d:.]+(?:z|[+-]\\d\\d:?\\d\\d)?)?`, ([, year, month, day]) =>
    dayIn(year, Number(month) - 1, day),
  ),
  rule(`${YEAR}-(\\d\\d)(?!-?\\d)`, ([, year, month]) => monthIn(Number(year), Number(month) - 1)),
  rule(`${YEAR}([/.])(\\d{1,2})\\2(\\d{1,2})`, ([, year, , month, day]) => dayIn(year, Number(month) - 1, day)),
  rule(`(\\d{1,2})([/.-])(\\d{1,2})\\2${YEAR}`, ([, one, mark, other, year]) =>
    localDate(Number(one), Number(other), mark, year),
  ),
  rule(`(\\d{1,2})[/.]${YEAR}`, ([, month, year]) => monthIn(Number(year), Number(month) - 1)),
  bare(`${YEAR}\\s?[年년]\\s?(\\d{1,2})\\s?[月월]\\s?(\\d{1,2})\\s?[日号일]`, ([, year, month, day]) =>
    dayIn(year, Number(month) - 1, day),
  ),
  bare(`${YEAR}\\s?[年년]\\s?(\\d{1,2})\\s?[月월]`, ([, year, month]) => monthIn(Number(year), Number(month) - 1)),
  bare(`(\\d{1,2})\\s?[月월]\\s?(\\d{1,2})\\s?[日号일]`, ([, month, day], today) =>
    anyYear(today, (year) => dayIn(year, Number(month) - 1, day)),
  ),
  bare(`${YEAR}\\s?[年년]`, ([, year]) => yearDays(Number(year))),
  rule(`${DAY_OF_MONTH} (?:(?:of|de|del) )?${ANY_MONTH}${OF}${YEAR}`, ([, day, month, year]) =>
    dayIn(year, monthNamed(month), day),
  ),
  rule(`${ANY_MONTH} ${DAY_OF_MONTH}${OF}${YEAR}`, ([, month, day, year]) => dayIn(year, monthNamed(month), day)),
  rule(`${ANY_MONTH}${OF}${YEAR}`, ([, month, year]) => monthIn(Number(year), monthNamed(month))),
  rule(`${isDay()}${DAY_OF_MONTH} (?:(?:of|de|del) )?${MONTH}`, ([, day, month], today) =>
    anyYear(today, (year) => dayIn(year, monthNamed(month), day)),
  ),
  rule(`${MONTH} ${DAY_OF_MONTH}(?!\\d)`, ([, month, day], today) =>
    anyYear(today, (year) => dayIn(year, monthNamed(month), day)),
  ),
  rule(`(?:q|quarter )([1-4])(?: (?:of )?${YEAR})?`, ([, quarter, year], today) =>
    quarterOf(Number(quarter) - 1, year, today),
  ),
  rule(`(${ORDINALS.join('|')}) quarter(?: (?:of )?${YEAR})?`, ([, nth, year], today) =>
    quarterOf(ORDINALS.indexOf(nth ?? ''), year, today),
  ),
  rule(`next ${MONTH}`, ([, month], today) => {
    const year = yearOf(today) + (monthNamed(month) > monthOf(today) ? 0 : 1)
    return monthIn(year, monthNamed(month))
  }),
  rule(`${BEFORE_ALONE}${MONTH}(?! \\d)`, ([, month], today) =>
    anyYear(today, (year) => monthIn(Number(year), monthNamed(month))),
  ),
  rule(`${BEFORE_ALONE}${YEAR}(?![-/.]\\d)`, ([, year]) => yearDays(Number(year))),
  rule('(?:today|tonight|this (?:morning|afternoon|evening))', (_, today) => days(today, 1)),
  rule('the day before yesterday', (_, today) => days(today - 2, 1)),
  rule('(?:yesterday|last night)', (_, today) => days(today - 1, 1)),
  rule('the day after tomorrow', (_, today) => days(today + 2, 1)),
  rule('tomorrow', (_, today) => days(today + 1, 1)),
  rule('(last|past|this|next|coming) weekend(?! (?:before|after) )', ([, which], today) =>
    days(mondayOf(today) + 7 * stepOf(which) + 5, 2),
  ),
  rule(`(last|this|next) ${UNIT}(?! (?:before|after) )`, ([, which, unit], today) =>
    unitAround(today, unit, stepOf(which)),
  ),
  rule(`(?:last|past|previous) (?:${COUNT} )?${UNIT}s?`, ([, count, unit], today) =>
    span(shifted(today, unit, -numberOf(count)), today + 1),
  ),
  rule(`(?:next|coming|following) (?:${COUNT} )?${UNIT}s?`, ([, count, unit], today) =>
    span(today, shifted(today, unit, numberOf(count)) + 1),
  ),
  rule(`${COUNT} ${UNIT}s? (?:ago|earlier|back)`, ([, count, unit], today) =>
    about(shifted(today, unit, -numberOf(count)), unit),
  ),
  rule(`(?:in ${COUNT} ${UNIT}s?|${COUNT} ${UNIT}s? from now)`, ([, count, unit, other, otherUnit], today) =>
    about(shifted(today, unit ?? otherUnit, numberOf(count ?? other)), unit ?? otherUnit),
  ),
  rule(`(?:on|last|since|until|by|before|after) (${WEEKDAYS.join('|')})`, ([all, day], today) => {
    const back = (weekdayOf(today) - WEEKDAYS.indexOf(day ?? '') + 7) % 7 || 7
    // What is waited for lies ahead.
    return days(/^(?:until|by) /.test(all ?? '') ? today + (7 - (back % 7)) : today - back, 1)
  }),
  rule(`(this|coming|next) (${WEEKDAYS.join('|')})`, ([, which, day], today) => {
    const ahead = (WEEKDAYS.indexOf(day ?? '') - weekdayOf(today) + 7) % 7 || 7
    // Some mean the coming one by "next", some that of the week after.
    return [...days(today + ahead, 1), ...(which === 'next' && ahead < 7 ? days(today + ahead + 7, 1) : [])]
  }),
]

/** A rule for whole words. */
export function rule(pattern: string, of: DayRule['days']): DayRule {
  return bare(`(?<![\\p{L}\\p{N}-])${pattern}(?![\\p{L}\\p{N}])`, of)
}

function bare(pattern: string, of: DayRule['days']): DayRule {
  return { pattern: new RegExp(pattern, 'gu'), days: of }
}

function monthNamed(name: string | undefined): number {
  return MONTH_BY_NAME.get((name ?? '').replace('.', '')) ?? -1
}

export function span(from: number, to: number): Days[] {
  return [{ from, to }]
}

export function days(from: number, count: number): Days[] {
  return span(from, from + count)
}

/** Nothing for a day that the month does not have. */
function dayIn(year: string | number | undefined, month: number, day: string | number | undefined): Days[] {
  if (month < 0 || month > 11) return []
  const from = civilDay(Number(year), month, Number(day))
  return Number(day) >= 1 && monthOf(from) === month ? days(from, 1) : []
}

export function monthIn(year: number, month: number): Days[] {
  return month < 0 || month > 11 ? [] : span(civilDay(year, month, 1), civilDay(year, month + 1, 1))
}

export function yearDays(year: number): Days[] {
  return span(civilDay(year, 0, 1), civilDay(year + 1, 0, 1))
}

/** A dot has the day first; a slash has it first in most countries, in some the month: both are meant where both can be. */
function localDate(one: number, other: number, mark: string | undefined, year: string | undefined): Days[] {
  const dayFirst = dayIn(year, other - 1, one)
  const monthFirst = mark === '/' && one !== other ? dayIn(year, one - 1, other) : []
  return mark === '/' || dayFirst.length > 0 ? [...dayFirst, ...monthFirst] : dayIn(year, one - 1, other)
}

export function quarterOf(quarter: number, year: string | undefined, today: number): readonly Days[] {
  const of = (one: number) => span(civilDay(one, quarter * 3, 1), civilDay(one, quarter * 3 + 3, 1))
  return year === undefined ? anyYear(today, of) : of(Number(year))
}

/** The latest that has begun, with the coming one and those of the years before. */
export function anyYear(today: number, of: (year: number) => readonly Days[]): readonly Days[] {
  const all = Array.from({ length: YEARS_BACK + 1 }, (_, back) => of(yearOf(today) - back))
    .flat()
    .sort((a, b) => b.from - a.from)
  const [latest, ...before] = all.filter(({ from }) => from <= today)
  return latest ? [{ ...latest, otherYears: [...all.filter(({ from }) => from > today), ...before] }] : []
}

/** Weeks begin on Monday. */
export function mondayOf(day: number): number {
  return day - ((weekdayOf(day) + 6) % 7)
}

function stepOf(which: string | undefined): number {
  return which === 'last' || which === 'past' ? -1 : which === 'next' ? 1 : 0
}

/** The unit of time that lies directly before some days, or as many units before or after them. */
export function unitsFrom({ from, to }: Days, count: string | undefined, unit: string, isBefore: boolean): Days {
  if (count !== undefined) {
    const day = isBefore ? shifted(from, unit, -numberOf(count)) : shifted(to - 1, unit, numberOf(count))
    return about(day, unit)[0] as Days
  }
  const weekday = WEEKDAYS.indexOf(unit)
  if (weekday >= 0) {
    const day = isBefore ? from - ((weekdayOf(from) - weekday + 7) % 7 || 7) : to + ((weekday - weekdayOf(to) + 7) % 7)
    return { from: day, to: day + 1 }
  }
  if (unit === 'weekend') {
    const saturday = isBefore ? from - ((weekdayOf(from) + 1) % 7 || 7) : to + ((6 - weekdayOf(to) + 7) % 7)
    return { from: saturday, to: saturday + 2 }
  }
  return isBefore ? { from: shifted(from, unit, -1), to: from } : { from: to, to: shifted(to, unit, 1) }
}

/** Words for the units of time, also of one day of the week. */
export const UNITS_BESIDE = `(?:${COUNT} )?(?:last )?(day|week|weekend|month|quarter|year|${WEEKDAYS.join('|')})s?`

/** The unit that a day is in, or the one before or after it. */
export function unitAround(today: number, unit: string | undefined, step: number): Days[] {
  const [year, month] = [yearOf(today), monthOf(today)]
  if (unit === 'week') return days(mondayOf(today) + 7 * step, 7)
  if (unit === 'month') return span(civilDay(year, month + step, 1), civilDay(year, month + step + 1, 1))
  if (unit === 'year') return yearDays(year + step)
  if (unit === 'day') return days(today + step, 1)
  const first = month - (month % 3) + 3 * step
  return span(civilDay(year, first, 1), civilDay(year, first + 3, 1))
}

/** "Two weeks ago" means about then: half a unit to either side. */
export function about(day: number, unit: string | undefined): Days[] {
  const half = { day: 0, week: 3, month: 15, quarter: 45, year: 180 }[unit ?? 'day'] ?? 0
  return span(day - half, day + half + 1)
}

/** The day that lies so many units from another. */
export function shifted(day: number, unit: string | undefined, count: number): number {
  const date = new Date(day * 86_400_000)
  const [year, month, ofMonth] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  if (unit === 'year') return civilDay(year + count, month, ofMonth)
  if (unit === 'quarter') return civilDay(year, month + 3 * count, ofMonth)
  if (unit === 'month') return civilDay(year, month + count, ofMonth)
  return day + count * (unit === 'week' ? 7 : 1)
}

function numberOf(word: string | undefined): number {
  if (word === 'a few') return 3
  const number = Number(word)
  return Number.isNaN(number) ? Math.max(1, NUMBERS.indexOf(word ?? '')) : number
}
