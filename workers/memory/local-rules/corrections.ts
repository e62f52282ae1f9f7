import { wordsOf } from '../../../shared/ai/local/words.ts'
import { NUMBER_WORDS, TIME_LANGUAGES } from '../../../shared/memory/times/time-words.ts'
import { statesSecret } from '../../../shared/redact/states-secret.ts'
import { isWeekday } from '../facts/done-tasks.ts'
import type { ExtractedFact } from '../facts/facts.ts'
import { CORRECTS, MAY_CORRECT, MEANT } from './words/change-words.ts'
import { isPlace, nameKind, nearnessOf } from './words/name-kinds.ts'

/**
 * Puts bare corrections into what they correct: "I have two kids. Sorry, three." Guarantees: only the sentence right before it is corrected.
 * A value is replaced if it is denied by name, or is the only one of its kind there; else nothing changes.
 */

/** A correction that names the right value and no property. */
export type Correction = {
  readonly value: string
  /** Undefined: whatever was of the same kind. */
  readonly old: string | undefined
  /** Whether it says what was meant; a name behind a mere "sorry" may be whom one speaks to. */
  readonly isMeant: boolean
  /** True if nothing follows the value. */
  readonly isWhole?: boolean
  /** What is counted: "two cats". */
  readonly noun?: string | undefined
  /** What is numbered: "port 8081". */
  readonly label?: string | undefined
}

/** Longer ones are statements of their own. */
export const MAX_CORRECTION_CHARS = 100
const PHRASE_WORD = String.raw`(?:[^\s,;.!?()،、，。；！？]|[.,:](?=[\p{L}\p{N}])){1,30}`
const PHRASE = `${PHRASE_WORD}(?: ${PHRASE_WORD}){0,3}`
const END = `(?=[.,;!?()–—।。]|$)`
/** What says more is a statement of its own: "Emacs, not vim, is what he uses". */
const LAST = `[.!।。]{0,3}$`
const DENIED =
  '(?:and |but |а )?(?:not|nicht|pas|no|não|non|niet|nie|не|inte|ikke|ne|nem|nu|وليس|ليس)(?: (?:the|le|la|el|il|der|die|das|de|het))?'
