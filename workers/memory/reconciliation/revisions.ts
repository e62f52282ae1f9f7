import { termsOf } from '../../../shared/ai/local/terms.ts'
import { naturalLanguageOf } from '../facts/natural-language.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import { endsUse, switchIn } from '../local-rules/switches.ts'

/**
 * Tells, without a model, that a fact takes back an earlier one because it names what is no more: "from RabbitMQ to NATS", "17, not 16", "tea instead of
 * coffee", "change of plan", "statt Jonas". Guarantees: the earlier one names the old value and is about little else; a fact without such words takes back nothing.
 */

const VALUE = String.raw`(?<old>[\p{L}\p{N}€$£%#+.'’:-]*[\p{L}\p{N}%#+](?: (?!(?:to|and|but|because|since|from|as|for|in|on|at|with|by|yesterday|today|now|last|this)\b)[\p{L}\p{N}€$£%#+.'’:-]*[\p{L}\p{N}%#+]){0,2})`
const INSTEAD_OF =
  'statt|anstatt|anstelle von|au lieu de|à la place de|en lugar de|en vez de|em vez de|no lugar de|invece di|al posto di|in plaats van|zamiast|вместо|замість|i stället för|i stedet for|místo|în loc de|αντί για'
const REPLACES =
  'ersetzte?|remplace|a remplacé|reemplaza a|reemplazó a|sustituye a|sustituyó a|substitui|substituiu|sostituisce|ha sostituito|vervangt|verving|zastępuje|zastąpiła?|заменила?|сменила?|заменяет|ersätter|ersatte|erstatter|erstattet'
