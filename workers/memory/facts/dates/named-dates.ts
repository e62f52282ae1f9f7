/**
 * Reads absolute dates in the words of many languages: days, months and years that a sentence names. The names of months are those of the
 * platform's own tables. A bare number is a year only behind a word that makes it one.
 */

/** A date that a sentence names: `2026-03-01`, `2026-03` or `2026`. */
type NamedDate = { readonly start: number; readonly date: string }
/** A day of some year; `month` is 1 to 12. */
export type DayOfYear = { readonly start: number; readonly end: number; readonly month: number; readonly day: number }

const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ru', 'tr', 'uk', 'sv', 'cs', 'ar', 'hi']

const ENGLISH_SHORT = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')
const SEPTEMBER = 9
/** Words of other meanings, unless they begin with a capital. */
const COMMON_WORDS = new Set(['march', ...ENGLISH_SHORT])
const YEAR = String.raw`(?:1[89]|20)\d\d`
const LINK = "(?:[ ,.]{1,3}(?:del? |of |d')?)"

type Months = { readonly numbers: ReadonlyMap<string, number>; readonly named: RegExp }
let months: Months | undefined

/** Made when the first number is read: the platform's tables take some 100 ms. */
function monthNames(): Months {
  if (months) return months
  const numbers = new Map<string, number>()
  for (const language of LANGUAGES) {
    for (const options of [{ month: 'long' }, { month: 'long', day: 'numeric' }] as const) {
      const format = new Intl.DateTimeFormat(`${language}-u-ca-gregory`, { ...options, timeZone: 'UTC' })
      for (let month = 0; month < 12; month += 1) {
        const parts = format.formatToParts(new Date(Date.UTC(2026, month, 1)))
        const name = parts.find(({ type }) => type === 'month')?.value.toLowerCase()
        if (name && /^(?:[\p{L}\p{M}]{3,}|\p{Script=Devanagari}{2})$/u.test(name)) numbers.set(name, month + 1)
      }
    }
  }
  for (const [at, name] of ENGLISH_SHORT.entries()) numbers.set(name, at + 1)
  numbers.set('sept', SEPTEMBER)
  const month = [...numbers.keys()].sort((a, b) => b.length - a.length).join('|')
  const named = new RegExp(
    String.raw`(?<![\p{L}\p{N}])(?:(?<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?${LINK}(?<month>${month})(?:${LINK}(?<year>${YEAR}))?|(?<month>${month})\.? (?<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>${YEAR}))?|(?<month>${month})${LINK}(?<year>${YEAR}))(?![\p{L}\p{N}])`,
    'giu',
  )
  months = { numbers, named }
  return months
}

const DENSE = /(?<year>(?:1[89]|20)\d\d) ?[年년](?: ?(?<month>\d{1,2}) ?[月월](?: ?(?<day>\d{1,2}) ?[日일号號])?)?/gu
const NUMERIC = /(?<![\d.-])(?<year>(?:1[89]|20)\d\d)-(?<month>\d\d)-(?<day>\d\d)(?![\d-])/g
const DOTTED = /(?<![\d.-])(?<day>\d{1,2})\.(?<month>\d{1,2})\.(?<year>(?:19|20)\d\d)(?![\d-])/g
/** A slash has the day first in some countries, and the month in others: only what can be one alone. */
const SLASHED =
  /(?<![\d/])(?:(?<day>1[3-9]|2\d|3[01])\/(?<month>0?[1-9]|1[0-2])|(?<month>0?[1-9]|1[0-2])\/(?<day>1[3-9]|2\d|3[01]))\/(?<year>(?:19|20)\d\d)(?![\d/])/g
const DENSE_DAY = /(?<![\d年년]\s?)(?<month>\d{1,2}) ?[月월] ?(?<day>\d{1,2}) ?[日号號일]/gu
const YEAR_WORDS =
  'in|since|from|during|back in|im jahr|seit|en|depuis|desde|em|nel|dal|del|sinds|in het jaar|w|od|roku|в|с|з|у|sedan|år|od roku|ab|von|um'
const YEAR_ALONE = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${YEAR_WORDS}) (?<year>${YEAR})(?![\p{L}\p{N}.,/-]*\p{N})(?! ?(?:euros?|dollars?|€|\$|%|km|kg|people|steps|tests|files|items|stück|personen|mal|times))|(?<year>${YEAR})['’](?:d[ae]n|t[ae]n) beri|(?<year>${YEAR}) से|منذ (?<year>${YEAR})|(?<year>${YEAR}) (?:году|года|roku|yılında)`,
  'giu',
)

/** Without it there is no date with a year. */
const MAYBE_YEAR = /(?:1[89]|20)\d\d/

/** The dates of a sentence, in order. A day and month without a year are none: see `daysOfYearIn`. */
export function datesNamedIn(sentence: string): NamedDate[] {
  if (!MAYBE_YEAR.test(sentence)) return []
  const full = [monthNames().named, DENSE, NUMERIC, DOTTED, SLASHED]
    .flatMap((pattern) => [...sentence.matchAll(pattern)])
    .flatMap(dateOf)
  const years = [...sentence.matchAll(YEAR_ALONE)].flatMap(dateOf)
  const found = [...full, ...years.filter(({ date }) => full.every((other) => !other.date.startsWith(date)))]
  return found.sort((a, b) => a.start - b.start)
}

/** The days that a sentence names by day and month, without a year. */
export function daysOfYearIn(sentence: string): DayOfYear[] {
  if (!/\d/.test(sentence)) return []
  return [monthNames().named, DENSE_DAY].flatMap((pattern) =>
    [...sentence.matchAll(pattern)].flatMap(({ 0: words, index, groups = {} }): DayOfYear[] => {
      const { year, month = '', day } = groups
      const number = monthNames().numbers.get(month.toLowerCase()) ?? Number(month)
      const isWord = COMMON_WORDS.has(month)
      if (year !== undefined || day === undefined || isWord || !isDate(dateIn(LEAP_YEAR, number, day))) return []
      return [{ start: index, end: index + words.length, month: number, day: Number(day) }]
    }),
  )
}
const LEAP_YEAR = '2024'

function dateIn(...parts: (string | number)[]): string {
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}

function dateOf(match: RegExpMatchArray): NamedDate[] {
  const { year, month, day } = match.groups ?? {}
  if (year === undefined) return []
  const number = month === undefined ? undefined : (monthNames().numbers.get(month.toLowerCase()) ?? Number(month))
  const date = [year, number, number === undefined ? undefined : day]
    .filter((part) => part !== undefined)
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
  return isDate(date) ? [{ start: match.index ?? 0, date }] : []
}

function isDate(date: string): boolean {
  const at = new Date(`${firstDay(date)}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date)
}

/** `2026-03-01` of `2026-03`, and `2026-01-01` of `2026`. */
export function firstDay(date: string): string {
  return `${date}-01-01`.slice(0, 10)
}
