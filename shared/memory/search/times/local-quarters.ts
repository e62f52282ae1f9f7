import { type Days, quarterOf } from './named-days.ts'

/** Owns quarters by their number in other languages than English: "im dritten Quartal 2025", "3e trimestre", 2025年第三季度, 3분기. */

const ORDINALS: readonly string[] = [
  'erst|premi|prim|eerst|först|først|pierwsz|перв|перш|birinci',
  'zweit|deuxi|second|segund|tweed|andr|anden|drug|втор|друг(?=ий)|ikinci',
  'dritt|troisi|terc|terz|derd|tredj|trzec|трет|üçüncü',
  'viert|quatri|cuart|quart|vierd|fjärd|fjerd|czwart|четв|dördüncü',
]
const ARABIC = ['الأول', 'الثاني', 'الثالث', 'الرابع']
const DENSE = ['一1', '二2', '三3', '四4']
const QUARTER = 'quartal|trimestre|kwarta[ał]l?|квартал|kvartal|çeyre[kğ]'
const YEAR = '(?<year>(?:19|20)\\d\\d)'
const PATTERNS = [
  `(?<![\\p{L}\\p{N}])(?:(?<nth>[1-4])(?:\\.|er?|º|°|-?й)|(?<word>${ORDINALS.join('|')})\\p{L}{0,4}) (?:${QUARTER})\\p{L}{0,3}(?: (?:de |del |des |von |van |av )?${YEAR})?(?![\\p{L}\\p{N}]| d[eia]+ (?:grossesse|embarazo|gravid))`,
  `(?<=الربع )(?<word>${ARABIC.join('|')})(?: (?:من |لعام |عام ){0,2}${YEAR})?`,
  `(?:${YEAR}\\s?[年년]の?\\s?)?第?(?<nth>[1-4一二三四])\\s?(?:季度|四半期|분기)`,
].map((source) => new RegExp(source, 'gu'))

type Found = { readonly start: number; readonly end: number; readonly days: readonly Days[] }

/** In order of patterns; `lower` is in small letters, `today` a day by its number. */
export function quartersIn(lower: string, today: number): Found[] {
  return PATTERNS.flatMap((pattern) =>
    [...lower.matchAll(pattern)].map(({ index, 0: words, groups = {} }) => ({
      start: index,
      end: index + words.length,
      days: quarterOf(numberOf(groups.nth, groups.word), groups.year, today),
    })),
  )
}

/** From 0. */
function numberOf(digit: string | undefined, word = ''): number {
  if (digit !== undefined) return DENSE.findIndex((forms) => forms.includes(digit))
  const spaced = ORDINALS.findIndex((stems) => stems.split('|').some((stem) => word.startsWith(stem)))
  return spaced >= 0 ? spaced : ARABIC.indexOf(word)
}
