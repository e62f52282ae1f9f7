import { civilDay, monthOf, yearOf } from './civil-days.ts'
import {
  about,
  type DayRule,
  type Days,
  days,
  mondayOf,
  rule,
  shifted,
  span,
  unitAround,
  yearDays,
} from './named-days.ts'

/** Owns the English words for parts of years and weeks: halves, seasons, weekends, weeks by number, decades. Read before the days. Pure. */

const YEAR = '((?:19|20)\\d\\d)'
const WHICH_YEAR = `(?:,? (?:of )?(?:${YEAR}|(last|this|next) year))`
/** The first month of each; as the north has them. */
const SEASONS: Readonly<Record<string, number>> = { spring: 2, summer: 5, autumn: 8, fall: 8, winter: 11 }
const SEASON_MONTHS = 3
const SOME = 'an?|one|two|three|four|five|six'
/** Two away, as other languages say it in one word. */
const FAR_BACK =
  'vorletzt\\p{L}{1,2}|eervorige?|voorvorige|avant-derni(?:er|ère)|förrförra|позапрошл\\p{L}{2,3}|позаминул\\p{L}{2,3}|zaprzeszł\\p{L}{1,3}|penúltim[oa]|penultim[oa]|předminul\\p{L}{1,3}'
const FAR_AHEAD = 'übernächst\\p{L}{1,2}|послеследующ\\p{L}{2,3}'
const FAR_UNITS =
  '(woch|week|semain|seman|settiman|veck|недел|тиж|tygod|týd)|(monat|maand|mois|mês|mes|mese|månad|месяц|місяц|miesi|měsíc)|(?:jahr|jaar|an|año|ano|året|год|рок|rok)'
const COUNTS = 'zero one two three four five six'.split(' ')

/** Each takes its words away before the rules for days read the rest. */
export const PART_RULES: readonly DayRule[] = [
  rule('(?:this|the|an?) past (week|month|year)', ([, unit], today) => span(shifted(today, unit, -1), today + 1)),
  rule(`(first|second) half${WHICH_YEAR}`, ([, half, year, which], today) =>
    halfOf(half === 'first' ? 0 : 1, yearIn(year, which, today)),
  ),
  rule(`h([12])${WHICH_YEAR}`, ([, half, year, which], today) => halfOf(Number(half) - 1, yearIn(year, which, today))),
  rule('q([1-4]),? (?:of )?(last|this|next) year', ([, quarter, which], today) => {
    const year = yearIn(undefined, which, today)
    const first = 3 * (Number(quarter) - 1)
    return span(civilDay(year, first, 1), civilDay(year, first + 3, 1))
  }),
  rule(`(spring|summer|autumn|fall|winter)${WHICH_YEAR}`, ([, season, year, which], today) =>
    seasonOf(season, yearIn(year, which, today)),
  ),
  rule('(last|this past|this|next|coming) (spring|summer|autumn|fall|winter)', ([, which, season], today) =>
    seasonAround(season, which === 'next' || which === 'coming' ? 1 : which === 'this' ? 0 : -1, today),
  ),
  rule('the (week|month|quarter|year|weekend) (before last|after next)', ([, unit, which], today) =>
    farAround(today, unit, which === 'before last' ? -2 : 2),
  ),
  rule(`(?:(${FAR_BACK})|(?:${FAR_AHEAD})) (?:${FAR_UNITS})\\p{L}{0,4}`, ([, back, week, month], today) =>
    farAround(today, week ? 'week' : month ? 'month' : 'year', back ? -2 : 2),
  ),
  rule('(?:over|at|on|for|during) the weekend', (_, today) => [
    ...days(mondayOf(today) - 2, 2),
    ...days(mondayOf(today) + 5, 2),
  ]),
  rule(`(\\d{1,2}|${SOME}) weekends? ago`, ([, count], today) => days(mondayOf(today) + 5 - 7 * numberOf(count), 2)),
  rule('(?:last|past) (\\d{1,3}) hours', ([, hours], today) => span(today - Math.ceil(Number(hours) / 24), today + 1)),
  rule('(?:last|past) fortnight', (_, today) => span(today - 14, today + 1)),
  rule('a fortnight ago', (_, today) => about(today - 14, 'week')),
  rule('in a fortnight', (_, today) => about(today + 14, 'week')),
  rule('half a year ago', (_, today) => about(shifted(today, 'month', -6), 'month')),
  rule('a couple of (day|week|month|year)s ago', ([, unit], today) => about(shifted(today, unit, -2), unit)),
  rule('(?:year to date|ytd)', (_, today) => span(civilDay(yearOf(today), 0, 1), today + 1)),
  rule('(?:the )?(?:end|close) of (?:the|this) (month|year)', ([, unit], today) => {
    const to = unit === 'year' ? civilDay(yearOf(today) + 1, 0, 1) : civilDay(yearOf(today), monthOf(today) + 1, 1)
    return days(to - 1, 1)
  }),
  rule('((?:19|20)\\d0)s', ([, decade]) => span(civilDay(Number(decade), 0, 1), civilDay(Number(decade) + 10, 0, 1))),
  rule('((?:19|20)\\d\\d)-?w(\\d\\d)', ([, year, week]) => weekOf(Number(week), Number(year))),
  rule(
    `(?:week|kw|kalenderwoche|semaine|semana|settimana|vecka|uge|uke|tydzień) (\\d{1,2})${WHICH_YEAR}?`,
    ([, week, year, which], today) => weekOf(Number(week), yearIn(year, which, today)),
  ),
  rule(
    '(?<=(?:on|by|since|until|before|after) )the (\\d{1,2})(?:st|nd|rd|th)(?! (?:of|floor|time|day|hour|century))',
    ([, day], today) => [0, -1].flatMap((step) => dayOfMonth(monthOf(today) + step, Number(day), today)),
  ),
]

