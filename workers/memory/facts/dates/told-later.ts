import { dayNamed } from './fact-dates.ts'
import { datesNamedIn, firstDay } from './named-dates.ts'

/**
 * Tells a past that is told later ("in 2010", "when I was twelve", "years ago") from news. It is kept with its date, but states nothing that holds
 * now, so it ends nothing.
 */

const LONG_AGO = [
  'used to|back when|back then|back in|in those days|at the time|years? ago|decades? ago|ages ago|long ago|as a (?:child|kid|boy|girl|teenager|student|baby)|when i was|when we were|growing up|before (?:that|this|then|all this)|formerly|previously|once (?:lived|worked|was|had)|in my (?:childhood|youth|teens|twenties|thirties)',
  'früher|damals|einst|als kind|als ich|vor (?:\\p{L}+|\\d+) jahren|davor|zuvor|ehemals|in meiner (?:kindheit|jugend)',
  "autrefois|jadis|à l'époque|quand j'étais|enfant, j|il y a (?:\\p{L}+|\\d+) ans|auparavant|avant ça|avant cela",
  'antes (?:de eso|vivía|trabajaba)|antiguamente|en aquella época|cuando era|de niñ[oa]|hace (?:\\p{L}+|\\d+) años|solía',
  'antigamente|naquela época|quando eu era|quando era|em criança|há (?:\\p{L}+|\\d+) anos|costumava',
  "una volta|un tempo|all'epoca|quando ero|da bambin[oa]|(?:\\p{L}+|\\d+) anni fa|prima di allora",
  'vroeger|destijds|toen ik|als kind|(?:\\p{L}+|\\d+) jaar geleden|daarvoor',
  'kiedyś|dawniej|wtedy|jako dziecko|gdy byłem|gdy byłam|(?:\\p{L}+|\\d+) lat temu|przedtem',
  'раньше|когда-то|тогда|в детстве|когда я был|(?:\\p{L}+|\\d+) лет назад|прежде',
  'eskiden|o zamanlar|çocukken|(?:\\p{L}+|\\d+) yıl önce|daha önce',
].join('|')
const LONG_AGO_ANYWHERE =
  '以前|从前|從前|过去|小时候|当年|年前|昔|かつて|子供の頃|年前に|예전에|옛날|어렸을 때|년 전|سابقا|في الماضي|عندما كنت|سنوات مضت|पहले|बचपन|साल पहले'
const PAST = new RegExp(`(?<![\\p{L}\\p{M}])(?:${LONG_AGO})(?![\\p{L}\\p{M}])|${LONG_AGO_ANYWHERE}`, 'iu')
/** What began then holds still. */
const STILL =
  /(?<![\p{L}\p{M}])(?:since|seit|depuis|desde|dal|sinds|od|с|sedan|still|immer noch|toujours|todavía|ainda|ancora|nog steeds|nadal)(?![\p{L}\p{M}])|['’](?:d[ae]n|t[ae]n) beri|から|从\d|부터|منذ|से/iu

/** Whether the sentence tells of a past that need not hold any more. `at` is the speaker's wall clock. */
export function isToldLater(sentence: string, at: Date): boolean {
  if (STILL.test(sentence)) return false
  if (PAST.test(sentence)) return true
  const day = dayNamed(sentence, at) ?? datesNamedIn(sentence).map(({ date }) => firstDay(date))[0]
  return day !== undefined && Number(day.slice(0, 4)) < at.getUTCFullYear() && day < monthsBefore(at)
}

/** What is told within these months is news. */
const NEWS_MONTHS = 3

function monthsBefore(at: Date): string {
  const before = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - NEWS_MONTHS, at.getUTCDate()))
  return before.toISOString().slice(0, 10)
}
