import { yearOf } from './civil-days.ts'
import { type Days, days, mondayOf, unitAround } from './named-days.ts'
import { seasonAround, seasonOf } from './part-rules.ts'

/**
 * Owns weekends, quarters and seasons in the words of other languages, with what stands beside them: the last one, the next one, or a year. Small tables
 * of stems, no grammar; what the platform knows by itself is read elsewhere.
 */

type Period = 'weekend' | 'quarter' | 'spring' | 'summer' | 'autumn' | 'winter'
const WORDS: Readonly<Record<Period, string>> = {
  weekend:
    'wochenende\\p{L}{0,2}|week-?end\\p{L}{0,4}|fin de semana|fi(?:m|nal) de semana|fine settimana|выходны\\p{L}{1,2}|вихідн\\p{L}{1,3}|hafta sonu\\p{L}{0,3}|helg\\p{L}{0,3}|víkend\\p{L}{0,2}|viikonlop\\p{L}{1,5}|hétvég\\p{L}{1,3}|cuối tuần|akhir pekan|σαββατοκύριακ\\p{L}{1,2}|周末|週末|주말|(?:عطلة )?نهاية الأسبوع|सप्ताहांत|סוף ה?שבוע|สุดสัปดาห์|آخر هفته',
  quarter:
    'quartals?|trimestres?|trimestre|kwartaa?l|kwarta[łl]\\p{L}{0,2}|квартал\\p{L}{0,2}|çeyre[kğ]\\p{L}{0,3}|kvartal\\p{L}{0,2}|čtvrtlet\\p{L}{1,3}|季度|四半期|분기|الربع|तिमाही',
  spring:
    'frühling\\p{L}{0,2}|frühjahr\\p{L}{0,2}|printemps|primaver[ae]|lente|voorjaar|wiosn\\p{L}{1,2}|весн\\p{L}{1,2}|ilkbahar\\p{L}{0,3}|春天|春季|春|봄|الربيع|वसंत',
  summer:
    'sommers?|été|verano|verão|estate|zomers?|lat(?:o|a|em)|лет(?:о|а|ом)|yaz(?:ın)?|夏天|夏季|夏|여름|الصيف|गर्मियों|गर्मी',
  autumn:
    'herbst\\p{L}{0,2}|automne|otoño|outono|autunno|herfst|jesie\\p{L}{1,3}|осен\\p{L}{1,2}|sonbahar\\p{L}{0,3}|秋天|秋季|秋|가을|الخريف|पतझड़',
  winter: 'winters?|hiver|invierno|inverno|zim\\p{L}{1,2}|зим\\p{L}{1,2}|kış(?:ın)?|冬天|冬季|冬|겨울|الشتاء|सर्दियों',
}
const LAST =
  'letzt\\p{L}{1,2}|vorig\\p{L}{0,2}|vergangen\\p{L}{0,2}|derni\\p{L}{2,3}|pass[ée]\\p{L}{0,1}|pasad[oa]|passad[oa]|últim[oa]|scors[oa]|passat[oa]|afgelopen|zeszł\\p{L}{1,3}|ostatni\\p{L}{0,2}|последн\\p{L}{2,3}|ubiegł\\p{L}{1,3}|прошл\\p{L}{2,3}|минул\\p{L}{1,3}|geçen|förra|sidste|sist|minul\\p{L}{1,2}|viime|múlt|trecut|lalu|trước|περασμέν\\p{L}{1,2}|上个?|上個|去年|先|昨年の?|지난|작년|الماضية?|पिछल[ेी]|שעבר|ที่แล้ว|گذشته'
const NEXT =
  'nächst\\p{L}{1,2}|kommend\\p{L}{1,2}|prochain\\p{L}{0,1}|próxim[oa]|prossim[oa]|volgend\\p{L}{0,1}|komend\\p{L}{0,1}|przyszł\\p{L}{1,3}|następn\\p{L}{1,3}|следующ\\p{L}{2,3}|наступн\\p{L}{1,3}|gelecek|önümüzdeki|nästa|næste|neste|příšt\\p{L}{1,2}|ensi|jövő|viitor|depan|tới|επόμεν\\p{L}{1,2}|下个?|下個|来|來|明年|다음|내년|القادمة?|अगल[ेी]|הבא|หน้า|آینده'
const BESIDE = `(?:(?<last%>${LAST})|(?<next%>${NEXT})|(?<year%>(?:19|20)\\d\\d)(?:년|年の?)?)`
const NO_LETTER = '(?![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}])'
const PATTERN = new RegExp(
  `(?:(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{N}])${BESIDE.replaceAll('%', '1')} ?)?(?<![\\p{Script=Latin}\\p{Script=Cyrillic}])(?:${Object.entries(
    WORDS,
  )
    .map(([period, words]) => `(?<${period}>${words})`)
    .join('|')})${NO_LETTER}(?: (?:de |del |von |des |di |van )?${BESIDE.replaceAll('%', '2')}${NO_LETTER})?`,
  'gu',
)

type Found = { readonly start: number; readonly end: number; readonly days: readonly Days[] }

/** In order; `lower` is in small letters, `today` a day by its number. A season or a quarter without a word beside it names no time. */
export function localPeriodsIn(lower: string, today: number): Found[] {
  return [...lower.matchAll(PATTERN)].flatMap(({ index, 0: words, groups = {} }) => {
    const period = (Object.keys(WORDS) as Period[]).find((one) => groups[one] !== undefined)
    const year = groups.year1 ?? groups.year2
    const step = (groups.last1 ?? groups.last2) ? -1 : (groups.next1 ?? groups.next2) ? 1 : undefined
    // An English one is read with what stands beside it there.
    if (period === undefined || (step === undefined && /^weekend/.test(words))) return []
    const found = daysOf(period, step, year === undefined ? undefined : Number(year), today)
    return found.length === 0 ? [] : [{ start: index, end: index + words.length, days: found }]
  })
}

function daysOf(period: Period, step: -1 | 1 | undefined, year: number | undefined, today: number): Days[] {
  const saturday = mondayOf(today) + 5
  if (period === 'weekend')
    return step === undefined ? [...days(saturday - 7, 2), ...days(saturday, 2)] : days(saturday + 7 * step, 2)
  if (period === 'quarter') return step === undefined ? [] : unitAround(today, 'quarter', step)
  if (year !== undefined && year <= yearOf(today) + 1) return seasonOf(period, year)
  return step === undefined ? [] : seasonAround(period, step, today)
}