function farAround(today: number, unit: string | undefined, step: number): Days[] {
  return unit === 'weekend' ? days(mondayOf(today) + 7 * step + 5, 2) : unitAround(today, unit, step)
}

function numberOf(word = ''): number {
  return Number(word) || Math.max(1, COUNTS.indexOf(word))
}

function yearIn(year: string | undefined, which: string | undefined, today: number): number {
  if (year !== undefined) return Number(year)
  return yearOf(today) + (which === 'last' ? -1 : which === 'next' ? 1 : 0)
}

function halfOf(half: number, year: number): Days[] {
  return span(civilDay(year, 6 * half, 1), civilDay(year, 6 * half + 6, 1))
}

/** A winter ends in the year after. */
export function seasonOf(season: string | undefined, year: number): Days[] {
  const month = SEASONS[season ?? ''] ?? 0
  return span(civilDay(year, month, 1), civilDay(year, month + SEASON_MONTHS, 1))
}

/** The last that is over or has begun, this year's, or the next to come. */
export function seasonAround(season: string | undefined, step: -1 | 0 | 1, today: number): Days[] {
  const year = yearOf(today)
  const all = [year - 2, year - 1, year, year + 1].flatMap((one) => seasonOf(season, one))
  if (step > 0) return all.filter(({ from }) => from > today).slice(0, 1)
  if (step < 0) return all.filter(({ to }) => to <= today).slice(-1)
  return all.filter(({ to }) => to > today).slice(0, 1)
}

/** By ISO 8601: the first week has the year's first Thursday. */
function weekOf(week: number, year: number): Days[] {
  const { from, to } = yearDays(year)[0] as Days
  const monday = mondayOf(from + 3) + 7 * (week - 1)
  return week >= 1 && week <= 53 && monday < to ? days(monday, 7) : []
}

function dayOfMonth(month: number, day: number, today: number): Days[] {
  const from = civilDay(yearOf(today), month, day)
  return day >= 1 && monthOf(from) === (month + 12) % 12 ? days(from, 1) : []
}
