import { type Days, days } from './named-days.ts'

/** Owns the words of other languages than English that name a part of today or of the night before: "stamattina", 今朝, "vannacht", "anoche". */

const TODAY =
  'stamattina|stamani|stasera|ce matin|cet après-midi|ce soir|esta (?:mañana|tarde|noche|manhã|noite)|vanmorgen|vanochtend|vanmiddag|vanavond|i morse|i kväll|i morges|i aften|i kveld|bu (?:sabah|akşam|gece)|pagi ini|siang ini|malam ini|tadi pagi|sáng nay|chiều nay|tối nay|هذا الصباح|هذا المساء|صباح اليوم|مساء اليوم|הבוקר|הערב|сегодняшн\\p{L}{2,3} утр\\p{L}{1,2}'
const TODAY_DENSE = '今朝|今晩|今夜|今早|今晨|今晚'
const LAST_NIGHT =
  'anoche|stanotte|vannacht|gisteravond|i natt|i nat|i aftes|dün gece|tadi malam|tối qua|đêm qua|cette nuit'
const LAST_NIGHT_DENSE = '昨夜|昨晩|昨晚|어젯밤|간밤|ゆうべ'
const PATTERN = new RegExp(
  `(?<![\\p{L}\\p{M}])(?:(?<today>${TODAY})|(?<night>${LAST_NIGHT}))(?![\\p{L}\\p{M}])|(?<today>${TODAY_DENSE})|(?<night>${LAST_NIGHT_DENSE})`,
  'gu',
)

type Found = { readonly start: number; readonly end: number; readonly days: readonly Days[] }

/** In order; `lower` is in small letters, `today` a day by its number. A night belongs to the day before as well. */
export function partsOfDayIn(lower: string, today: number): Found[] {
  return [...lower.matchAll(PATTERN)].map(({ index, 0: words, groups = {} }) => ({
    start: index,
    end: index + words.length,
    days: groups.today === undefined ? days(today - 1, 2) : days(today, 1),
  }))
}
