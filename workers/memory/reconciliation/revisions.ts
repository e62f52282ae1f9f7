import { termsOf } from '../../../shared/ai/local/terms.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'

/**
 * Tells, without a model, that a fact takes back an earlier one because it names what is no more: "from RabbitMQ to NATS", "17, not 16", "tea instead of
 * coffee", "change of plan". English. Guarantees: the earlier one names the old value and is about little else; a fact without such words takes back nothing.
 */

const VALUE = String.raw`(?<old>[\p{L}\p{N}€$£%#+.'’:-]*[\p{L}\p{N}%#+](?: (?!(?:to|and|but|because|since|from|as|for|in|on|at|with|by|yesterday|today|now|last|this)\b)[\p{L}\p{N}€$£%#+.'’:-]*[\p{L}\p{N}%#+]){0,2})`
const TAKES_BACK = [
  String.raw`\b(?:moved|switched|changed|migrated|went|upgraded|postponed|rescheduled|renamed|raised|lowered|shifted|pushed)\b.{0,60}? from (?:the |our |my )?${VALUE} to `,
  `(?:,| and|, and) not ${VALUE}(?: any ?more)?[.!]?$`,
  ` (?:instead of|rather than) (?:the |our |my )?${VALUE}`,
  String.raw`\b(?:stopped using|no longer uses?|dropped|gave up|replaced|got rid of) (?:the |our |my )?${VALUE}`,
].map((source) => new RegExp(source, 'u'))
/** What somebody has given away they had. */
const GIVEN_AWAY = new RegExp(
  String.raw`\b(?:sold|gave away|returned|threw away|got rid of|scrapped|cancelled|canceled) (?:the|my|our) ${VALUE}`,
  'u',
)
const HAS =
  /^(?:(?:my|our) .{1,40} is |\p{L}+ (?:has|owns|drives|rides|uses|bought|got) |(?:i|we) (?:have|own|drive|ride|use|bought|got) )/iu
/** Said of a plan or a fact that was wrong; what it was is in the earlier one. */
const CORRECTS =
  /^(?:\p{L}+ said(?: on [\d-]{10})?: ")?(?:(?:small |quick |slight )?(?:change of plans?|correction|update)|scratch that|i was wrong|i misspoke|i got that wrong|sorry, i meant)\b/iu
const DENIES = /\b(?:not|never|no longer|instead of|rather than|used to)\b|n['’]t\b/i
const DAY =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:january|february|march|april|may|june|july|august|september|october|november|december) \d{1,2}(?:st|nd|rd|th)?|\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:january|february|march|april|may|june|july|august|september|october|november|december)|\d{4}-\d\d-\d\d|\d{1,2}:\d\d|\d{1,2} ?[ap]m)\b/gi
/** Words that say how it is said, or that it changed. */
const FRAME =
  'said say tell now currently still change plan correction update wrong sorry meant move switch migrate use run agree decide until end start be have get yesterday today'
let frameStems: readonly string[] | undefined
/** The share of the earlier fact's own words that the later one must have. */
const MIN_SHARED = 0.5

/** Whether `fact`, which was said later, takes back `earlier`. */
export function takesBack(fact: string, earlier: string): boolean {
  const [said, before] = [saidIn(fact), saidIn(earlier)]
  if (said === before || DENIES.test(before)) return false
  const old = oldValueIn(said)
  if (old !== undefined) return namesValue(before, old, said) && shareOf(before, said, old) >= MIN_SHARED
  const gone = GIVEN_AWAY.exec(said)?.groups?.old?.toLowerCase()
  if (gone !== undefined) return HAS.test(before) && hasWords(before.toLowerCase(), gone)
  if (!CORRECTS.test(said)) return false
  const [days, daysBefore] = [daysIn(said), daysIn(before)]
  const isOtherDay = days.length === 1 && daysBefore.length === 1 && plainDay(days[0]) !== plainDay(daysBefore[0])
  return isOtherDay && shareOf(before, said, daysBefore[0] as string) >= MIN_SHARED
}

/** Whether a fact may take back any. */
export function mayTakeBack(fact: string): boolean {
  const said = saidIn(fact)
  return oldValueIn(said) !== undefined || GIVEN_AWAY.test(said) || CORRECTS.test(said)
}

function oldValueIn(said: string): string | undefined {
  for (const pattern of TAKES_BACK) {
    const old = pattern.exec(said)?.groups?.old
    if (old !== undefined) return old.toLowerCase()
  }
  return undefined
}

/** A number says nothing without what it numbers: "Postgres 17, not 16". */
function namesValue(before: string, old: string, said: string): boolean {
  const lower = before.toLowerCase()
  if (/\p{L}/u.test(old)) return hasWords(lower, old)
  const numbered = /(?<noun>[\p{L}.+#-]{2,40}) [\p{N}.,]{1,12},? (?:and )?not /u.exec(said.toLowerCase())?.groups?.noun
  return hasWords(lower, numbered === undefined ? old : `${numbered} ${old}`)
}

function hasWords(text: string, words: string): boolean {
  const at = text.indexOf(words)
  if (at < 0) return false
  return !/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ') && !/[\p{L}\p{N}]/u.test(text[at + words.length] ?? ' ')
}

function daysIn(said: string): string[] {
  return [...new Set(said.toLowerCase().match(DAY) ?? [])]
}

function plainDay(day = ''): string {
  return day.replace(/(?<=\d)(?:st|nd|rd|th)/, '')
}

function shareOf(before: string, said: string, old: string): number {
  frameStems ??= stemsOf(FRAME)
  const without = new Set([...frameStems, ...stemsOf(old)])
  const own = [...new Set(stemsOf(before))].filter((term) => !without.has(term))
  const later = new Set(stemsOf(said))
  return own.length === 0 ? 0 : own.filter((term) => later.has(term)).length / own.length
}

/** Without the looser forms that short texts are found by. */
function stemsOf(text: string): string[] {
  return termsOf(text).filter((term) => !term.startsWith('~'))
}
