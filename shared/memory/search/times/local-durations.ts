import { numberOf } from '../../times/named-times.ts'
import { foldedPhrase, NUMBER_WORDS } from '../../times/time-words.ts'
import { type Days, shifted } from './named-days.ts'

/**
 * Owns spans up to now, and from now on, in the words of a query: "seit zwei Wochen", "in the last two weeks", "2주 전부터", "दो हफ़्ते से".
 * The names of units are the platform's, which has them in each form; only the words for "since", "the last" and "the next" are ours.
 */

type Unit = 'day' | 'week' | 'month' | 'year'
const UNITS: readonly Unit[] = ['day', 'week', 'month', 'year']
/** In the forms for one, two, few and many. */
const COUNTS = [1, 2, 3, 5, 11, 21]

/** By language: what stands before the number, or behind the unit. */
const SINCE: Readonly<
  Record<string, { readonly before?: string; readonly between?: string; readonly behind?: string }>
> = {
  en: { before: 'since (?:about )?' },
  de: { before: '(?:seit (?:etwa |rund )?|(?:den|der|die) (?:letzten|vergangenen|nächsten|kommenden) )' },
  fr: {
    before: '(?:depuis (?:environ )?|(?:ces|les|des) (?=\\S+ (?:derni|prochain)))',
    between: '(?:(?:derni[eè]r(?:es|s)|prochaine?s) )?',
  },
  es: {
    before: '(?:desde hace (?:unos |unas )?|(?:l[oa]s )?(?:últim|próxim)[oa]s |l[oa]s (?=\\S+ (?:últim|próxim)))',
    between: '(?:(?:últim|próxim)[oa]s )?',
  },
  pt: { before: '(?:desde há |desde faz |faz |(?:[nd]?[oa]s )?(?:últim|próxim)[oa]s )' },
  it: { before: '(?:da (?:circa )?|(?:ultim|prossim)[ie] )' },
  nl: { before: '(?:(?:sinds|al) (?:ongeveer )?|(?:afgelopen|voorbije|laatste|komende|volgende) )' },
  sv: { before: '(?:sedan |de (?:senaste|närmaste|kommande) |i (?=\\S+ \\S+ nu(?!\\p{L})))' },
  da: { before: 'de (?:seneste|sidste|næste|kommende) ' },
  no: { before: 'de (?:siste|neste) ' },
  pl: { before: '(?:od (?:około )?|ostatni(?:e|ch) |najbliższ(?:e|ych) |następn(?:e|ych) )' },
  cs: { before: 'poslední(?:ch)? ' },
  ru: { before: '(?:уже|(?:за )?последни[ех]|ближайши[ех]|следующи[ех]) ' },
  uk: { before: '(?:вже|(?:за )?останні(?:х)?) ' },
  ar: { before: '(?:منذ|آخر) ' },
  tr: { before: '(?:son|önümüzdeki|gelecek) ', behind: '(?:d[ıiuü]r|[dt][ae]n beri)' },
  hi: { before: '(?:पिछले|बीते|अगले) ', behind: ' से' },
  vi: { behind: ' (?:vừa qua|qua|gần đây|sắp tới|tới)' },
  id: { behind: ' (?:terakhir|belakangan|ke depan|mendatang)' },
  zh: {
    before: '(?:这|這|最近|过去|過去|(?<![接附靠临臨邻鄰])近|未来|未來|接下来|接下來)',
    behind: '(?:以来|以來|前开始|前開始)',
  },
  ja: { before: '(?:この|ここ|過去|直近|今後)', behind: '(?:前から|間?ずっと)' },
  ko: { before: '(?:최근|지난|앞으로) ?', behind: ' ?(?:전부터|동안|째)' },
}
/** Those of them that look ahead. */
const AHEAD =
  /nächsten|kommenden|prochain|próxim|prossim|komende|volgende|närmaste|kommande|næste|neste|najbliższ|następn|ближайш|следующ|önümüzdeki|gelecek|अगले|tới|ke depan|mendatang|未来|未來|接下|今後|앞으로/

