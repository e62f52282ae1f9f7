import { civilDay, weekdayOf, yearOf } from './civil-days.ts'
import { anyYear, type Days, days } from './named-days.ts'

/**
 * Owns the feasts that a query names, in the words of many languages: those of a fixed day, those around Easter, and those of the calendars that the
 * platform knows (Chinese, Hebrew, Islamic). One that is named with its year is of that year; else the last one, the next one where the query says so.
 */

/** When one is in a year; nothing where it falls on none. */
type InYear = (year: number) => readonly Days[]

/**
 * The longer names first: Christmas Eve is no Christmas. What is a name or means something else as well counts beside a year or behind one of the words
 * that come third.
 */
const FEASTS: readonly (readonly [words: string, inYear: InYear, before?: string])[] = [
  [
    'christmas eve|heiligabend\\p{L}?|heilig\\p{L}{1,2} abend|nochebuena|réveillon de noël|véspera de natal|vigilia di natale|kerstavond|wigili\\p{L}{1,2}|сочельник\\p{L}?|julafton|jule?aften|štědr\\p{L}{1,3} (?:den|večer)|平安夜|クリスマスイブ|크리스마스 ?이브',
    fixed(11, 24),
  ],
  ['christmas day|jour de noël|día de navidad|dia de natal|eerste kerstdag|juldagen', fixed(11, 25)],
  ['рождеств\\p{L}{1,3}', fixed(0, 6, 2)],
  [
    'christmas|xmas|weihnacht\\p{L}{0,8}|navidad(?:es)?|kerst(?:mis|dagen)?|boż\\p{L}{1,3} narodzeni\\p{L}{1,2}|різдв\\p{L}{1,2}|noelden?|vánoc\\p{L}{1,3}|joulu\\p{L}{0,3}|karácsony\\p{L}{0,4}|crăciun\\p{L}{0,4}|χριστούγεννα|חג המולד|क्रिसमस|giáng sinh|圣诞节?|聖誕節?|クリスマス|크리스마스|성탄절|คริสต์มาส',
    fixed(11, 24, 3),
  ],
  ['no[eë]l', fixed(11, 24, 3), 'à|de|pour|avant|après|depuis|dès|ce'],
  ['natal', fixed(11, 24, 3), 'no|do|de|neste|ao|pelo'],
  ['natale', fixed(11, 24, 3), 'a|di|per|il|al|del|dal|questo'],
  ['julen', fixed(11, 24, 3), 'i|om|på|till?|under|efter|etter|före|før|inför|sedan|siden'],
  [
    "new year['’]?s eve|silvester\\p{L}{3,6}|nochevieja|fin de año|saint-sylvestre|réveillon|véspera de ano novo|passagem de ano|san silvestro|oudejaars(?:avond|dag)|nyårsafton|n(?:y|yt)tårsaften|szilveszterkor|revelion\\p{L}{0,2}|yılbaşı\\p{L}{0,3}|大晦日",
    fixed(11, 31),
  ],
  [
    'silvester|sylwestra|silvestra?|szilveszter',
    fixed(11, 31),
    'an|zu|seit|vor|nach|bis|ab|w|na|do|po|przed|od|o|před',
  ],
  [
    "new year['’]?s day|neujahr\\p{L}{0,3}|año nuevo|jour de l['’]an|nouvel an|ano novo|capodanno|nieuwjaar\\p{L}{0,3}|nyårsdagen|元旦|元日|신정",
    fixed(0, 1),
  ],
  ["new year['’]?s|nowy\\p{L}{0,2} rok\\p{L}{0,2}|нов\\p{L}{2,3} год\\p{L}{0,2}|oud en nieuw|正月|お正月", inNewYear],
  ["halloween|all hallows['’] eve|ハロウィン|万圣节|핼러윈|할로윈", fixed(9, 31)],
  [
    "valentine['’]?s day|valentinstag|saint-valentin|san valent[ií]no?|valentijnsdag|walentynk\\p{L}{1,3}|バレンタイン|情人节|발렌타인\\p{L}{0,3}",
    fixed(1, 14),
  ],
  ['dreikönig\\p{L}{0,4}|reyes magos|befana|driekoningen|trzech króli', fixed(0, 6)],
  ['reyes', fixed(0, 6), 'en|por|día de|noche de|hasta|desde'],
  [
    'epiphany|épiphanie|epifanía|epifania',
    fixed(0, 6),
    'on|at|until|since|before|after|(?:à|de|pour|avant|après) l|all|dell|na|da',
  ],
  ['thanksgiving(?: day)?|erntedank in amerika|感謝祭', (year) => days(nthWeekday(year, 10, 4, 4), 1)],
  [
    '(?<!(?<!\\p{L})(?:an?|very) )good friday|karfreitag\\p{L}?|vendredi saint|viernes santo|sexta-feira santa|venerdì santo|goede vrijdag|wielk\\p{L}{1,2} piąt\\p{L}{1,3}|långfredag\\p{L}{0,2}|langfredag',
    easter(-2),
  ],
  ['easter sunday|ostersonntag\\p{L}?|dimanche de pâques|domingo de (?:pascua|páscoa|resurrección)', easter(0)],
  [
    "easter monday|ostermontag\\p{L}?|lundi de pâques|lunes de pascua|pasquetta|lunedì dell[’']angelo|tweede paasdag|annandag påsk",
    easter(1),
  ],
  [
    'holy week|semana santa|karwoche|semaine sainte|settimana santa|(?<=(?<!\\p{L})de )goede week|wielk\\p{L}{1,2} tydzień',
    easter(-7, 8),
  ],
  ['пасх\\p{L}{1,2}|великд\\p{L}{1,3}|великден\\p{L}{0,2}|πάσχα|paști\\p{L}{0,2}|paște\\p{L}{0,3}', orthodoxEaster],
  [
    'easter(?! (?:egg|island)s?(?!\\p{L}))|ostern|osterferien|pâques|(?<!isla de )pascuas?|páscoa|pasqua|(?<=(?<!\\p{L})(?:met|rond|sinds|tot|voor) )pasen|wielkanoc\\p{L}{0,2}|påsk(?:en|e|a)?|velikonoc\\p{L}{0,3}|pääsiäi\\p{L}{2,4}|húsvét\\p{L}{0,4}|paskalya\\p{L}{0,3}|复活节|復活節|イースター|부활절|عيد الفصح|ईस्टर',
    easter(-2, 4),
  ],
  ['ascension day|(?:christi )?himmelfahrt|hemelvaart\\p{L}{0,3}', easter(39)],
  [
    'ascension|ascensión|ascensão',
    easter(39),
    'on|at|until|since|before|after|(?:pont|jeudi|week-end|fête) de l|día de la|dia da',
  ],
  [
    'pentecost|whitsun|whit sunday|pfingsten|pfingstferien|pentecôte|pentecostés|pentecostes|pentecoste|pinksteren|zielon\\p{L}{1,3} świąt\\p{L}{1,4}|троиц\\p{L}{1,2}|pingst(?:en)?|pinse',
    easter(48, 3),
  ],
  ['carnival|karneval\\p{L}?|fasching|carnaval|carnevale|mardi gras|karnawał\\p{L}?', easter(-52, 6)],
  [
    'chinese new year|lunar new year|spring festival|春节|春節|过年|過年|旧正月|설날|tết',
    inCalendar('chinese', 1, 1, 3),
  ],
  ['mid-autumn(?: festival)?|中秋节?|中秋節|추석|trung thu', inCalendar('chinese', 8, 15)],
  [
    'eid al-fitr|ramazan bayramı\\p{L}{0,3}|şeker bayramı\\p{L}{0,3}|عيد الفطر|ईद|lebaran',
    inCalendar('islamic-umalqura', 10, 1, 3),
  ],
  ['eid al-adha|kurban bayramı\\p{L}{0,3}|عيد الأضحى|बकरीद|opferfest', inCalendar('islamic-umalqura', 12, 10, 4)],
  ['ramadh?an|ramazan|رمضان|рамадан\\p{L}?|रमज़ान|斋月|ラマダン|라마단', inCalendar('islamic-umalqura', 9, 1, 30)],
  ['rosh hashanah|ראש השנה', inCalendar('hebrew', 'Tishri', 1, 2)],
  ['yom kippur|jom kippur|יום כיפור', inCalendar('hebrew', 'Tishri', 10)],
  ['c?hanukk?ah?|chanukka|חנוכה', inCalendar('hebrew', 'Kislev', 25, 8)],
  ['passover|pessach|pesach|pésaj|פסח', inCalendar('hebrew', 'Nisan', 15, 7)],
]

