import { functionWordsOf } from '../../../shared/ai/local/detect-languages.ts'
import { foldScript } from '../../../shared/ai/local/fold-script.ts'
import { NUMBER_WORDS } from '../../../shared/memory/times/time-words.ts'
import { isWeekday } from '../facts/done-tasks.ts'
import { naturalLanguageOf } from '../facts/natural-language.ts'
import { saidIn } from '../local-rules/fact-attributes.ts'
import {
  ALSO,
  BEFORE_PLACE,
  CORRECTS,
  DENIES,
  DONE_BY,
  FAVOURITE,
  HOLDS,
  IS,
  MAY_CORRECT,
  NEW_ONE,
  NOW,
  ONE_OF_MANY,
  ONE_PLACE,
  OTHER,
  OURS,
  OWNERS,
  SOME,
  STATES,
  STUDIES,
  SUPPOSES,
  TAKES_OVER,
  THE,
  USES,
  WHAT_FOR,
} from '../local-rules/words/change-words.ts'
import { isOtherDenseValue } from './other-dense-value.ts'

/**
 * Tells, without a model, that a fact gives another value than an earlier one: it says so ("now", "took over"), in the same words but for the value.
 * No grammar. Guarantees: it must be something of which there is one at a time, by the words beside it: who answers for something, where one lives, a
 * number, what one likes best. What several may have, or one may have several of, stays.
 */

/** Longer ones say more than a value. */
const MAX_CHARS = 200
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u
/** Scripts without capitals, in which whoever does something stands before the word for it. */
const NO_CAPITALS = /^[\p{Script=Arabic}\p{Script=Hebrew}]/u
const WORD = /[\p{Sc}]?[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}'’.,:&+#%-]{0,40}[\p{L}\p{M}\p{N}+#%])?\p{M}{0,3}/gu

type Word = {
  readonly text: string
  readonly key: string
  /** False for small words, which may differ with how it is said. */
  readonly isTelling: boolean
  /** No small word at all, not even one with a capital. */
  readonly isContent: boolean
}
/** A sentence in words, and the piece that the other one has not. */
type Side = {
  readonly words: readonly Word[]
  readonly first: number
  readonly value: readonly string[]
  /** True if the other one has no word of the piece. */
  readonly isWhole: boolean
}
type Sides = readonly [now: Side, then: Side]

/** True if a fact may give something another value. `words` are the sentence as its speaker said it. */
export function saysChange(fact: string, words = ''): boolean {
  const said = saidIn(fact)
  const isChange = has(NOW, said) || has(TAKES_OVER, said) || saysNewHolder(said) || corrects(words) || corrects(said)
  return said.length <= MAX_CHARS && isChange && !ALSO.test(said)
}

/** True if `fact`, which was said later, in `words`, gives another value than `earlier`. */
export function isOtherValue(fact: string, earlier: string, words = ''): boolean {
  const [said, told] = [fact, earlier].map((one) => saidIn(one).replace(DATE, '')) as [string, string]
  const before = told.replace(CONSEQUENCE, '')
  if (before.length > MAX_CHARS || !saysChange(fact, words) || DENIES.test(before)) return false
  if (SUPPOSES.test(said) || SUPPOSES.test(before) || saysNotInRomanian(said)) return false
  const plain = withoutCorrection(said)
  const isCorrected = CORRECTS.test(words) || CORRECTS.test(said)
  const isNow = isCorrected || MAY_CORRECT.test(words) || MAY_CORRECT.test(said)
  // "Mr Holm retired, our accountant is now Ms Lund."
  return [plain, ...plain.split(/[,;:—–] |[，；、]/u)].some((clause) => givesOther(clause, before, isNow, isCorrected))
}

/** A consequence of a value falls with it: "we are on Java 21, so use records". */
const CONSEQUENCE =
  /, (?:so|therefore|which is why|deshalb|deswegen|daher|donc|du coup|así que|por eso|por isso|então|quindi|perciò|dus|daarom|więc|dlatego|поэтому|так что|тому) .{2,120}$|，所以.{2,60}$|(?:ので|から)、.{2,60}$/iu

/** The date that the rules write behind a day. */
const DATE = / \(\d{4}(?:-\d\d){0,2}\)/g

function givesOther(said: string, before: string, isNewer: boolean, isCorrected: boolean): boolean {
  if (DENIES.test(said) || [OTHER, ...OWNERS].some((words) => words.test(said) !== words.test(before))) return false
  const [now, then] = [said.replace(NOW, ' '), before.replace(NOW, ' ')]
  const isNow = isNewer || has(NOW, said)
  if (DENSE.test(said)) return isNow && isOtherDenseValue(now, then)
  if (isOtherHolder(now, then, isNow)) return true
  const sides = isNow ? sidesOf(now, then) : undefined
  if (sides?.every(({ isWhole, value }) => isWhole && !isNationality(value)) !== true) return false
  return isOneAtATime(sides) || (isCorrected && isMostlyShared(sides) && sides.every(isAtEnd))
}

