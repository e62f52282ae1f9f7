/**
 * Owns which times a query names: "yesterday", "last week", "in May", "on 7 May 2023", "2023-05". English; days are counted in UTC.
 * Must not exclude anything: search prefers what is of that time. What has two readings ("next Friday") or is an ordinary word ("may I") names none.
 */

/** From the one, up to but without the other. */
export type TimeSpan = { readonly from: Date; readonly to: Date }

const MONTHS = 'january february march april may june july august september october november december'.split(' ')
const DAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
/** A month without a year is that of each of so many years back. */
const YEARS_BACK = 10
const MAX_SPANS = 32

const MONTH = `(${MONTHS.map((month) => `${month}|${month.slice(0, 3)}\\.?`).join('|')})`
const YEAR = '((?:19|20)\\d\\d)'
const DAY_OF_MONTH = '(\\d{1,2})(?:st|nd|rd|th)?'
const COUNT = `(\\d{1,3}|an?|${NUMBERS.join('|')})`
const UNIT = '(day|week|month|year)'

type Rule = { readonly pattern: RegExp; spans(found: readonly (string | undefined)[], now: Date): TimeSpan[] }

const RULES: readonly Rule[] = [
  rule(`${YEAR}-(\\d\\d)-(\\d\\d)`, ([, year, month, day]) => daySpan(Number(year), Number(month) - 1, Number(day))),
  rule(`${YEAR}-(\\d\\d)(?!-?\\d)`, ([, year, month]) => monthSpan(Number(year), Number(month) - 1)),
  rule(`${DAY_OF_MONTH} (?:of )?${MONTH},?(?: (?:of )?${YEAR})?`, ([, day, month, year], now) =>
    yearsOf(year, now).flatMap((one) => daySpan(one, monthOf(month), Number(day))),
  ),
  rule(`${MONTH} ${DAY_OF_MONTH}(?!\\d),?(?: (?:of )?${YEAR})?`, ([, month, day, year], now) =>
    yearsOf(year, now).flatMap((one) => daySpan(one, monthOf(month), Number(day))),
  ),
  rule(`${MONTH},? (?:of )?${YEAR}`, ([, month, year]) => monthSpan(Number(year), monthOf(month))),
  rule(`(?:in|during|since|of|early|mid|late|last|this) ${MONTH}(?! \\d)`, ([, month], now) =>
    yearsOf(undefined, now).flatMap((year) => monthSpan(year, monthOf(month))),
  ),
  rule(`(?:in|during|of|since|year) ${YEAR}`, ([, year]) => [
    { from: utc(Number(year), 0, 1), to: utc(Number(year) + 1, 0, 1) },
  ]),
  rule('(today|tonight|this (?:morning|afternoon|evening))', (_, now) => daysAgo(now, 0)),
  rule('the day before yesterday', (_, now) => daysAgo(now, 2)),
  rule('(?<!before )(yesterday|last night)', (_, now) => daysAgo(now, 1)),
  rule('(last|this) (week|weekend)', ([, which, unit], now) =>
    weekSpan(now, which === 'last' ? 1 : 0, unit === 'weekend'),
  ),
  rule('(last|this) (month|year)', ([, which, unit], now) => {
    const back = which === 'last' ? 1 : 0
    return unit === 'month'
      ? monthSpan(now.getUTCFullYear(), now.getUTCMonth() - back)
      : [{ from: utc(now.getUTCFullYear() - back, 0, 1), to: utc(now.getUTCFullYear() - back + 1, 0, 1) }]
  }),
  rule(`(?:last|past) (?:${COUNT} )?${UNIT}s?`, ([, count, unit], now) => [
    { from: shifted(now, unit, -numberOf(count)), to: shifted(now, 'day', 1) },
  ]),
  rule(`${COUNT} ${UNIT}s? ago`, ([, count, unit], now) => around(shifted(now, unit, -numberOf(count)), unit)),
  rule(`(?:on|last) (${DAYS.join('|')})`, ([, day], now) =>
    daysAgo(now, (now.getUTCDay() - DAYS.indexOf(day ?? '') + 7) % 7 || 7),
  ),
]

/** The times that a query names, as they are meant at `now`; none for most queries. */
export function timesIn(query: string, now: Date): TimeSpan[] {
  // Each rule takes its words away: a day is not its month as well.
  let rest = query.toLowerCase()
  const spans: TimeSpan[] = []
  for (const { pattern, spans: spansOf } of RULES)
    rest = rest.replace(pattern, (...found) => {
      spans.push(...spansOf(found.slice(0, -2) as (string | undefined)[], now).filter(isSpan))
      return ' '
    })
  return spans.slice(0, MAX_SPANS)
}

function rule(pattern: string, spans: Rule['spans']): Rule {
  return { pattern: new RegExp(`(?<![\\p{L}\\p{N}-])${pattern}(?![\\p{L}\\p{N}])`, 'gu'), spans }
}

function utc(year: number, month: number, day: number): Date {
  return new Date(Date.UTC(year, month, day))
}

function isSpan({ from, to }: TimeSpan): boolean {
  return from < to && from.getUTCFullYear() >= 1 && to.getUTCFullYear() <= 9_999
}

/** Nothing for a day that the month does not have. */
function daySpan(year: number, month: number, day: number): TimeSpan[] {
  const from = utc(year, month, day)
  return from.getUTCMonth() === month && from.getUTCDate() === day ? [{ from, to: utc(year, month, day + 1) }] : []
}

function monthSpan(year: number, month: number): TimeSpan[] {
  return month > 11 ? [] : [{ from: utc(year, month, 1), to: utc(year, month + 1, 1) }]
}

function daysAgo(now: Date, days: number): TimeSpan[] {
  const from = shifted(now, 'day', -days)
  return [{ from, to: shifted(from, 'day', 1) }]
}

/** Weeks begin on Monday. */
function weekSpan(now: Date, weeksAgo: number, isWeekend: boolean): TimeSpan[] {
  const monday = shifted(now, 'day', -((now.getUTCDay() + 6) % 7) - 7 * weeksAgo)
  return [{ from: isWeekend ? shifted(monday, 'day', 5) : monday, to: shifted(monday, 'day', 7) }]
}

/** "Two weeks ago" means about then: half a unit to either side. */
function around(date: Date, unit: string | undefined): TimeSpan[] {
  const days = { day: 0, week: 3, month: 15, year: 180 }[unit ?? 'day'] ?? 0
  return [{ from: shifted(date, 'day', -days), to: shifted(date, 'day', days + 1) }]
}

/** The day that lies so many units from the day of a date. */
function shifted(date: Date, unit: string | undefined, count: number): Date {
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  if (unit === 'year') return utc(year + count, month, day)
  if (unit === 'month') return utc(year, month + count, day)
  return utc(year, month, day + count * (unit === 'week' ? 7 : 1))
}

function monthOf(name: string | undefined): number {
  return MONTHS.findIndex((month) => month.startsWith((name ?? '').replace('.', '').slice(0, 3)))
}

function yearsOf(year: string | undefined, now: Date): number[] {
  return year === undefined
    ? Array.from({ length: YEARS_BACK }, (_, back) => now.getUTCFullYear() - back)
    : [Number(year)]
}

function numberOf(word: string | undefined): number {
  const number = Number(word)
  return Number.isNaN(number) ? Math.max(1, NUMBERS.indexOf(word ?? '')) : number
}
