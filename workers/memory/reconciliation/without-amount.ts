import { NUMBER_WORDS } from '../../../shared/memory/times/time-words.ts'
import { wordPattern } from '../local-rules/words/word-pattern.ts'

/**
 * Owns what a habit is beside its amount: "I smoke" of "I smoke ten cigarettes a day". Who denies a habit denies any amount of it.
 * Guarantees: only what stands beside the words for "a day" is left out, and only a number of one thing, or a packet; "tennis every day" stays tennis.
 */

/** Words of frequency, by language. */
const SO_OFTEN = wordPattern(
  [
    'an? (?:day|week)|per (?:day|week)|daily|every (?:day|morning|evening|night)|each day|(?:am|pro) tag|pro woche|täglich|jeden (?:tag|morgen|abend)|par (?:jour|semaine)|tous les jours|chaque (?:jour|matin|soir)',
    'al día|por (?:día|dia|semana)|a la semana|todos los días|cada día|ao dia|todos os dias|todo dia|al giorno|a settimana|ogni giorno|tutti i giorni|per (?:dag|week)|elke dag|dagelijks|(?:co)?dziennie|każdego dnia|в день|в неделю|каждый день|ежедневно|на день|щодня|кожного дня',
    'günde|her gün|om dagen|varje dag|hver dag|dagligen|dagligt|daglig|denně|každý den|päivässä|joka päivä|naponta|minden nap|pe zi|zilnic|în fiecare zi|sehari|setiap hari|mỗi ngày|την (?:η)?μέρα|τη μέρα|κάθε μέρα|ביום|כל יום|كل يوم|في اليوم|يوميا|يوميًا|هر روز|در روز|रोज़?|हर दिन|हर रोज़',
  ].join('|'),
)
const PACKET = wordPattern(
  'pack|packet|schachtel|päckchen|packung|paquete?|cajetilla|maço|carteira|pacchetto|pakje|paczk[ęi]|пачку|paket|krabičku|pakke|pakken|askin|csomag|pachet|bungkus|πακέτο|חפיסה|קופסה|علبة|پاکت|पैकेट',
)
/** In scripts without spaces, wherever it stands. */
const DENSE_AMOUNT =
  /每天都?|每日|一天|毎日|一日に?|하루에? ?|매일 ?|[\d一二三四五六七八九十半两兩几幾]{1,4}[包盒根支本箱杯瓶罐個个](?:を|ほど)?|(?:한|두|세|네|반) ?(?:갑|개비|잔|병|캔)[을를씩]? ?/gu
/** To drink, said of nothing, is to drink alcohol. */
const DRINKS = wordPattern(
  "drinks?|trinke|bois|bebo|bevo|piję|пью|п'ю|dricker|drikker|piju|juon|iszom|beau|minum|uống|πίνω|שותה|أشرب",
)
const ENGLISH = 'a an half one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty'

let numbers: ReadonlySet<string> | undefined

/** Undefined where no amount is named. */
export function withoutAmount(said: string): string | undefined {
  if (DRINKS.test(said)) return undefined
  const match = SO_OFTEN.exec(said)
  if (!match) {
    const dense = said.replace(DENSE_AMOUNT, '')
    return dense === said ? undefined : dense
  }
  const ahead = said.slice(0, match.index).trimEnd().split(' ')
  const behind = said.slice(match.index + match[0].length)
  return `${ahead.slice(0, ahead.length - amountAt(ahead.slice(-2))).join(' ')}${withoutFirst(behind)}`
}

/** The number of the last words that are an amount. */
function amountAt(last: readonly string[]): number {
  if (last.length === 2 && isNumber(last[0] as string)) return 2
  const word = last.at(-1) ?? ''
  return isNumber(word) || PACKET.test(word) ? 1 : 0
}

function withoutFirst(behind: string): string {
  const [, number = '', rest = ''] = /^ (\S{1,20}) \S{1,30}(.*)$/u.exec(behind) ?? []
  return isNumber(number) ? rest : behind
}

function isNumber(word: string): boolean {
  numbers ??= new Set(`${ENGLISH} ${Object.values(NUMBER_WORDS).join(' ')}`.split(/[ /]/))
  return /^\p{Nd}/u.test(word) || (word !== '' && numbers.has(word.toLowerCase()))
}
