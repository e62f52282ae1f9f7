import { type NamedTime, namedTimesIn } from '../../times/named-times.ts'
import { TIME_LANGUAGES } from '../../times/time-words.ts'
import { weekdayOf } from './civil-days.ts'
import { MONTH_BY_NAME } from './month-names.ts'
import { about, anyYear, type Days, days, monthIn, shifted, unitAround, yearDays } from './named-days.ts'

/** The days that words of languages other than English name, and the months of all: "gestern", "il y a deux semaines", "в марте", 上周五, 3월. */

type LocalDays = { readonly start: number; readonly end: number; readonly days: readonly Days[] }

/** In order, without overlaps. `today` is a day by its number. */
export function localDaysIn(query: string, today: number): LocalDays[] {
  const times = namedTimesIn(query)
    .filter((time) => !isMorning(query, time))
    .map((time) => ({ start: startOf(query, time), end: time.end, days: daysOf(time, today) }))
  const months = monthsIn(query, today).filter(({ start, end }) =>
    times.every((one) => one.end <= start || one.start >= end),
  )
  return [...times, ...months].sort((a, b) => a.start - b.start)
}

/** "Heute Morgen" and "esta mañana" name no tomorrow. */
function isMorning(query: string, { start, end, language }: NamedTime): boolean {
  const words = query.slice(start, end).toLowerCase()
  const before = query.slice(Math.max(0, start - LONGEST_BEFORE), start).toLowerCase()
  if (language === 'de' && words === 'morgen')
    return /(?:heute|gestern|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|jeden|guten|am) $/u.test(before)
  return language === 'es' && words === 'mañana' && /(?<!\p{L})(?:est[ae]|la|cada|una|buena) $/u.test(before)
}

/** "Na semana passada": what is "in the" of Portuguese is "after" and "since" elsewhere. */
function startOf(query: string, { start, language }: NamedTime): number {
  const before = query.slice(Math.max(0, start - LONGEST_BEFORE), start)
  return start - (language === 'pt' ? (/(?<!\p{L})(?:n|d|pel)[ao]s? $/iu.exec(before)?.[0].length ?? 0) : 0)
}

const LONGEST_BEFORE = 12

function daysOf({ unit, steps, isDistance, weekday = 0, language }: NamedTime, today: number): Days[] {
  if (unit === 'weekday') return weekdays(weekday, steps[0], today, NAMES_WEEK.has(language))
  return steps.flatMap((step) =>
    isDistance
      ? about(shifted(today, unit, step), unit)
      : unit === 'day'
        ? days(today + step, 1)
        : unitAround(today, unit, step),
  )
}

/** Where "last week's Friday" is said. */
const NAMES_WEEK = new Set(['zh', 'ja', 'ko'])

/** Without "last" or "next" either is meant, and by "next" some mean that of the next week. */
function weekdays(weekday: number, step: number | undefined, today: number, isOfWeek: boolean): Days[] {
  const ahead = (weekday - weekdayOf(today) + 7) % 7 || 7
  const [last, coming] = [days(today + ahead - 7 - (ahead === 7 ? 7 : 0), 1), days(today + ahead, 1)]
  const monday = today - ((weekdayOf(today) + 6) % 7)
  const inWeek = (weeks: number) => days(monday + 7 * weeks + ((weekday + 6) % 7), 1)
  if (step !== undefined && isOfWeek) return inWeek(step)
  const either =
    step === undefined ? [last, coming] : step < 0 ? [last, inWeek(-1)] : step > 0 ? [coming, inWeek(1)] : [inWeek(0)]
  return either.flat().filter((one, at, all) => all.findIndex(({ from }) => from === one.from) === at)
}

/** Before two months; only with a year the second is read too. */
const BETWEEN =
  '(?:entre|zwischen|tra|tussen|między|между|mellan)(?= \\p{L}+ \\p{L}+ \\p{L}+ (?:de |del )?(?:19|20)\\d\\d)'
