import { civilDay, dayAt, startOfCivilDay, yearOf } from './civil-days.ts'
import { DAY_RULES, type Days, UNITS_BESIDE, unitsFrom } from './named-days.ts'

/**
 * Owns which times a query names, in the time zone of whoever asks: "yesterday", "next week", "in Q2", "since May 2023", "7.5.2023", "2023年5月".
 * Relations ("since", "before", "between") are read in English, dates by their numbers in all languages.
 * Must not exclude anything: search prefers what is of that time. An ordinary word ("may I") names none.
 */

/** From the one, up to but without the other. */
export type TimeSpan = {
  readonly from: Date
  readonly to: Date
  /** The same days of other years, where the query does not say which: meant are the first of all that have something. */
  readonly otherYears?: readonly TimeSpan[]
}

const MAX_SPANS = 32
/** What "before" reaches back to, and "after" ahead, in years. */
const REACH_YEARS = 100
const MARK = '\u0001'
const NAMED = `${MARK}(\\d+)${MARK}`
type Relation = {
  readonly pattern: RegExp
  readonly days: (found: readonly string[], named: readonly Days[], today: number) => readonly Days[]
}

/** What stands between names of days; the longer ones first. */
const RELATIONS: readonly Relation[] = [
  relation(`(?:between|from) ${NAMED},? (?:and|to|until|till|through) ${NAMED}`, ([first, second]) => ({
    // "From 3 to 5 May 2023": the year stands behind the second.
    from: [first, ...(first.otherYears ?? [])].find(({ from }) => from <= second.from)?.from ?? first.from,
    to: second.to,
  })),
  {
    pattern: new RegExp(`(?<!\\p{L})${UNITS_BESIDE} (before|after) ${NAMED}`, 'gu'),
    // What happened then is told on the day that is named as often as on its own.
    days([, count, unit, relation, number], named) {
      const day = named[Number(number)] as Days
      return [unitsFrom(day, count, unit as string, relation === 'before'), day]
    },
  },
  relation(`(?:since|starting) ${NAMED}`, ([{ from, to }], today) => ({ from, to: Math.max(to, today + 1) })),
  relation(`after ${NAMED}`, ([{ to }], today) => ({ from: to, to: reach(today, 1) })),
  relation(`(?:before|prior to) ${NAMED}`, ([{ from }], today) => ({ from: reach(today, -1), to: from })),
  relation(`(?:until|till|up to|by) ${NAMED}`, ([{ to }], today) => ({ from: reach(today, -1), to })),
]

/** The times that a query names, as they are meant at `now` in an IANA time zone; none for most queries. */
export function timesIn(query: string, now: Date, timeZone = 'UTC'): TimeSpan[] {
  const today = dayAt(now, timeZone)
  const named: Days[] = []
  // What is found is replaced by its number, so that nothing is read twice and a relation finds what it is about.
  const put = (days: readonly Days[]) =>
    days
      .filter(isSpan)
      .map((one) => `${MARK}${named.push(one) - 1}${MARK}`)
      .join(' ')
  let rest = query.toLowerCase().replaceAll(MARK, ' ')
  for (const { pattern, days } of DAY_RULES)
    rest = rest.replace(pattern, (...found) => {
      const kept = /^(?:since|until|before|after) /.exec(found[0])?.[0] ?? ''
      return `${kept}${put(days(found as (string | undefined)[], today))}`
    })
  for (const { pattern, days } of RELATIONS)
    rest = rest.replace(pattern, (...found) => put(days(found as string[], named, today)))
  return [...rest.matchAll(new RegExp(NAMED, 'g'))]
    .slice(0, MAX_SPANS)
    .map(([, number]) => momentsOf(named[Number(number)] as Days, timeZone))
}

function relation(pattern: string, days: (named: readonly [Days, Days], today: number) => Days): Relation {
  return {
    pattern: new RegExp(pattern, 'g'),
    days([, first, second], named, today) {
      const one = named[Number(first)] as Days
      return [days([one, named[Number(second)] ?? one], today)]
    },
  }
}

function momentsOf({ from, to, otherYears }: Days, timeZone: string): TimeSpan {
  const span = { from: startOfCivilDay(from, timeZone), to: startOfCivilDay(to, timeZone) }
  return otherYears?.length ? { ...span, otherYears: otherYears.map((days) => momentsOf(days, timeZone)) } : span
}

function isSpan({ from, to }: Days): boolean {
  return from < to && yearOf(from) >= 1 && yearOf(to) <= 9_999
}

function reach(today: number, direction: 1 | -1): number {
  return civilDay(yearOf(today) + direction * REACH_YEARS, 0, 1)
}
