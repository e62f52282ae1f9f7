import { civilDay, dayAt, startOfCivilDay, yearOf } from './civil-days.ts'
import { daySpansIn, daysOfMonthIn } from './day-spans.ts'
import { feastsIn } from './feasts.ts'
import { localDaysIn } from './local-days.ts'
import { durationsIn } from './local-durations.ts'
import { localPeriodsIn } from './local-periods.ts'
import { quartersIn } from './local-quarters.ts'
import { isEnglishQuery, type LocalRelation, localRelations } from './local-relations.ts'
import { DAY_RULES, type Days, UNITS_BESIDE, unitsFrom } from './named-days.ts'
import { PART_RULES } from './part-rules.ts'
import { partsOfDayIn } from './parts-of-day.ts'

/**
 * Owns which times a query names, in the time zone of whoever asks: "yesterday", "next week", "in Q2", "since May 2023", "7.5.2023", "2023年5月".
 * In English by rules of its own, in other languages by the words that the platform has for days and a few for their relations; dates by their numbers.
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
  relation(`(?:between|from) ${NAMED},? (?:and|to|until|till|through) ${NAMED}`, 'between'),
  {
    pattern: new RegExp(`(?<!\\p{L})${UNITS_BESIDE} (before|after) ${NAMED}`, 'gu'),
    // What happened then is told on the day that is named as often as on its own.
    days([, count, unit, relation, number], named) {
      const day = named[Number(number)] as Days
      return [unitsFrom(day, count, unit as string, relation === 'before'), day]
    },
  },
  relation(`(?:since|starting) ${NAMED}`, 'since'),
  relation(`after ${NAMED}`, 'after'),
  relation(`(?:before|prior to) ${NAMED}`, 'before'),
  relation(`(?:until|till|up to|by) ${NAMED}`, 'until'),
]
const LOCAL_RELATIONS = localRelations(NAMED).map(({ relation: name, source }) => relation(source, name))

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
  const plain = query.replaceAll(MARK, ' ').replaceAll('’', "'").replaceAll('\u0130', 'i').toLowerCase()
  let rest = ''
  let from = 0
  for (const { start, end, days } of placesIn(plain, today)) {
    rest += `${plain.slice(from, start)}${put(days)}`
    from = end
  }
  rest += plain.slice(from)
  for (const { pattern, days } of [...PART_RULES, ...DAY_RULES])
    rest = rest.replace(pattern, (...found) => {
      const kept = /^(?:since|until|by|before|after) /.exec(found[0])?.[0] ?? ''
      return `${kept}${put(days(found as (string | undefined)[], today))}`
    })
  for (const { pattern, days } of isEnglishQuery(plain) ? RELATIONS : [...LOCAL_RELATIONS, ...RELATIONS])
    rest = rest.replace(pattern, (...found) => put(days(found as string[], named, today)))
  return [...rest.matchAll(new RegExp(NAMED, 'g'))]
    .slice(0, MAX_SPANS)
    .map(([, number]) => momentsOf(named[Number(number)] as Days, timeZone))
}

/** Readers that come before the rules, in order; of two readings of a word the first holds. */
function placesIn(plain: string, today: number) {
  const readings = [
    feastsIn,
    daySpansIn,
    quartersIn,
    localPeriodsIn,
    durationsIn,
    partsOfDayIn,
    localDaysIn,
    daysOfMonthIn,
  ]
  const places: ReturnType<typeof localDaysIn> = []
  for (const one of readings.flatMap((read) => read(plain, today)))
    if (places.every(({ start, end }) => one.end <= start || one.start >= end)) places.push(one)
  return places.sort((a, b) => a.start - b.start)
}

function relation(source: string, name: LocalRelation | 'between'): Relation {
  return {
    pattern: new RegExp(source, 'gu'),
    days([, first, second], named, today) {
      const one = named[Number(first)] as Days
      return [related(name, one, named[Number(second)] ?? one, today)]
    },
  }
}

function related(relation: LocalRelation | 'between', first: Days, second: Days, today: number): Days {
  switch (relation) {
    case 'between':
      // "From 3 to 5 May 2023": the year stands behind the second.
      return {
        from: [first, ...(first.otherYears ?? [])].find(({ from }) => from <= second.from)?.from ?? first.from,
        to: second.to,
      }
    case 'since':
      return { from: first.from, to: Math.max(first.to, today + 1) }
    case 'after':
      return { from: first.to, to: reach(today, 1) }
    case 'before':
      return { from: reach(today, -1), to: first.from }
    case 'until':
      return { from: reach(today, -1), to: first.to }
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