const LAST =
  'last|this past|letzt\\p{L}{1,2}|vorig\\p{L}{0,2}|vergangen\\p{L}{0,2}|derni\\p{L}{2,3}|pasad[oa]s?|passad[oa]|scors[oa]|afgelopen|zeszł\\p{L}{1,3}|прошл\\p{L}{2,3}|geçen|förra|去年|昨年の?|작년|지난'
const NEXT =
  'next|coming|this coming|nächst\\p{L}{1,2}|kommend\\p{L}{1,2}|prochain\\p{L}{0,1}|próxim[oa]s?|prossim[oa]|volgend\\p{L}{0,1}|komend\\p{L}{0,1}|przyszł\\p{L}{1,3}|następn\\p{L}{1,3}|следующ\\p{L}{2,3}|gelecek|nästa|明年|来年の?|내년|다음'
const YEAR = '(?:19|20)\\d\\d'
const NO_LETTER = '(?![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Arabic}\\p{M}])'
/** Words that name a feast. Nearly every query has none, and meets no larger pattern. */
const NAMES = new RegExp(FEASTS.map(([words]) => words).join('|'), 'u')

type Pattern = { readonly inYear: InYear; readonly before: RegExp | undefined; readonly pattern: RegExp }
let patterns: readonly Pattern[] | undefined

