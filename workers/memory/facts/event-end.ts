import { DEFAULT_TIME_ZONE, startOfDay } from '../../../shared/time-zone.ts'
import { datesNamedIn } from './dates/named-dates.ts'

/**
 * Owns when an event that is still to come is over by itself. Guarantees: what is past when it is told is history and never ends; neither does what
 * comes again, what is due, or what lasts for a time that no day bounds.
 */

/** An event as it was told. Days are `2026-03-01`. */
export type ToldEvent = {
  readonly kind: string
  readonly attribute: string | null
  /** With relative days written out. */
  readonly fact: string
  /** The day that it names. */
  readonly day: string | undefined
  /** The day on which it was told, where its speaker is. */
  readonly toldOn: string
  readonly timeZone: string | null
}

/** Comes again, or has no end of its own. */
const RECURS =
  /(?<![\p{L}\p{M}])(?:every|each|weekly|monthly|daily|yearly|annual\p{L}*|birthdays?|anniversar\p{L}+|jede[nrsm]?|wöchentlich|täglich|jährlich|geburtstag\p{L}*|jahrestag\p{L}*|chaque|tous les|toutes les|anniversaire|cada|todos los|todas las|cumpleaños|todos os|todas as|aniversário|ogni|tutti i|tutte le|compleanno|elke?|iedere?|verjaardag|każd\p{L}+|co tydzień|urodzin\p{L}*|кажд\p{L}+|день рождения|her (?:gün|hafta|ay|yıl)|doğum günü|كل|عيد ميلاد|हर|जन्मदिन)(?![\p{L}\p{M}])|每[天周月年个]|生日|毎[日週月年]|誕生日|매[일주달년]|생일/iu
/** Is to be done by that day: the day does not do it. */
const IS_DUE =
  /(?<![\p{L}\p{M}])(?:måste|skal|musím|musíme|треба|потрібно|мушу|trebuie|kell|täytyy|harus|phải|πρέπει|צריך|צריכה|باید|must|needs? to|ha(?:ve|s) to|due|deadline|by|until|till|expires?|muss|müssen|soll\p{L}*|frist|bis|spätestens|dois|doit|devons|avant|jusqu\p{L}*|debo|debe|tengo que|hay que|hasta|antes|devo|deve|preciso|até|entro|moet\p{L}*|vóór|uiterlijk|muszę|musi|do (?:poniedz|wtor|śro|czwart|piąt|sob|niedz|koń)\p{L}*|должен|должна|нужно|надо|до|срок|lazım|gerek|kadar|يجب|قبل|चाहिए|तक)(?![\p{L}\p{M}])|必须|必須|之前|以前|まで|なければ|까지|해야/iu
/** Whether a statement says that something is to be done. */
export function isDue(statement: string): boolean {
  return IS_DUE.test(statement)
}

/** Lasts for days, weeks or months; "in two weeks (2026-03-15)" is a day. */
const LASTS =
  /(?<![\p{L}\p{M}])(?:(?:\p{Nd}|two|three|four|five|six|several|a few)[- ]days?|\p{Nd} (?:tage|jours|días|dias|giorni|dagen|dni|дн\p{L}+)|weeks?|months?|years?|wochen?|monate?|jahre?|semaines?|mois|semanas?|mes(?:es)?|años?|anos?|settiman[ae]|mes[ei]|ann[oi]|we(?:ek|ken)|maand(?:en)?|ja(?:ar|ren)|tygod\p{L}+|miesi\p{L}+|недел\p{L}+|месяц\p{L}*)(?![\p{L}\p{M}])(?!['’]?s? time)(?! \(\d{4})|\p{Nd}(?:天|周|个月|日間|週間|か月|일간|주간|개월)/iu
/** A day, month or year as relative words are written out: "next month (2026-04)". */
const WRITTEN_OUT = /\((\d{4}(?:-\d\d){0,2})\)/g
/** Further ahead is no plan. */
const MAX_YEARS_AHEAD = 100

/** When the event is over: as its last day ends. Undefined for what does not end by itself. */
export function endOfEvent(told: ToldEvent): Date | undefined {
  const { kind, attribute, fact, day, toldOn, timeZone } = told
  const isEvent = kind === 'event' || (kind === 'fact' && attribute === 'date')
  if (!isEvent || day === undefined || day <= toldOn) return undefined
  if (Number(day.slice(0, 4)) > Number(toldOn.slice(0, 4)) + MAX_YEARS_AHEAD) return undefined
  if (RECURS.test(fact) || IS_DUE.test(fact) || LASTS.test(fact)) return undefined
  const written = [...fact.matchAll(WRITTEN_OUT)].map(([, date = '']) => date)
  const named = [...written, ...datesNamedIn(fact).map(({ date }) => date)].map(lastDayOf)
  const own = named.some((last) => last >= day) ? day : lastDayOf(coarsest(day))
  const last = [own, ...named].reduce((a, b) => (a > b ? a : b))
  return startOfDay(nextDay(last), timeZone ?? DEFAULT_TIME_ZONE)
}

/** A model gives the first day for a month or a year of which it knows no day. */
function coarsest(day: string): string {
  return day.endsWith('-01-01') ? day.slice(0, 4) : day.endsWith('-01') ? day.slice(0, 7) : day
}

/** `2026-03-31` of `2026-03`, `2026-12-31` of `2026`. */
function lastDayOf(date: string): string {
  const [year = 0, month, day] = date.split('-').map(Number)
  if (day !== undefined) return date
  return new Date(Date.UTC(year, month ?? 12, 0)).toISOString().slice(0, 10)
}

function nextDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}