/** "My friend", who may be another; not "my friend Marta", nor "my best friend". */
function isNamelessOfMany(words: readonly string[]): boolean {
  const at = words.findIndex((word) => isWhole(ONE_OF_MANY, word))
  if (at < 0 || at > 1) return false
  return !/^\p{Lu}/u.test(words[at + 1] ?? '')
}

/** There the small word "nu" denies; in Dutch, Swedish and Danish it is "now". */
function saysNotInRomanian(said: string): boolean {
  return /(?<!\p{L})nu(?!\p{L})/iu.test(said) && naturalLanguageOf(said) === 'ro'
}

function corrects(words: string): boolean {
  return CORRECTS.test(words) || MAY_CORRECT.test(words)
}

function withoutCorrection(said: string): string {
  return said.replace(CORRECTS, '').replace(MAY_CORRECT, '')
}

/** A correction has the words of its sentence; a word further ahead may be its subject. */
function isMostlyShared(sides: Sides): boolean {
  const [shared = 0, other = 0] = sides.map((side) => besideValue(side).filter(({ isContent }) => isContent).length)
  return Math.min(shared, other) >= MIN_SHARED_WORDS && sides.every(({ value }) => value.length <= MAX_NAME_WORDS)
}
const MIN_SHARED_WORDS = 2

function has(words: RegExp, text: string): boolean {
  return text.search(words) >= 0
}

/** The one who answers for the thing. */
function isOtherHolder(now: string, then: string, isNow: boolean): boolean {
  const isNewer = isNow || saysNewHolder(now)
  if (!holds(then) || !(has(TAKES_OVER, now) || (isNewer && holds(now)))) return false
  if (has(HOLDS, now) && !isSameRole(now, then)) return false
  const withoutNew = (text: string) => (saysNewHolder(text) ? text.replace(NEW_ONE, ' ') : text)
  const bare = (text: string) => withoutNew(text).replace(TAKES_OVER, ' ').replace(HOLDS, ' ')
  const sides = sidesOf(bare(now), bare(then))
  if (!sides?.every(({ value }) => isName(value) && !isNationality(value))) return false
  return isHeldBy(sides[0], now) && isHeldBy(sides[1], then) && isOneThing(sides)
}

/** "My new manager"; what is new must be the one who holds, and no team or project that is held. */
function saysNewHolder(text: string): boolean {
  const at = text.search(NEW_ONE)
  if (at < 0) return false
  const held = text.search(HOLDS)
  return held > at && held - at <= MAX_NEW_CHARS
}
const MAX_NEW_CHARS = 20

/** Both sentences name the same roles: "leads" and "led by" may be told apart, "CEO" and "CTO" must be. */
function isSameRole(now: string, then: string): boolean {
  const [roles = [], others = []] = [now, then].map((text) => (text.match(HOLDS) ?? []).map(keyOf))
  const areIn = (some: readonly string[], all: readonly string[]) =>
    some.every((role) => all.some((one) => isFormOf(one, role)))
  return areIn(roles, others) && areIn(others, roles)
}

/** "Owner" and "owned", "jefe" and "jefa". */
function isFormOf(a: string, b: string): boolean {
  let shared = 0
  while (shared < a.length && a[shared] === b[shared]) shared += 1
  return a === b || (shared >= MIN_ROLE_STEM && Math.max(a.length, b.length) - shared <= MAX_ENDING)
}
const MIN_ROLE_STEM = 3

const IS_THE =
  /(?<!\p{L})(?:(?:is|ist|est|es|è) (?:the|der|die|das|le|la|el|il|de|het)|é [oa]|is (?:our|my)(?! (?:\p{L}+ )?(?:friend|colleague|neighbou?r|customer|client|member|partner|guest|student|pupil|tenant|employee|supplier|cousin|brother|sister|aunt|uncle|child|son|daughter|kid)\p{L}?(?!\p{L}))) |(?<!\p{L})(?:run|runs) (?:the|our) /iu

function holds(text: string): boolean {
  // "Runs" is what people do in the morning as well.
  return IS_THE.test(text) || has(HOLDS, text.replace(/(?<!\p{L})runs? (?!by )/iu, ' '))
}

/** A name has no article, but in languages in which it always has; without capitals it stands right before the word for what somebody does. */
function isHeldBy({ words, first, value }: Side, text: string): boolean {
  const [name = '', last = ''] = [value[0], value.at(-1)]
  if (NO_CAPITALS.test(name))
    return (
      text
        .slice(text.indexOf(last) + last.length)
        .trimStart()
        .search(HOLDS) === 0
    )
  return !/^(?:the|an?|our|my|der|die|das|den|dem|des|unser\p{L}*|mein\p{L}*|eine?\p{L}?)$/iu.test(
    wordAt(words, first - 1),
  )
}