const ARTICLE = 'the|our|my|den|die|das|dem|der|le|la|les|el|los|las|o|a|il|lo|de|het'
const TAKES_BACK = [
  String.raw`\b(?:moved|switched|changed|migrated|went|upgraded|postponed|rescheduled|renamed|raised|lowered|shifted|pushed)\b.{0,60}? from (?:the |our |my )?${VALUE} to `,
  `(?:,| and|, and) not ${VALUE}(?: any ?more)?[.!]?$`,
  ` (?:instead of|rather than|in place of|${INSTEAD_OF}) (?:${ARTICLE} )?${VALUE}`,
  String.raw`\b(?:stopped using|no longer uses?|dropped|gave up|replaced|got rid of|replaces|succeeds|succeeded|(?:takes|took|taken) over from) (?:the |our |my )?${VALUE}`,
  `(?<!\\p{L})(?:${REPLACES}) (?:${ARTICLE} )?${VALUE}`,
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
/** "I meant Bruges, not Ghent": what was said before is named by its old value alone. */
const MEANT = new RegExp(
  `(?<!\\p{L})(?:${[
    "i meant|i mean|it['’]s not|correction|i misspoke|typo",
    'ich meinte|gemeint war|vertippt|je voulais dire|quise decir|quería decir|queria dizer|quis dizer|volevo dire|intendevo|ik bedoel(?:de)?',
    'miałem na myśli|miałam na myśli|chodziło mi o|я имела? в виду|я хотела? сказать|demek istedim|jag menade|jeg mente',
  ].join('|')})(?!\\p{L})|我的意思是|我是说|说错了|間違え|つまり|아니라`,
  'iu',
)
/** The value that was wrong, by what denies it. */
const NOT_MEANT =
  /(?<!\p{L})(?:not|nicht|pas|no|não|non|niet|nie|а не|не|inte|ikke)(?: (?:the|die|der|das|le|la|el|o|a|il|de|het))? (?<old>[\p{L}\p{N}][\p{L}\p{N}.'’-]{0,40}(?: \p{Lu}[\p{L}\p{N}.'’-]{0,40}){0,2})[.!]?(?:["”]|$|, )|不是(?<zh>[\p{Script=Han}]{1,6})|(?<ja>[\p{Script=Han}\p{Script=Katakana}ー]{1,10})(?:じゃなくて|ではなく)|(?<ko>\p{Script=Hangul}{1,8}?)(?:이|가)? 아니라|(?<tr>\p{Lu}\p{L}{1,20}) değil/u
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
  const change = switchIn(said)
  if (change && endsUse(change, before)) return true
  const wrong = wrongValueIn(said)
  if (wrong !== undefined && hasWords(before.toLowerCase(), wrong)) return true
  const old = oldValueIn(said)
  const named = old === undefined ? undefined : valueNamed(before, old, said)
  if (named !== undefined) {
    if (FOR_ONCE.test(said)) return false
    if (!STOPS.test(said)) return shareOf(before, said, named) >= MIN_SHARED
    // "My brother stopped using it" says nothing of who uses it as well.
    if (firstWordOf(said) !== firstWordOf(before)) return false
    return shareOf(before, said, named) >= MIN_SHARED || (named === old && endsAfter(said, old) && isAllOf(before, old))
  }
  if (old !== undefined) return false
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
  return (
    switchIn(said) !== undefined ||
    wrongValueIn(said) !== undefined ||
    oldValueIn(said) !== undefined ||
    GIVEN_AWAY.test(said) ||
    CORRECTS.test(said)
  )
}

function oldValueIn(said: string): string | undefined {
  for (const pattern of TAKES_BACK) {
    const old = pattern.exec(said)?.groups?.old
    if (old !== undefined) return old.toLowerCase()
  }
  return undefined
}

/** A name: a number, or a word without a capital, may stand in many a fact. */
function wrongValueIn(said: string): string | undefined {
  if (!MEANT.test(said)) return undefined
  const { old, ...others } = NOT_MEANT.exec(said)?.groups ?? {}
  if (old !== undefined && !/^\p{Lu}/u.test(old)) return undefined
  return [old, ...Object.values(others)]
    .find((value) => value !== undefined)
    ?.replace(/[.'’-]{1,3}$/, '')
    .toLowerCase()
}

/** True if the earlier fact says nothing but that there is the value: "We use Slack". */
function isAllOf(before: string, old: string): boolean {
  frameStems ??= stemsOf(FRAME)
  const without = new Set([...frameStems, ...stemsOf(old)])
  return stemsOf(before).every((term) => without.has(term))
}
const STOPS = /\b(?:stopped using|no longer uses?|got rid of)\b/
/** One thing instead of another, but not from now on. */
const FOR_ONCE =
  /\b(?:this|next) (?:week|month|time|year)\b.{0,80} (?:instead of|rather than) |\b(?:instead of|rather than) .{0,80} (?:on \p{L}{3,6}days?|at (?:the )?weekends?|(?:this|next) (?:week|month|time|year)|today|tonight|tomorrow)\b|^(?:today|tonight|tomorrow|sometimes)\b.{0,80} (?:instead of|rather than) /iu

function firstWordOf(said: string): string | undefined {
  return said.split(' ', 1)[0]?.toLowerCase()
}

/** "We stopped using Slack for calls" leaves what else it is used for. */
function endsAfter(said: string, old: string): boolean {
  const rest = said.slice(said.toLowerCase().lastIndexOf(old) + old.length)
  return !/^ (?:for|in|on|at|with|as|to)\b/.test(rest)
}

/** As much of an old value as the earlier fact has, in the same form or another: where it ends is not always told. */
function valueNamed(before: string, old: string, said: string): string | undefined {
  const words = old.split(' ')
  const starts = words.map((_, at) => words.slice(0, words.length - at).join(' '))
  return (
    starts.find((one) => namesValue(before, one, said)) ??
    (declinesNames(said) ? formOf(words[0] as string, before) : undefined)
  )
}

/** Elsewhere a name that is nearly the same is another's: "Julie" and "Julia". */
function declinesNames(said: string): boolean {
  return ['ru', 'uk', 'pl', 'cs', 'hu', 'fi', 'el', 'tr'].includes(naturalLanguageOf(said) ?? '')
}

/** "Вместо Инны": a name that is declined. */
function formOf(name: string, before: string): string | undefined {
  const stem = name.slice(0, -1)
  if (stem.length < MIN_STEM) return undefined
  const isForm = (word: string) => /^\p{Lu}/u.test(word) && Math.abs(word.length - name.length) <= 1
  const forms = before
    .match(/\p{L}{2,40}/gu)
    ?.filter(isForm)
    .map((word) => word.toLowerCase())
  return forms?.find((word) => word.startsWith(stem) && ENDING.test(word.slice(stem.length)))
}
/** Of a case: "Марина" is no form of "Мария". */
const ENDING = /^(?:[аеиоуыэюяйьіїaeiouyąęáéíóúůýıöüαεηιουό]\p{L}?)?$/u
const MIN_STEM = 3

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
  return termsOf(text.toLowerCase()).filter((term) => !term.startsWith('~'))
}
