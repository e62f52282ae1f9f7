import { timeWords } from '../../times/time-words.ts'
import { civilDay, monthOf } from './civil-days.ts'
import { MONTH_BY_NAME } from './month-names.ts'
import { anyYear, type Days, days, isDay, mondayOf, span } from './named-days.ts'

/**
 * Owns spans of days that share a month or a week: "from 3 to 9 November", "vom 3. bis 9. Mai", "November 3-9", 11月3日から9日, "between Monday and
 * Wednesday"; and single days without a year in languages other than English.
 */

type Found = { readonly start: number; readonly end: number; readonly days: readonly Days[] }

/** Shorter names are words of other meanings as well. */
const MIN_MONTH_CHARS = 4
const SHORT_MONTHS = new Set([
  'may',
  'mai',
  'maj',
  'mei',
  'mag',
  'jan',
  'feb',
  'apr',
  'jun',
  'jul',
  'aug',
  'sep',
  'oct',
  'okt',
  'nov',
  'dec',
  'dez',
])
const MONTH = [...MONTH_BY_NAME.keys()]
  .filter((name) => name.length >= MIN_MONTH_CHARS || SHORT_MONTHS.has(name) || /[^\p{ASCII}]/u.test(name))
  .sort((a, b) => b.length - a.length)
  .join('|')
const YEAR = '(?:19|20)\\d\\d'
const DAY = '\\d{1,2}(?:st|nd|rd|th|\\.|º|er|-?го)?'
const OF = "(?: (?:of |de |del |d[’'])?)"
const FROM =
  '(?:(?:from|between|vom|von|zwischen|du|entre(?: le| el| o)?|del?|dal|tra il|van|tussen|od|z|с|со|від|з|från|fra|mellan|mellem|den) )?'
const TO =
  '(?: ?(?:-|–|—|〜|～|~) ?| (?:to|until|till|through|thru|and|bis(?: zum)?|und|aux?|et(?: le)?|al?|y(?: el)?|e(?: o| il)?|até|fino al|tot(?: en met)?|t/m|en|do|i|по|до|и|і|til|till|och|og) )(?:the |den |le |el |o |il )?'
const BEGIN = '(?<![\\p{L}\\p{N}.,/-])'
const END = '(?![\\p{L}\\p{N}])'
const PATTERNS = [
  `${BEGIN}${FROM}${isDay(`${TO}\\d{1,2}`)}(?<one>${DAY})(?:${OF}(?<first>${MONTH})\\.?)?${TO}(?<two>${DAY})${OF}(?<month>${MONTH})\\.?(?:,? (?:de |del )?(?<year>${YEAR}))?${END}`,
  `${BEGIN}(?:from |between )?(?<month>${MONTH})\\.? (?<one>${DAY})${TO}(?:the )?(?<two>${DAY})(?:,? (?<year>${YEAR}))?${END}(?! (?:${MONTH})${END})`,
  `(?:(?<year>${YEAR})\\s?[年년]\\s?)?(?<![\\d年년]\\s?)(?<month>\\d{1,2})\\s?[月월]\\s?(?<one>\\d{1,2})\\s?[日号일]?\\s?(?:から|到|至|부터|-|–|〜|～|~)\\s?(?:\\k<month>\\s?[月월]\\s?)?(?<two>\\d{1,2})\\s?[日号일](?:まで|까지)?`,
].map((source) => new RegExp(source, 'gu'))
const DAY_OF_MONTH = new RegExp(
  `${BEGIN}${isDay()}(?<one>${DAY})${OF}(?<month>${MONTH})\\.?${END}(?!\\.?,? (?:de |del )?${YEAR})`,
  'gu',
)

/** The spans of a query in small letters; `today` is a day by its number. */
export function daySpansIn(lower: string, today: number): Found[] {
  return [...PATTERNS.flatMap((pattern) => found(pattern, lower, today)), ...weekSpansIn(lower, today)]
}

/** The days of some month, without a year. */
export function daysOfMonthIn(lower: string, today: number): Found[] {
  return found(DAY_OF_MONTH, lower, today)
}