/** What stands before a month that is named alone; the Turkish month has an ending instead. */
const BEFORE_MONTH =
  "im|in|en|em|nel|a|ad|w|we|v|ve|в|во|у|с|со|до|до|od|do|po|przed|после|перед|с|seit|ab|bis|vor|nach|depuis|dès|avant|après|jusqu'en|desde|hasta|até|antes de|después de|depois de|da|dal|dopo|prima di|sinds|vanaf|tot|voor|na|في|منذ|قبل|بعد|i|sedan|före|efter"
const DENSE_MONTH = /(?<![\d年년]\s?)(?<number>\d{1,2})\s?[月월](?!\s?\d)/gu

const YEAR = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:${BEFORE_MONTH}) (?<year>(?:19|20)\\d\\d)(?![-/.]?\\d)|(?<![\\d.,/-]|(?:${[...MONTH_BY_NAME.keys()].join('|')}) )(?<year>(?:19|20)\\d\\d)(?=['’]?[dt][ae]n? (?:beri|itibaren|önce|sonra)| (?:से|तक|में|के बाद))`,
  'gu',
)

type Months = { readonly byName: ReadonlyMap<string, number>; readonly pattern: RegExp }
let months: Months | undefined

function monthsIn(query: string, today: number): LocalDays[] {
  months ??= madeMonths()
  const { byName, pattern } = months
  const lower = query.toLowerCase()
  const ofAny = (month: number) => anyYear(today, (year) => monthIn(year, month))
  const named = [...lower.matchAll(pattern)].flatMap(({ index, 0: words, groups }) => {
    const month = byName.get(groups?.name ?? '')
    if (month === undefined) return []
    const start = index + words.lastIndexOf(groups?.name ?? '')
    return [{ start, end: index + words.length, days: ofAny(month) }]
  })
  const dense = [...lower.matchAll(DENSE_MONTH)].map(({ index, 0: words, groups }) => ({
    start: index,
    end: index + words.length,
    days: ofAny(Number(groups?.number) - 1),
  }))
  const years = [...lower.matchAll(YEAR)].map(({ index, 0: words, groups: { year = '' } = {} }) => {
    const start = index + words.indexOf(year)
    return { start, end: start + year.length, days: yearDays(Number(year)) }
  })
  return [...named, ...dense, ...years]
}

function madeMonths(): Months {
  const byName = new Map<string, number>()
  const turkish: string[] = []
  const hindi: string[] = []
  for (const language of TIME_LANGUAGES)
    for (const options of [{ month: 'long' }, { month: 'long', day: 'numeric' }] as const)
      for (let month = 0; month < 12; month += 1) {
        const parts = new Intl.DateTimeFormat(`${language}-u-ca-gregory`, {
          ...options,
          timeZone: 'UTC',
        }).formatToParts(Date.UTC(2026, month, 1))
        const name = parts.find(({ type }) => type === 'month')?.value.toLowerCase() ?? ''
        if (!/^[\p{L}\p{M}]{3,}$/u.test(name)) continue
        // In the languages that decline them, without the ending.
        const stem = /\p{Script=Cyrillic}/u.test(name) || language === 'pl' ? name.replace(/[аяьйіea]$/u, '') : name
        byName.set(stem, month)
        if (language === 'tr') turkish.push(stem)
        if (language === 'hi') hindi.push(stem)
      }
  const oneOf = (names: readonly string[]) => names.toSorted((a, b) => b.length - a.length).join('|')
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{M}])(?:(?:${BETWEEN}|${BEFORE_MONTH}) (?<name>${oneOf([...byName.keys()])})(?:[аяьйеіu]|[aei]){0,1}|(?<name>${oneOf(turkish)})['’]?(?:ta|te|da|de|tan|ten|dan|den)|(?<name>${oneOf(hindi)}) (?:में|से|तक))(?![\\p{L}\\p{M}]|\\.? ?\\d)`,
    'gu',
  )
  return { byName, pattern }
}