/** The thing that is held is one, and no name: "billing", "the Atlas project"; not "a car". */
function isOneThing(sides: Sides): boolean {
  const others = sides.map(besideValue)
  if (others.flat().some(({ text }) => /\p{N}/u.test(text) || isSome(text, sides))) return false
  const isThing = ({ text, isTelling }: Word) => isTelling && !isWhole(THE, text) && !isWhole(IS, text)
  const isBy = sides.every(({ words, first }) => isWhole(DONE_BY, wordAt(words, first - 1)))
  const hasThe = others.every((words) => words.some(({ text }) => isWhole(THE, text)))
  return hasThe || others.flat().some((word) => isThing(word) && (isBy || !/^\p{Lu}/u.test(word.text)))
}

/** One of several, or some; but in Portuguese "a" is an article before one thing. */
function isSome(text: string, [{ words }]: Sides): boolean {
  const isPortuguese = () => naturalLanguageOf(words.map((word) => word.text).join(' ')) === 'pt'
  return isWhole(SOME, text) && !(isWhole(THE, text) && isPortuguese())
}

/** Of what the two values are there is one at a time. */
function isOneAtATime(sides: Sides): boolean {
  const [now, then] = sides
  const shared = besideValue(then)
  const sentence = shared.map(({ text }) => text).join(' ')
  const values = sides.map(({ value }) => value.join(' '))
  const ahead = then.words.slice(0, then.first).map(({ text }) => text)
  // "One of my sons lives", "a friend works", "my friend works".
  if (ahead.slice(0, 1).some((text) => isSome(text, sides)) || isNamelessOfMany(ahead)) return false
  if (STATES.some((states) => values.every((value) => isWhole(states, value.replace(/^an? /i, ''))))) return true
  if (sides.every(isAmount)) {
    // "I ran a marathon in 4 hours", "Node 22 passes"; but "Peso 80 chili".
    if (ahead.some((text) => isSome(text, sides)) || sides.every(isNumberOfName)) return false
    const [unit, unitThen] = values.map((value) => (isNumberWord(value) ? '' : withoutNumber(value)))
    return unit === unitThen
  }
  if (!shared.some(({ isTelling }) => isTelling)) return false
  if (values.every((value) => isWeekday(keyOf(value)))) return true
  if (FAVOURITE.test(sentence)) return sides.every(isAtEnd)
  const [before, beforeThen] = sides.map(({ words, first }) => words[first - 1]?.key)
  if (STUDIES.test(sentence) && before === beforeThen) return sides.every(isAtEnd)
  if (![...now.value, ...then.value].every((word) => /[\p{Lu}\p{N}]/u.test(word) || NO_LETTER_CASE.test(word)))
    return false
  if (ONE_PLACE.test(sentence)) return sides.every(isAtPlace)
  // German writes all nouns as names.
  return !/^(?:mein|unser|der|die|das)/iu.test(sentence) && sides.every(isWhatItIs)
}

const NO_LETTER_CASE = /^[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Devanagari}]/u

/** A number of something, a price, a time, or the version of what one uses: "80 kilos", "€20", "9:30", "Postgres 17"; not "Room 4 has". */
function isAmount({ words, first, value }: Side): boolean {
  const [number = '', ...more] = value
  if (more.length > 0) return false
  if (isNumberWord(number)) return words[first + 1]?.isTelling === true
  if (!/^[\p{Sc}]?\p{N}/u.test(number)) return false
  const [before, behind] = [words[first - 1], words[first + 1]]
  if (/[\p{Sc}:]/u.test(number) || behind?.isTelling) return true
  if (behind !== undefined || before === undefined) return false
  const ahead = words.slice(0, first - 1)
  // One reads several chapters, and supports several versions.
  const isUsed =
    ahead.every(({ isContent }) => !isContent) ||
    isWhole(IS, wordAt(words, first - 2)) ||
    isWhole(USES, wordAt(words, first - 2))
  return !before.isTelling || (first > 1 && isUsed && /^\p{Lu}/u.test(before.text))
}

/** A number that belongs to a name, and counts nothing: "Node 22 passes", "our room 4 smells". */
function isNumberOfName({ words, first, value }: Side): boolean {
  const isNamed = /\p{Lu}/u.test(wordAt(words, first - 1)) || (first === 2 && isWhole(THE, wordAt(words, 0)))
  return isNamed && /^\p{N}/u.test(value[0] ?? '') && words[first + 1]?.isTelling === true
}

let numberWords: ReadonlySet<string> | undefined

