/** The words for days beside today, by language, and those that mean a day or a time around one without saying which. */

type DaysByWord = Readonly<Record<string, number>>

/** In languages other than English; a word that means something else in another of them counts in its own only (`hier`). */
export const DAYS_BY_LANGUAGE: Readonly<Record<string, DaysByWord>> = {
  de: { heute: 0, gestern: -1, vorgestern: -2, übermorgen: 2 },
  fr: { "aujourd'hui": 0, hier: -1, 'avant-hier': -2, demain: 1, 'après-demain': 2 },
  es: { hoy: 0, ayer: -1, anteayer: -2, 'pasado mañana': 2 },
  it: { oggi: 0, ieri: -1, "l'altro ieri": -2, domani: 1, dopodomani: 2 },
  pt: { hoje: 0, ontem: -1, anteontem: -2, amanhã: 1, 'depois de amanhã': 2 },
  nl: { vandaag: 0, gisteren: -1, eergisteren: -2, overmorgen: 2 },
  pl: { dziś: 0, dzisiaj: 0, wczoraj: -1, przedwczoraj: -2, jutro: 1, pojutrze: 2 },
  ru: { сегодня: 0, вчера: -1, позавчера: -2, завтра: 1, послезавтра: 2 },
  uk: { сьогодні: 0, вчора: -1, позавчора: -2, післязавтра: 2 },
  tr: { bugün: 0, dün: -1, yarın: 1 },
  sv: { idag: 0, igår: -1, 'i går': -1, imorgon: 1, 'i morgon': 1, övermorgon: 2 },
  cs: { dnes: 0, včera: -1, předevčírem: -2, zítra: 1, pozítří: 2 },
  zh: { 今天: 0, 昨天: -1, 前天: -2, 大前天: -3, 明天: 1, 后天: 2, 後天: 2, 大后天: 3, 大後天: 3 },
  ja: {
    今日: 0,
    きょう: 0,
    昨日: -1,
    きのう: -1,
    一昨日: -2,
    おととい: -2,
    明日: 1,
    あした: 1,
    明後日: 2,
    あさって: 2,
  },
  ko: { 오늘: 0, 어제: -1, 그저께: -2, 내일: 1, 모레: 2 },
  ar: { اليوم: 0, أمس: -1, 'أول أمس': -2, غدا: 1, غدًا: 1, 'بعد غد': 2 },
  vi: { 'hôm nay': 0, 'hôm qua': -1, 'ngày mai': 1 },
  id: { kemarin: -1, besok: 1, lusa: 2 },
}
export const SHARED_WORDS: readonly string[] = ['hier']

/** "Morgen" is a morning too, "mañana" as well; कल is the day before or after. */
const VAGUE_WORDS = [
  'morgen|letzte[nrs]? (?:woche|monat|jahr|\\p{L}+tag|mittwoch)|nächste[nrs]? (?:woche|monat|jahr|\\p{L}+tag|mittwoch)|vor \\p{L}+ (?:tagen|wochen|monaten|jahren)|in \\p{L}+ (?:tagen|wochen|monaten)',
  '(?:semaine|mois|année|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) (?:derni|proch)\\p{L}+|il y a \\p{L}+ (?:jours?|semaines?|mois|ans?)|dans \\p{L}+ (?:jours?|semaines?|mois)',
  'mañana|(?:semana|mes|año|lunes|martes|miércoles|jueves|viernes|sábado|domingo) (?:pasad|próxim|que viene)\\p{L}*|próxim[oa] \\p{L}+|hace \\p{L}+ (?:días?|semanas?|meses|años?)|dentro de \\p{L}+ (?:días?|semanas?|meses)',
  '(?:settimana|mese|anno|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica) (?:scors|prossim)\\p{L}+|\\p{L}+ (?:giorni|settimane|mesi|anni) fa|(?:tra|fra) \\p{L}+ (?:giorni|settimane|mesi)',
  '(?:semana|mês|ano|segunda|terça|quarta|quinta|sexta|sábado|domingo)(?:-feira)? (?:passad|que vem|próxim)\\p{L}*|há \\p{L}+ (?:dias?|semanas?|meses|anos?)|daqui a \\p{L}+ (?:dias?|semanas?|meses)',
  '(?:vorige|volgende|afgelopen|komende) \\p{L}+|\\p{L}+ (?:dagen|weken|maanden|jaar) geleden|over \\p{L}+ (?:dagen|weken|maanden)',
  '(?:zeszł|przyszł|ostatni|następn)\\p{L}+ \\p{L}+|\\p{L}+ (?:dni|tygodni\\p{L}*|miesiąc\\p{L}*|lat\\p{L}*) temu|za \\p{L}+ (?:dni|tygodni\\p{L}*|miesi\\p{L}+)',
  '(?:прошл|следующ)\\p{L}+ \\p{L}+|\\p{L}+ назад|через \\p{L}+ (?:дн|нед|мес)\\p{L}+|geçen \\p{L}+|gelecek \\p{L}+|önümüzdeki \\p{L}+',
].join('|')
const VAGUE_ANYWHERE =
  '上周|上週|下周|下週|上个月|下个月|去年|明年|先週|来週|先月|来月|昨年|来年|지난주|다음 주|지난달|다음 달|작년|내년|कल|परसों|आज'

const LETTER = String.raw`[\p{L}\p{M}]`
const spaced = (pieces: string) => `(?<!${LETTER})(?:${pieces})(?!${LETTER})`
const longestFirst = (words: readonly string[]) =>
  words
    .toSorted((a, b) => b.length - a.length)
    .join('|')
    .replaceAll("'", "['’]")

const ALL_WORDS = Object.values(DAYS_BY_LANGUAGE).flatMap((words) => Object.keys(words))
const isSpaced = (word: string) => /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}]/u.test(word)

/** A word for a day in any of these languages. */
export const DAY_WORD = new RegExp(
  `${spaced(longestFirst(ALL_WORDS.filter(isSpaced)))}|(?:${longestFirst(ALL_WORDS.filter((word) => !isSpaced(word)))})`,
  'giu',
)
/** What means another day when it is said on another day, and is not resolved. */
export const VAGUE_DAY = new RegExp(`${spaced(VAGUE_WORDS)}|${VAGUE_ANYWHERE}`, 'iu')