/** Made for the first query that names a feast: that takes a tenth of a second. */
function madePatterns(): readonly Pattern[] {
  patterns ??= FEASTS.map(([words, inYear, before]) => ({
    inYear,
    before: before === undefined ? undefined : new RegExp(`(?<!\\p{L})(?:${before})[ ']$`, 'u'),
    pattern: new RegExp(
      `(?:(?<![\\p{L}\\p{N}])(?:(?<last>${LAST})|(?<next>${NEXT})|(?<year>${YEAR})年?の?) ?)?(?<![\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Arabic}\\p{M}])(?:${words})${NO_LETTER}(?:,? ?(?:of |de |del |von |des |di |van )?(?:(?<lastBehind>${LAST})|(?<nextBehind>${NEXT})|(?<yearBehind>${YEAR}))(?![\\p{L}\\p{N}]))?`,
      'gu',
    ),
  }))
  return patterns
}

/** The longest of the words before a feast, with the spaces around it. */
const MAX_BEFORE_CHARS = 20

type Found = { readonly start: number; readonly end: number; readonly days: readonly Days[] }

/** The feasts of a query in small letters, the longer names first; some may lie in others. `today` is a day by its number. */
export function feastsIn(lower: string, today: number): Found[] {
  if (!NAMES.test(lower)) return []
  return madePatterns().flatMap(({ pattern, inYear, before }) =>
    [...lower.matchAll(pattern)].flatMap(({ index, 0: words, groups = {} }): Found[] => {
      const year = groups.year ?? groups.yearBehind
      const isLast = (groups.last ?? groups.lastBehind) !== undefined
      const isNext = (groups.next ?? groups.nextBehind) !== undefined
      const isMeant = year !== undefined || isLast || isNext || !before
      if (!isMeant && !before.test(lower.slice(Math.max(0, index - MAX_BEFORE_CHARS), index))) return []
      const found = year === undefined ? around(inYear, { isLast, isNext }, today) : inYear(Number(year))
      return found.length === 0 ? [] : [{ start: index, end: index + words.length, days: found }]
    }),
  )
}