function isNumberWord(word: string): boolean {
  numberWords ??= new Set(`${NUMBERS} ${Object.values(NUMBER_WORDS).join(' ')}`.split(/[ /]/))
  return word.length > 1 && numberWords.has(word.toLowerCase())
}
const NUMBERS = 'one two three four five six seven eight nine ten eleven twelve once twice'

function isAtPlace({ words, first, value }: Side): boolean {
  const isTurkish = /['’][dt][ae]$/iu.test(value.at(-1) ?? '')
  return isWhole(BEFORE_PLACE, wordAt(words, first - 1)) || isTurkish || wordAt(words, first + value.length) === 'में'
}

/** "My phone is a Nokia", "Our office is in Ghent". */
function isWhatItIs(side: Side): boolean {
  const [the, ...rest] = side.words.slice(0, side.first)
  return isAtEnd(side) && isWhole(THE, the?.text ?? '') && rest.some(({ text }) => isWhole(IS, text))
}

function isAtEnd({ words, first, value }: Side): boolean {
  return first > 0 && words.slice(first + value.length).every(({ isTelling }) => !isTelling)
}

function besideValue({ words, first, value }: Side): Word[] {
  return words.filter((_, at) => at < first || at >= first + value.length)
}

function wordAt(words: readonly Word[], at: number): string {
  return words[at]?.text ?? ''
}

function isWhole(words: RegExp, text: string): boolean {
  return text !== '' && words.exec(text)?.[0].length === text.length
}

function withoutNumber(word: string): string {
  return word.replace(/[\p{N}.,:]/gu, '')
}

const MAX_NAME_WORDS = 3

/** Nationalities and faiths: they have the capital of a name, and are none. */
const NATIONALITY =
  /^(?:Dutch|French|German|Italian|Spanish|Polish|Turkish|Russian|Chinese|Japanese|Korean|British|English|Irish|Scottish|Welsh|Swiss|Swedish|Danish|Norwegian|Finnish|Greek|Indian|American|Canadian|Mexican|Brazilian|Portuguese|Belgian|Austrian|Czech|Hungarian|Romanian|Ukrainian|Iranian|Israeli|African|Asian|European|Australian|Catholic|Muslim|Jewish|Buddhist)$/

function isNationality(words: readonly string[]): boolean {
  return words.length === 1 && NATIONALITY.test(words[0] ?? '')
}

function isName(words: readonly string[]): boolean {
  return words.length <= MAX_NAME_WORDS && words.every((word) => /^\p{Lu}/u.test(word) || NO_CAPITALS.test(word))
}

/** Both sentences with their values; undefined unless each has one piece that the other has not. */
function sidesOf(now: string, then: string): Sides | undefined {
  const texts = [now, then].map((text) => text.replace(/['’](?=re(?!\p{L}))/giu, ' a').match(WORD) ?? [])
  const isSmall = functionWordsOf(texts.flat().map(keyOf))
  const [a = [], b = []] = texts.map((words) =>
    words.map((text) => {
      const isContent = !isSmall(keyOf(text))
      const isTelling = isContent || (!/^\p{Ll}/u.test(text) && !isWhole(OURS, text) && !isWhole(WHAT_FOR, text))
      return { text, key: keyOf(text), isContent, isTelling }
    }),
  )
  const sides = [sideOf(a, b), sideOf(b, a)]
  return sides[0] && sides[1] && [sides[0], sides[1]]
}

/** As it is compared: people leave out apostrophes. */
function keyOf(word: string): string {
  return foldScript(word).toLowerCase().replace(/['’]/g, '')
}

function sideOf(words: readonly Word[], others: readonly Word[]): Side | undefined {
  const left = [...others]
  const isOwn = words.map(({ key }) => {
    const twin = left.findIndex((one) => isAlike(one.key, key))
    if (twin >= 0) left.splice(twin, 1)
    return twin < 0
  })
  const telling = words.map(({ isTelling }, at) => isTelling && isOwn[at] === true)
  const [first, last] = [telling.indexOf(true), telling.lastIndexOf(true)]
  if (first < 0) return undefined
  const piece = words.slice(first, last + 1)
  if (piece.some(({ isTelling }, at) => isTelling && !telling[first + at])) return undefined
  return { words, first, value: piece.map(({ text }) => text), isWhole: isOwn.slice(first, last + 1).every(Boolean) }
}

/** Forms of one word: "weigh" and "weighs", مسؤول and مسؤولة. */
function isAlike(a: string, b: string): boolean {
  if (a === b) return true
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  const isNear = short.length >= MIN_STEM && long.length - short.length <= MAX_ENDING
  return isNear && /^\p{L}/u.test(short) && long.startsWith(short)
}
const MIN_STEM = 4
const MAX_ENDING = 2