function found(pattern: RegExp, lower: string, today: number): Found[] {
  // To compile a pattern takes longer than to see that its first day is not there.
  if (!/\d/.test(lower)) return []
  return [...lower.matchAll(pattern)].flatMap(({ index, 0: words, groups = {} }): Found[] => {
    const month = monthOfName(groups.month ?? '')
    const first = groups.first === undefined ? month : monthOfName(groups.first)
    const [one, two] = [groups.one, groups.two ?? groups.one].map((day) => Number.parseInt(day ?? '', 10)) as [
      number,
      number,
    ]
    const inYear = (year: number) => spanIn(year, first, one, month, two)
    const meant = groups.year === undefined ? anyYear(today, inYear) : inYear(Number(groups.year))
    return meant.length === 0 ? [] : [{ start: index, end: index + words.length, days: meant }]
  })
}

function monthOfName(name: string): number {
  return MONTH_BY_NAME.get(name) ?? Number(name) - 1
}

/** Nothing where a month has no such day; a span that ends before it begins ends in the next year. */
function spanIn(year: number, firstMonth: number, first: number, lastMonth: number, last: number): readonly Days[] {
  const from = civilDay(year, firstMonth, first)
  const to = civilDay(lastMonth < firstMonth ? year + 1 : year, lastMonth, last)
  const isReal = first >= 1 && last >= 1 && monthOf(from) === firstMonth && monthOf(to) === lastMonth
  return isReal && from <= to ? span(from, to + 1) : []
}

const ENGLISH = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
type Weeks = { readonly byName: ReadonlyMap<string, number>; readonly pattern: RegExp }
let weeks: Weeks | undefined

/** Days of one week, which may be said; else the last one that has begun. */
function weekSpansIn(lower: string, today: number): Found[] {
  weeks ??= madeWeeks()
  const { byName, pattern } = weeks
  return [...lower.matchAll(pattern)].flatMap(({ index, 0: words, groups = {} }): Found[] => {
    const [first, last] = [groups.one, groups.two].map((name) => byName.get(name ?? '')) as [number, number]
    const length = ((last - first + 7) % 7) + 1
    if (length === 1) return []
    const step = groups.which ?? ''
    const begin = mondayOf(today) + ((first + 6) % 7)
    const inWeek = (week: number) => days(begin + 7 * week, length)
    const latest = begin <= today ? 0 : -1
    const meant: readonly Days[] =
      step === 'last'
        ? inWeek(-1)
        : step === 'next'
          ? inWeek(1)
          : step === 'this'
            ? inWeek(0)
            : orOthers(inWeek, latest)
    return [{ start: index, end: index + words.length, days: meant }]
  })
}

function orOthers(inWeek: (week: number) => readonly Days[], latest: number): readonly Days[] {
  return inWeek(latest).map((one) => ({ ...one, otherYears: [...inWeek(latest + 1), ...inWeek(latest - 1)] }))
}

function madeWeeks(): Weeks {
  const byName = new Map(ENGLISH.map((name, weekday): [string, number] => [name, weekday]))
  // Where they are declined the ending changes: "со среды".
  const stemOf = (name: string, language: string) => (DECLINES.has(language) ? name.replace(/[аяеьao]$/u, '') : name)
  for (const { name, language, weekday } of timeWords().weekdays) {
    const stem = stemOf(name, language)
    if (!byName.has(stem)) byName.set(stem, weekday)
  }
  const names = [...byName.keys()].sort((a, b) => b.length - a.length).join('|')
  const joined = `(?:から|부터)\\s?|${TO}|\\s?[到至]\\s?`
  const source = `(?<![\\p{Script=Latin}\\p{Script=Cyrillic}])${FROM}(?<one>${names})\\p{L}{0,2}?(?:${joined})(?<two>${names})(?:まで|까지)?(?:[\\p{Script=Latin}\\p{Script=Cyrillic}]{0,2}(?: (?:of )?(?<which>last|this|next) week)?${END}|(?=[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Hangul}]))`
  return { byName, pattern: new RegExp(source, 'gu') }
}
const DECLINES = new Set(['ru', 'uk', 'pl', 'cs'])
