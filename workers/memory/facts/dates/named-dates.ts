/**
 * Reads absolute dates in the words of many languages: days, months and years that a sentence names. The names of months are those of the
 * platform's own tables. A bare number is a year only behind a word that makes it one.
 */

/** A date that a sentence names: `2026-03-01`, `2026-03` or `2026`. */
type NamedDate = { readonly start: number; readonly date: string }

const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'pl', 'ru', 'tr', 'uk', 'sv', 'cs', 'ar', 'hi']

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
        if (name && /^[\p{L}\p{M}]{3,}$/u.test(name)) numbers.set(name, month + 1)
      }
    }
  }
  const month = [...numbers.keys()].sort((a, b) => b.length - a.length).join('|')
  const named = new RegExp(
    String.raw`(?<![\p{L}\p{N}])(?:(?<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?${LINK}(?<month>${month})(?:${LINK}(?<year>${YEAR}))?|(?<month>${month}) (?<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<year>${YEAR}))?|(?<month>${month})${LINK}(?<year>${YEAR}))(?![\p{L}\p{N}])`,
    'giu',
  )
  months = { numbers, named }
  return months
}

const DENSE = /(?<year>(?:1[89]|20)\d\d) ?[年년](?: ?(?<month>\d{1,2}) ?[月월](?: ?(?<day>\d{1,2}) ?[日일号號])?)?/gu
const NUMERIC = /(?<![\d.-])(?<year>(?:1[89]|20)\d\d)-(?<month>\d\d)-(?<day>\d\d)(?![\d-])/g
const YEAR_WORDS =
  'in|since|from|during|back in|im jahr|seit|en|depuis|desde|em|nel|dal|del|sinds|in het jaar|w|od|roku|в|с|з|у|sedan|år|od roku|ab|von|um'
const YEAR_ALONE = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:${YEAR_WORDS}) (?<year>${YEAR})(?![\p{L}\p{N}.,/-]*\p{N})(?! ?(?:euros?|dollars?|€|\$|%|km|kg|people|steps|tests|files|items|stück|personen|mal|times))|(?<year>${YEAR})['’](?:d[ae]n|t[ae]n) beri|(?<year>${YEAR}) से|منذ (?<year>${YEAR})|(?<year>${YEAR}) (?:году|года|roku|yılında)`,
  'giu',
)

/** Without it there is no date with a year. */
const MAYBE_YEAR = /(?:1[89]|20)\d\d/

/** The dates of a sentence, in order. A day and month without a year are left alone. */
export function datesNamedIn(sentence: string): NamedDate[] {
  if (!MAYBE_YEAR.test(sentence)) return []
  const full = [monthNames().named, DENSE, NUMERIC]
    .flatMap((pattern) => [...sentence.matchAll(pattern)])
    .flatMap(dateOf)
  const years = [...sentence.matchAll(YEAR_ALONE)].flatMap(dateOf)
  const found = [...full, ...years.filter(({ date }) => full.every((other) => !other.date.startsWith(date)))]
  return found.sort((a, b) => a.start - b.start)
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