/** Forms behind "since" that count nothing elsewhere. */
const CASES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  en: { a: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10 },
  pl: { dwóch: 2, trzech: 3, czterech: 4, pięciu: 5, sześciu: 6 },
  ru: { двух: 2, трёх: 3, трех: 3, четырёх: 4, четырех: 4, пяти: 5 },
}
/** Words for units that the platform has not. */
const OTHER_NAMES: Readonly<Record<string, Partial<Record<Unit, readonly string[]>>>> = {
  cs: { day: ['dní'] },
  hi: { week: ['हफ़्ते', 'हफ्ते', 'हफ़्ते'], month: ['महीने', 'महीनों'], year: ['साल'] },
  zh: { week: ['星期', '礼拜', '周'], month: ['个月', '個月'], day: ['天', '日'] },
  ja: { month: ['ヶ月', 'カ月', 'か月'] },
  ko: { month: ['달', '개월'] },
}
/** A pair has an ending of its own. */
const DUAL = /[ا-ي](?:ين|ان)$/u
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

type Known = {
  readonly pattern: RegExp
  readonly units: ReadonlyMap<string, Unit>
  readonly counts: ReadonlyMap<string, number>
}
let known: readonly Known[] | undefined

type Duration = { readonly start: number; readonly end: number; readonly days: readonly Days[] }

/** In order of languages; `lower` is in small letters, `today` a day by its number. */
export function durationsIn(lower: string, today: number): Duration[] {
  known ??= Object.keys(SINCE).map(madeKnown)
  for (const { pattern, units, counts } of known) {
    const found = [...lower.matchAll(pattern)].flatMap(({ index, 0: words, groups = {} }) => {
      const name = groups.unit ?? ''
      const unit = units.get([...units.keys()].find((stem) => name.startsWith(stem)) ?? '')
      const said = foldedPhrase(groups.count ?? '')
      const count = said === '' ? (DUAL.test(name) ? 2 : 1) : (counts.get(said) ?? numberOf(said))
      if (unit === undefined || count === undefined) return []
      const meant = AHEAD.test(words)
        ? { from: today, to: shifted(today, unit, count) + 1 }
        : { from: shifted(today, unit, -count), to: today + 1 }
      return [{ start: index, end: index + words.length, days: [meant] }]
    })
    if (found.length > 0) return found
  }
  return []
}

function madeKnown(language: string): Known {
  const units = new Map(
    UNITS.flatMap((unit) => namesOf(language, unit).map((name): [string, Unit] => [stemOf(name), unit])),
  )
  const rows = (NUMBER_WORDS[language] ?? '').split(' ')
  const counts = new Map([
    ...rows.flatMap((forms, at) => forms.split('/').map((form): [string, number] => [foldedPhrase(form), at + 1])),
    ...Object.entries(CASES[language] ?? {}),
  ])
  const { before, between = '', behind } = SINCE[language] ?? {}
  const isDense = UNSPACED.test([...units.keys()].join(''))
  const [space, letters, edge] = isDense ? [' ?', '', ''] : [' ', '[\\p{L}\\p{M}]{0,4}?', '(?![\\p{L}\\p{M}])']
  const one = `${isDense ? '(?<![\\d年년])' : ''}(?:(?<count>\\p{Nd}{1,3}|${longestFirst([...counts.keys()])})${space}(?:个|個)?${between}|${language === 'ar' ? '' : '(?!)'})`
  const unit = `(?<unit>(?:${longestFirst([...units.keys()])})${letters})`
  const sources = [
    ...(before ? [`${isDense ? '' : '(?<![\\p{L}\\p{M}])'}${before}${one}${unit}${edge}`] : []),
    ...(behind ? [`${one}${unit}${behind}${edge}`] : []),
  ]
  return { pattern: new RegExp(sources.join('|'), 'gu'), units, counts }
}

/** As the platform counts with it: "Wochen", "недели", 週間. */
function namesOf(language: string, unit: Unit): string[] {
  const format = new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'unit', unit, unitDisplay: 'long' })
  const names = COUNTS.map((count) => format.formatToParts(count).find(({ type }) => type === 'unit')?.value ?? '')
  const others = OTHER_NAMES[language]?.[unit] ?? []
  return [...new Set([...names.map((name) => foldedPhrase(name.trim()).replace(/^[个個]/u, '')), ...others])].filter(
    // A number and 月 are a month's name.
    (name) => name !== '' && !(language === 'zh' && name === '月'),
  )
}

/** Without the ending of its case. */
function stemOf(name: string): string {
  return UNSPACED.test(name) || name.length < 5 ? name : name.slice(0, -1)
}

function longestFirst(pieces: readonly string[]): string {
  return pieces
    .filter((piece) => piece !== '-')
    .toSorted((a, b) => b.length - a.length)
    .join('|')
}