const BUT = '(?:but|sondern|mais|sino|mas|ma|maar|ale|а|utan|men)'
/** Forms that name the wrong value. */
const NAMED = [
  `^(?<value>${PHRASE}),? ${DENIED} (?<old>${PHRASE})${LAST}`,
  `^${DENIED} (?<old>${PHRASE})(?:[,;:]| –| —|,? ${BUT}) (?<value>${PHRASE})${LAST}`,
  `^(?<value>${PHRASE}),? (?<old>${PHRASE}) (?:değil|नहीं)${LAST}`,
  '^(?:是|应该是|應該是)?(?<value>[^，,。不\\s]{1,16})[，,]? ?(?:而)?不是(?<old>[^，,。\\s]{1,16})[。.]?$',
  '^(?<old>[^，,。、\\s]{1,16}?)(?:では|じゃ)なく(?:て)?、?(?<value>[^，,。、\\s]{1,16}?)(?:です|でした|だ)?[。.]?$',
  '^(?<old>[^\\s,.]{1,16}?)(?:이|가)? 아니라,? (?<value>[^\\s,.]{1,16}?)(?:이에요|이예요|예요|에요|입니다|이야|야)?[.]?$',
].map((source) => new RegExp(source, 'iu'))
/** One value, and what it counts; a remark may follow. */
const ALONE = new RegExp(
  String.raw`^(?:(?<label>\p{Ll}{3,20}) (?=\p{Nd}))?(?<value>${PHRASE_WORD}(?: (?:[ap]\.?m\.?(?!\p{L})|\p{Lu}\p{L}{1,30}(?! \p{Ll}{2,20} \p{Ll})))?)(?: (?<noun>\p{Ll}{2,20}))?(?:です|だ|でした)?${END}`,
  'u',
)
/** Some words in any language before a comma. */
const APOLOGY = /^[^\s,،，、]{1,20}(?: [^\s,،，、]{1,20}){0,2}[,،，、] ?/u
const IT_IS =
  /^(?:it['’]?s|it is|that['’]s|make (?:it|that)|it should be|es ist|c['’]est|é|è|es|het is|это|是|应该是)(?: (?:on|at|in))? /iu
/** Small words before a value, which it has in its sentence already. */
const BEFORE =
  /^(?:on|at|in|by|to|for|the|an?|am|im|um|nach|bei|у|до|из|der|die|das|den|le|les?|la|en|à|au|el|los|em|o|no|na|nel|il|het|de|op|w|we|в|во|на|på|i|عام) (?=\S)/iu

/** The correction that a sentence is, if it is nothing else. */
export function correctionIn(sentence: string): Correction | undefined {
  if (sentence.length > MAX_CORRECTION_CHARS || /[?？]\s{0,3}$/u.test(sentence)) return undefined
  const { rest, isMarked, isMeant } = withoutMarks(sentence)
  for (const words of [rest, rest.replace(APOLOGY, '')])
    for (const form of NAMED) {
      const { value, old } = form.exec(words)?.groups ?? {}
      if (value && old && (isMarked || areAlike(value, old))) return { value: bare(value), old: bare(old), isMeant }
    }
  if (!isMarked) return undefined
  if (kindOf(bare(rest)) === 'date') return { value: bare(rest), old: undefined, isMeant, isWhole: true }
  const alone = ALONE.exec(bare(rest))
  const { value, noun, label } = alone?.groups ?? {}
  const isWhole = alone?.[0].length === bare(rest).length
  return value && kindOf(value) ? { value, old: undefined, isMeant, noun, label, isWhole } : undefined
}

/** "No" and "wait" begin much else; they mark nothing, but for "no, wait". */
export function withoutMarks(sentence: string) {
  let rest = sentence.trim()
  let [isMarked, isMeant] = [false, false]
  for (let marks = 0; marks < MAX_MARKS; marks += 1) {
    const unmarked = rest.replace(NO_BUT, '').replace(WAIT, '').replace(MAY_CORRECT, '')
    const behind = unmarked.replace(CORRECTS, '')
    const meant = behind.replace(MEANT, '')
    const next = meant.replace(IT_IS, '')
    if (next === rest) break
    isMarked ||= meant !== unmarked || NO_WAIT.test(rest) || NO_BUT.test(rest)
    isMeant ||= isMarked && next !== behind
    rest = next
  }
  return { rest, isMarked, isMeant }
}
const MAX_MARKS = 3
const WAIT = /^(?:(?:oh|ah|hm{1,3}|well)[, ]{1,2})?(?:no,? )?wait(?:,? no)?[,:;.!…–— ]{1,3}(?=[\p{L}\p{N}])/iu

const NO_WAIT = /^(?:no,? wait|wait,? no)[,:;.!…–— ]{1,3}(?=[\p{L}\p{N}])/iu
/** "Nein, doch nach Porto." */
export const NO_BUT = /^nein,? doch (?=\p{L}|\p{N})/iu

/** Without a mark it is two values of a kind: "Siemens, not Bosch". */
function areAlike(value: string, old: string): boolean {
  const kind = kindOf(bare(value))
  return kind !== undefined && kind === kindOf(bare(old))
}

function bare(phrase: string): string {
  return phrase
    .replace(BEFORE, '')
    .replace(BEFORE, '')
    .replace(/[.:,'’!。।-]{1,3}$/u, '')
    .replace(/(?<=\p{N})(?:です|でした|だ|예요|이에요|입니다)$/u, '')
}

const TIME = /^(?:\d{1,2}[:.h]\d{2}|\d{1,2}(?= ?[ap]\.?m))(?: ?[ap]\.?m\.?)?$/iu
const YEAR = /^(?:19|20)\d\d(?:年)?$/u
const ORDINAL = /^\d{1,2}(?:st|nd|rd|th|\.)$/u
const NUMBER = /^[\p{Sc}]?\p{Nd}(?:[\p{Nd}.,]{0,15}\p{Nd})?(?:[km%\p{Sc}])?$/iu

type Kind = 'time' | 'year' | 'day' | 'number' | 'weekday' | 'month' | 'date' | 'name'

export function kindOf(value: string): Kind | undefined {
  const word = value.replace(/[.,]$/u, '').toLowerCase()
  if (TIME.test(word)) return 'time'
  if (YEAR.test(word)) return 'year'
  if (ORDINAL.test(word)) return 'day'
  if (NUMBER.test(word) || numberWords().has(word)) return 'number'
  if (isWeekday(wordsOf(word)[0] ?? '')) return 'weekday'
  if (months().has(word)) return 'month'
  if (datesIn(value)[0]?.text === value) return 'date'
  return /^\p{Lu}[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30})?$/u.test(value) ? 'name' : undefined
}

let numbers: ReadonlySet<string> | undefined
function numberWords(): ReadonlySet<string> {
  numbers ??= new Set(
    `one two three four five six seven eight nine ten eleven twelve ${Object.values(NUMBER_WORDS).join(' ')}`
      .split(/[ /]/)
      .filter((word) => word.length > 2),
  )
  return numbers
}

let monthNames: ReadonlySet<string> | undefined
function months(): ReadonlySet<string> {
  monthNames ??= new Set(
    ['en', ...TIME_LANGUAGES].flatMap((language) => {
      const format = new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' })
      return Array.from({ length: 12 }, (_, month) => format.format(Date.UTC(2026, month, 4)).toLowerCase())
    }),
  )
  return monthNames
}

/** "May 3rd", "3. Mai", "3 de mayo". */
const DAY_AND_MONTH =
  /(?<!\p{L}|\p{N})(?:\p{Nd}{1,2}(?:st|nd|rd|th|er|º|\.)? (?:of |de )?(?<before>\p{L}{3,12})|(?<after>\p{L}{3,12}) \p{Nd}{1,2}(?:st|nd|rd|th)?)(?!\p{L}|\p{N})/gu

function datesIn(said: string): Span[] {
  return [...said.matchAll(DAY_AND_MONTH)].flatMap(({ 0: text, index, groups }) =>
    months().has((groups?.before ?? groups?.after ?? '').toLowerCase()) ? [{ start: index, text }] : [],
  )
}

const DENSE = String.raw`[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]`
const SPACED = String.raw`[[\p{L}\p{M}\p{N}]--${DENSE}]`
const TOKEN = new RegExp(
  String.raw`\p{Sc}?(?!\p{M})${SPACED}(?:[${SPACED}'’.,:%\p{Sc}\-]{0,40}[${SPACED}%\p{Sc}])?|${DENSE}+`,
  'gv',
)
/** Of a case, in Turkish: "Konya'da", "14:00'te". */
const ENDING = /['’](?!s$)\p{Ll}{1,5}$/u
/** Of whose it is: "Anna's house"; at the end it is of the name: "I work at Macy's". */
const POSSESSIVE = /['’]s$/u
/** Who said it, and when. */
const SAID_BY = /^.{1,80}? said(?: on [\d-]{10})?: "/u
/** The date that rules write behind a day. */
const DATE = / \(\d{4}(?:-\d\d){0,2}\)/gu

/** A fact that a sentence states, with the value that the next sentence corrects; undefined where that does not correct it. */
export function correctedFact(
  { fact, subject }: Pick<ExtractedFact, 'fact' | 'subject'>,
  sentence: string,
  next: string,
): string | undefined {
  const correction = correctionIn(next)
  return correction && withCorrection({ fact, subject }, sentence, correction)
}

/** The same, for a correction that was read before. */
export function withCorrection(
  { fact, subject }: Pick<ExtractedFact, 'fact' | 'subject'>,
  sentence: string,
  correction: Correction,
): string | undefined {
  const start = SAID_BY.exec(fact)?.[0].length ?? 0
  const said = fact.slice(start).replace(DATE, '')
  const [span, ...others] = spansOf(said, subject, correction)
  // The fact may be a part of what was said.
  if (!span || others.length > 0 || spansOf(sentence, subject, correction).length !== 1) return undefined
  if (span.text.toLowerCase() === correction.value.toLowerCase()) return undefined
  const value =
    kindOf(correction.value) === 'day' && !ORDINAL.test(span.text) ? digitsOf(correction.value) : correction.value
  const whole = fact.slice(0, start) + said.slice(0, span.start) + value + said.slice(span.start + span.text.length)
  return statesSecret(whole) ? undefined : whole
}

/** The parts of a text that the correction may be about. */
export function spansOf(said: string, subject: string | null, correction: Correction): Span[] {
  return correction.old === undefined ? spansAlike(said, subject, correction) : spansNamed(said, correction.old)
}

function digitsOf(value: string): string {
  return /^\d{1,2}/.exec(value)?.[0] ?? value
}

/** A piece of a text that has a value. */
export type Span = { readonly start: number; readonly text: string }

function spansNamed(said: string, old: string): Span[] {
  const spans: Span[] = []
  const [text, wanted] = [said.toLowerCase(), old.toLowerCase()]
  const isAnywhere = !/^[\p{L}\p{N}]/u.test(wanted) || isDense(wanted)
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    const [before, behind] = [text[at - 1] ?? ' ', text[at + wanted.length] ?? ' ']
    if (isAnywhere || !/[\p{L}\p{N}]/u.test(before + behind))
      spans.push({ start: at, text: said.slice(at, at + wanted.length) })
  }
  return spans
}

export function isDense(text: string): boolean {
  return HAS_DENSE.test(text)
}
const HAS_DENSE = new RegExp(DENSE, 'u')

export function spansAlike(said: string, subject: string | null, { value, noun, label, isMeant }: Correction): Span[] {
  const kind = kindOf(value)
  if (kind === undefined) return []
  if (kind === 'date') return datesIn(said)
  const tokens = [...said.matchAll(TOKEN)].map(({ 0: text, index }) => {
    const isOwner = !POSSESSIVE.test(value) && /^ \p{Ll}/u.test(said.slice(index + text.length))
    return { start: index, text: text.replace(isOwner ? POSSESSIVE : ENDING, '') }
  })
  if (kind === 'name') return names(said, tokens, subject).filter(({ text }) => isNamedAlike(text, value, isMeant))
  return tokens.filter(({ text }, at) => {
    const isAlike = kind === 'day' ? isDayOfMonth(tokens, at) : kindOf(text) === kind && !isOfName(tokens, at)
    return isAlike && isFormOf(tokens[at + 1]?.text, noun) && isFormOf(tokens[at - 1]?.text, label)
  })
}

function isDayOfMonth(tokens: readonly Span[], at: number): boolean {
  const isDay = /^\d{1,2}(?:st|nd|rd|th)?$/u.test(tokens[at]?.text ?? '')
  return isDay && [tokens[at - 1], tokens[at + 1]].some((one) => months().has(one?.text.toLowerCase() ?? ''))
}

function isFormOf(word = '', noun: string | undefined): boolean {
  return noun === undefined || word.slice(0, MIN_STEM).toLowerCase() === noun.slice(0, MIN_STEM).toLowerCase()
}
const MIN_STEM = 4

/** "Pixel 8" */
function isOfName(tokens: readonly Span[], at: number): boolean {
  return /^\p{Nd}+$/u.test(tokens[at]?.text ?? '') && at > 1 && /\p{Lu}/u.test(tokens[at - 1]?.text ?? '')
}

/** A place for a place, which nobody speaks to; another name only where it was meant. */
function isNamedAlike(old: string, value: string, isMeant: boolean): boolean {
  if (!isMeant) return isPlace(old) && isPlaceOnly(value)
  const [kind, kindOfOld] = [nameKind(value), nameKind(old)]
  return kind === undefined || kindOfOld === undefined || kind === kindOfOld
}

/** "Sorry, Florence" may be said to Florence. */
function isPlaceOnly(name: string): boolean {
  const near = new Map(nearnessOf(name))
  return isPlace(name) && (near.get('place') ?? 0) - (near.get('person') ?? 0) >= PLACE_LEAD
}
/** Cosine. Milan, Berlin and Oslo lie above it; Florence, Victoria and Sydney below. */
const PLACE_LEAD = 0.4

const BEFORE_NOUN = /^(?:mein|dein|sein|ihr|unser|eue?r|ein|kein|der|die|das|den|dem)(?:e[nmrs]?)?$/iu

/** Names in a sentence, but for the one that it begins with and for whom it is about. */
function names(said: string, tokens: readonly Span[], subject: string | null): Span[] {
  const own = new Set(subject?.split(' '))
  const spans: { start: number; text: string }[] = []
  let follows = false
  for (const [at, { start, text }] of tokens.entries()) {
    const before = tokens[at - 1]?.text
    if (before === undefined) continue
    // German writes its nouns with a capital.
    const isNoun = BEFORE_NOUN.test(before)
    const isName =
      /^\p{Lu}\p{L}/u.test(text) && !isNoun && !own.has(text.replace(/['’]s$/u, '')) && kindOf(text) === 'name'
    const last = spans.at(-1)
    if (isName && follows && last) last.text = said.slice(last.start, start + text.length)
    else if (isName) spans.push({ start, text })
    follows = isName
  }
  return spans
}