function around(
  inYear: InYear,
  { isLast, isNext }: { readonly isLast: boolean; readonly isNext: boolean },
  today: number,
): readonly Days[] {
  if (isLast) return anyYear(today, (year) => inYear(year).filter(({ from }) => from <= today))
  if (!isNext) return anyYear(today, inYear)
  return [0, 1]
    .flatMap((step) => inYear(yearOf(today) + step))
    .filter(({ from }) => from > today)
    .slice(0, 1)
}

function fixed(month: number, day: number, count = 1): InYear {
  return (year) => days(civilDay(year, month, day), count)
}

/** From the eve on. */
function inNewYear(year: number): readonly Days[] {
  return days(civilDay(year, 0, 0), 2)
}

/** `from` is counted from Easter Sunday of the western churches. */
function easter(from: number, count = 1): InYear {
  return (year) => days(easterOf(year) + from, count)
}

/** By Meeus, Jones and Butcher. */
function easterOf(year: number): number {
  const [golden, century] = [year % 19, Math.floor(year / 100)]
  const leap = century - Math.floor(century / 4) - Math.floor((8 * century + 13) / 25)
  const epact = (((19 * golden + leap + 15) % 30) + 30) % 30
  const moon = epact - (epact === 29 || (epact === 28 && golden > 10) ? 1 : 0)
  const fullMoon = civilDay(year, 2, 21 + moon)
  return fullMoon + 7 - weekdayOf(fullMoon)
}

/** Good Friday to Easter Monday of the eastern churches, by the Julian calendar. */
function orthodoxEaster(year: number): readonly Days[] {
  const moon = (19 * (year % 19) + 15) % 30
  const weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
  return days(civilDay(year, 2, 22 + moon + weekday + JULIAN_DAYS) - 2, 4)
}
/** The lag of the Julian calendar in this century and the last. */
const JULIAN_DAYS = 13

function nthWeekday(year: number, month: number, weekday: number, nth: number): number {
  const first = civilDay(year, month, 1)
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1)
}

/** By a calendar of the platform; a month by its number there, or by its English name where leap years move the numbers. */
function inCalendar(calendar: string, month: number | string, day: number, count = 1): InYear {
  const known = new Map<number, readonly Days[]>()
  return (year) => {
    const found = known.get(year) ?? daysInCalendar(calendar, String(month), day, count, year)
    known.set(year, found)
    return found
  }
}

const DAY_MS = 86_400_000

function daysInCalendar(calendar: string, month: string, day: number, count: number, year: number): readonly Days[] {
  const format = new Intl.DateTimeFormat(`en-u-ca-${calendar}`, {
    month: /\d/.test(month) ? 'numeric' : 'long',
    day: 'numeric',
    timeZone: 'UTC',
  })
  const found: Days[] = []
  const end = civilDay(year + 1, 0, 1)
  for (let at = civilDay(year, 0, 1); at < end; ) {
    const parts = Object.fromEntries(format.formatToParts(at * DAY_MS).map(({ type, value }) => [type, value]))
    const ahead = day - Number(parts.day)
    if (ahead === 0 && parts.month === month) found.push(...days(at, count))
    // To that day of a month: this one, or the next, which begins after 29 days or 30.
    at += ahead > 0 ? ahead : Math.max(1, SHORTEST_MONTH_DAYS + ahead)
  }
  return found
}

const SHORTEST_MONTH_DAYS = 29
