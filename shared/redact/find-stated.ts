import { isExampleValue, isPlaceholder } from './example-value.ts'
import type { FoundSecret } from './secret-span.ts'
import {
  ADVERBS,
  ENGLISH_LINK,
  LINKS,
  NAMING_VERBS,
  PREPOSITIONS,
  SECRET_WORDS,
  type SecretSort,
  UNSPACED_LINKS,
} from './secret-words.ts'
import { isCode, isDate, isPasswordLike, isPhraseWithNumber, isRandomLike, isWordWithNumber } from './value-strength.ts'

/**
 * Finds secrets that a sentence states: "the wifi password is …", "Mi clave es …", "… ist mein Passwort". Guarantees: the value itself is found, beside
 * its word; a sentence about passwords that holds none is left whole. Linear time: what is read around a word is bounded.
 */

const KINDS: Readonly<Record<SecretSort, string>> = {
  password: 'password',
  pin: 'pin',
  token: 'stated-key',
  phrase: 'recovery-phrase',
  document: 'document-number',
}
/** Words of the scripts that put spaces between them; in compounds of some languages the last one. */
const LATIN = wordsOf((row) => /^[a-z(]/.test(row), '(?<![a-zà-ž0-9_])')
const OTHERS = wordsOf((row) => !/^[a-z(]/.test(row), '')
const COMPOUNDS =
  /(?<=[a-zà-ž])(?:(?<password>passwort|kennwort|wachtwoord|l[öo]senord|passord|adgangskode|salasana)|(?<pin>pincode))/g
/** Beyond Latin: otherwise the other words need not be looked for. */
const HAS_OTHERS = /[\u0370-\uffff]/

function wordsOf(isWanted: (row: string) => boolean, before: string): RegExp {
  const sorts = Object.entries(SECRET_WORDS).map(([sort, rows]) => `(?<${sort}>${rows.filter(isWanted).join('|')})`)
  return new RegExp(`${before}(?:${sorts.join('|')})`, 'g')
}

const MAX_AROUND_CHARS = 160
const MAX_OPEN_CHARS = 20
/** Before `key`. */
const PUBLIC = /(?<!\p{L})(?:public|pub|recv)[ _-]?$/iu

// An `=` is for `find-assigned`.
const MAY_FOLLOW = /[ ,:：＝→'"’”»)*`\d]|[^\0-\x7f]|[a-z]/i

const OPENING = `(?:["'“”«»„‟‘’「『*\`(\\[]{1,3}[ \u00a0\u202f]?)?`
/** Whose it is or where it holds, and what links the value. */
const LINKED = String.raw`(?<where>[ ]?[(（][^()（）\n]{1,30}[)）]|[ ](?:${PREPOSITIONS}|${ADVERBS})(?![\p{L}\p{N}])[^.!?\n,;:=]{0,40}?|(?:[ ][\p{Script=Arabic}\p{Script=Hebrew}]{2,14}){1,3}(?=[ ](?:هو|هي|היא|הוא)[ ])|(?<free>(?:[ ]\p{L}{1,20}){1,3})(?=[:：]))?(?:(?<sign>[ ]{0,2}[:=：→＝—–][ ]{0,2}(?:это[ ])?|['’]s[ ])|,?[ ]?(?<![a-z])(?<link>(?:${LINKS})(?![\p{L}\p{N}])|${UNSPACED_LINKS})(?:[ ](?:${ADVERBS})(?![\p{L}]))?(?:[ ](?:the|der|die|das|le|la|el|il|het)(?=[ ][\p{L}-]{0,12}\p{Nd}))?[ :：]{0,3})`
/** An ending of the word, the link or nothing, the value. */
const AFTER = new RegExp(
  String.raw`^(?<ending>(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])\p{L}){0,6})["'”»’*\x60)]{0,2}(?:${LINKED}|(?:[ ](?:от|для|к|на|до)(?:[ ]\p{L}{1,20}){1,4}|[ ]администратор\p{L}{0,2}|[ ]ل[\p{Script=Arabic}]{2,14}|[ ](?:wi-?fi|wlan|router|vpn)(?:[ ]\p{L}{2,8})?)?[ ]{1,2}|(?=[\p{N}"“「『]))(?<opening>${OPENING})(?<value>[^\s"“”«»„「」『』\x60]{1,120})`,
  'dui',
)
const NAMED_OUTRIGHT = new RegExp(`^(?:${NAMING_VERBS})$`, 'iu')

/** The stated secrets of a text; `lower` is the text in small letters. */
export function* statedSecretsIn(text: string, lower: string): Generator<FoundSecret> {
  yield* statedBeside(LATIN, text, lower)
  yield* statedBeside(COMPOUNDS, text, lower)
  if (HAS_OTHERS.test(text)) yield* statedBeside(OTHERS, text, lower)
}

function* statedBeside(words: RegExp, text: string, lower: string): Generator<FoundSecret> {
  let free = 0
  for (const match of lower.matchAll(words)) {
    if (match.index < free) continue
    const sort = Object.keys(SECRET_WORDS).find((name) => match.groups?.[name] !== undefined) as SecretSort
    const kind = KINDS[sort]
    if (
      sort === 'token' &&
      match[0].startsWith('key') &&
      PUBLIC.test(text.slice(Math.max(0, match.index - MAX_OPEN_CHARS), match.index))
    )
      continue
    const from = match.index + match[0].length
    // Most words are names of code: nothing follows that could link a value.
    if (MAY_FOLLOW.test(text[from] ?? '') || (words === OTHERS && text[from] === '(')) {
      const after = valueAfter(match[0], text.slice(from, from + MAX_AROUND_CHARS), sort)
      if (after) {
        yield { kind, start: from + after[0], end: from + after[1] }
        free = from + after[1]
        continue
      }
    }
    const back = Math.max(0, match.index - MAX_AROUND_CHARS)
    const before = /[\p{L}\p{N}_-]/u.test(text[from] ?? '')
      ? undefined
      : valueBefore(text.slice(back, match.index), text.slice(from, from + MAX_OPEN_CHARS), sort)
    if (before) yield { kind, start: back + before[0], end: back + before[1] }
  }
}

const TELLS_OF = /\b(?:hash|ids?|identifier|fingerprint|thumbprint|usage|version|type|size|length)$/i

type Offsets = readonly [start: number, end: number]

function valueAfter(word: string, rest: string, sort: SecretSort): Offsets | undefined {
  // Only a password may be a word; most texts end here.
  if (sort !== 'password' && sort !== 'phrase' && !/[\p{Nd}A-Z]/u.test(rest)) return undefined
  const match = AFTER.exec(rest)
  const [from, end] = match?.indices?.groups?.value ?? [0, 0]
  if (!match?.groups || end === 0) return undefined
  const { opening = '', link, sign, where, free, ending = '' } = match.groups
  // `passwordB64Hash`, `key1.value`, `CVV4ZHkX` are one name, `passwordless` another word.
  const isJoined = from === ending.length && /[a-z]$/i.test(word + ending)
  if (ending === 'less' || (isJoined && /[a-z]$/.test(word))) return undefined
  // `密码k7tIK2`: letters right behind other scripts are the value's, but `密码Form2组件` is a name.
  if (isJoined && !/\d\D*\d/.test(rest.slice(0, end))) return undefined
  const start = isJoined ? 0 : from
  // An ending belongs to a language that has them: `passwords`, `Passwörter`, `hasłem`; never `keyboard`.
  if (
    ending !== '' &&
    /^[a-z]+$/i.test(ending) &&
    sort !== 'password' &&
    !(sort === 'document' ? /^[a-z]{1,3}$/i : /^(?:s|e|n|en|et|m|im|si|nya|ni|ku)$/i).test(ending)
  )
    return undefined
  // `json:"password" binding:"required"`, `isHidden ? "password" : "text"`: a string that ends before what follows is no word of a sentence.
  if (/^["'\x60]/.test(rest) && (free !== undefined || /^[ ]/.test(sign ?? ''))) return undefined
  // A sign beyond the string that the word is in: `"Enter the password to leave": "…"`.
  if (sign !== undefined && (where ?? '').split('"').length % 2 === 0) return undefined
  // A key is named by its hash, told by its number, and neither opens anything.
  if (sort === 'token' && TELLS_OF.test(free ?? '')) return undefined
  if (sort === 'phrase') {
    const phrase = phraseAt(rest, start, link !== undefined || sign !== undefined)
    if (phrase) return phrase
  }
  if (sort === 'document') return documentAt(rest, start)
  // `sha1(password)) (salt_2)`: the end of calls links nothing.
  if (link === undefined && sign === undefined && /^\)\)/.test(rest)) return undefined
  const value = trimmed(rest.slice(start, end))
  const found: Offsets = [start, start + value.length]
  const isLinked = link !== undefined || sign !== undefined
  // The next of a list or of arguments, such as those after an empty string: `error(:authorization, :failed)`, `password: '', user: 2`.
  if (/^[,;]/.test(value) && (!isLinked || opening.length > 1)) return undefined
  const next = rest.slice(start + value.length)
  const isQuoted =
    isLinked &&
    // A string of more words is a text for people: `"New password": "Yes, please"`.
    !(/^["'`]/.test(rest) && /^[.,;!?:]{1,4} /.test(next)) &&
    /["“”«»„「『‘*`]/.test(opening) &&
    !/^[^\p{L}\p{N}]/u.test(rest.slice(end, end + 1).replace(/["”»“」』’'*`)\s.,;!?]/u, ''))
  const place = {
    word,
    isLinked,
    isQuoted,
    isFree: free !== undefined,
    isDirect: where === undefined,
    isNamed: NAMED_OUTRIGHT.test(link ?? ''),
    sign,
    link,
    next,
  }
  // A phrase may be one word to a computer.
  return isSecret(value, sort === 'phrase' ? 'password' : sort, place) ? found : undefined
}

/** What ends a sentence is none of the value's, nor is what scripts without spaces write onto it. */
function trimmed(value: string): string {
  const isPlain = /^[!-~]/.test(value)
  const written = isPlain
    ? value.search(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u)
    : -1
  const own = written < 0 ? value : value.slice(0, written)
  return own.replace(/[.,;!?)\]}'’*。、！？；，؛،।]{1,9}$/u, '')
}

type Place = {
  readonly word: string
  readonly isLinked: boolean
  readonly isQuoted: boolean
  /** Whether words that say more of the secret stand before the sign. */
  readonly isFree: boolean
  readonly isDirect: boolean
  readonly isNamed: boolean
  readonly sign: string | undefined
  readonly link: string | undefined
  /** The text after the value. */
  readonly next: string
}

const MIN_KEY_CHARS = 8
/** "KEY `hr_role_ibfk_1`" of a table. */
const NUMBERED_NAME = /^[a-z]{1,20}(?:_[a-z]{1,20}){1,5}_\d{1,2}$/
const DIGITS = /^[\p{Nd}][\p{Nd}\-–·.]{1,18}[\p{Nd}][#*]?$|^\p{Nd}{3,12}[#*A-F]?$/u
/** A number with what it counts is none: "12 characters". What joins sentences, and verbs at the end, may follow a secret. */
const COUNTED =
  /^[ -](?!(?:and|or|but|for|on|in|at|to|by|if|so|as|now|und|aber|für|oder|et|mais|pour|y|pero|para|e|ma|mas|per|en|maar|voor|i|ale|и|а|но|для|ve|och|ja|va|da|है|हैं|است|です|でした|だ|だよ|입니다|이에요|예요|야|이야)(?![\p{L}]))\p{L}/u

function isSecret(value: string, sort: SecretSort, place: Place): boolean {
  // `PIN PIN2 PUK` is a list of names.
  if (isPlaceholder(value) || value.toLowerCase().replace(/\d{1,9}$/, '') === place.word) return false
  // "Password changed: 3/Mar/2016" tells when.
  if (!place.isDirect && isDate(value)) return false
  // What stands behind a sign may be code, as in `find-assigned`.
  if (place.sign !== undefined && (isExampleValue(value) || isLabelOf(value))) return false
  if (place.sign?.includes('=') && !place.isQuoted && isCode(value)) return false
  if (sort === 'token')
    return (
      (isRandomLike(value, MIN_KEY_CHARS) && !NUMBERED_NAME.test(value) && (place.isLinked || /^[\w+]/.test(value))) ||
      (place.link !== undefined && value.length >= MIN_KEY_CHARS && isPasswordLike(value))
    )
  if (DIGITS.test(value)) {
    if (sort === 'pin' && /^\p{Nd}{1,3}\.\p{Nd}{1,2}$/u.test(value)) return false
    const digits = value.match(/\p{Nd}/gu)?.length ?? 0
    if (COUNTED.test(place.next) || /^(?:19|20)\d\d-\d\d/.test(value) || /^[%€$£°]/.test(place.next)) return false
    // "Password length: 1024" counts something.
    if (place.isFree && sort !== 'pin') return false
    return digits >= (sort === 'pin' ? 3 : 4) && (place.isLinked || !/^(?:19|20)\d\d$/.test(value))
  }
  if (isPasswordLike(value, place.isLinked || place.isDirect)) return true
  const endsSentence = ENDS_SENTENCE.test(place.next)
  if (sort !== 'password' || !endsSentence) return false
  if (place.link !== undefined && place.isDirect && isWordWithNumber(value)) return true
  // In code a comma or a semicolon follows.
  const isSaid =
    place.link !== undefined || (/[:：—–]|s $/.test(place.sign ?? '') && !/^["”»’'*`)]{0,3}[,;]/.test(place.next))
  if ((isSaid || (!place.isLinked && place.isDirect)) && !place.isFree && isPhraseWithNumber(value)) return true
  if (!/^[\p{L}\p{M}'’-]{4,40}$/u.test(value)) return false
  return place.isQuoted || place.isNamed || (place.isDirect && isEnglish(place) && isChosenWord(value))
}

/** True for a value that is the word for a secret itself, as in the translations of a form. */
function isLabelOf(value: string): boolean {
  return (
    /^[\p{L}\p{M}-]+$/u.test(value) &&
    [LATIN, COMPOUNDS, OTHERS].some((words) => value.toLowerCase().search(words) >= 0)
  )
}

const ENDS_SENTENCE =
  /^["”»’'*`)」』]{0,3}(?:[.!,;\n。！،]|[ ](?:-->|\*\/)|です|でした|だ|입니다|이에요|예요|이야|야|$)/

/** How English says what a password is like, rather than what it is. */
const PREDICATE =
  /(?:ed|en|ing|able|ible|al|ive|ary|ory|ful|less|ous|ly|ic|ent|ant|id)$|^(?:true|false|wrong|weak|strong|long|short|longer|shorter|stronger|weaker|older|newer|same|new|old|empty|blank|secure|insecure|safe|unsafe|simple|complex|unique|obscure|found|fine|good|bad|okay|correct|incorrect|right|lost|set|reset|here|there|below|above|ready|public|private|secret|yours|mine|ours|theirs|never|case|plain|text|null|none|dead|gone|stale|easy|hard|tough|clear|free|open|shut|stuck|kept|sent|what|where|that|this|mandatory|enough|weird|crap|terrible|awful|great|nice|cool|shared|personal|sensitive|your|their|just|only|also|always|still|usually|something|nothing|everything|anything|everywhere|expired|due|stuff|salted|encrypted|hashed)$/i

function isEnglish({ word, link, sign }: Place): boolean {
  return (
    /^pass(?: ?w(?!ort)|code|phrase)/.test(word) &&
    ((link !== undefined && ENGLISH_LINK.test(link)) || /s $/.test(sign ?? ''))
  )
}

/** English only: elsewhere a plain word must be quoted, or named by its verb. */
function isChosenWord(value: string): boolean {
  return /^[A-Za-z]{5,40}$/.test(value) && !PREDICATE.test(value)
}

const IS = /^(?:is|was|ist|es|est|é|è|to|jest|är|er|on|as|als|comme|como|come|jako|как)$/i
/** These may stand right before the word for it. */
const JOINS = /^(?:to|это|as|als|comme|como|come|jako|как)$/i
/** Between what links a value and the word for it: whose it is, and for what. */
const MAX_WORDS_BETWEEN = 3

/** "hunter2 is my wifi password." */
function valueBefore(rest: string, next: string, sort: SecretSort): Offsets | undefined {
  if (!/[ -]$/.test(rest)) return undefined
  const words = rest.slice(0, -1).split(' ')
  const link = words.findLastIndex((word) => IS.test(word))
  const value = trimmed(words[link - 1]?.split('\n').at(-1) ?? '').replace(/^["'“«„(`*]+/, '')
  if (
    link < 1 ||
    words.length - 1 - link > MAX_WORDS_BETWEEN ||
    (link === words.length - 1 && !JOINS.test(words[link] ?? ''))
  )
    return undefined
  // `hint1=Try to send a password`: an entry of settings.
  if (!isPasswordLike(value, true) || isPlaceholder(value) || /^[\w.-]+=[A-Za-z]+$/.test(value)) return undefined
  const told = words.slice(link).join(' ')
  if (sort === 'token' && TYPE_NAME.test(value) && (/^as an?\b/i.test(told) || OF_CODE.test(`${told} ${next}`)))
    return undefined
  const start =
    words.slice(0, link - 1).join(' ').length + (link > 1 ? 1 : 0) + (words[link - 1] ?? '').lastIndexOf(value)
  return [start, start + value.length]
}

/** "`OAuth2Client` is the key of a map", "returns a `UserDetails2Principal` as a bearer token", "with `GSI1PK` as partition key". */
const TYPE_NAME = /^(?:[A-Z][A-Za-z\d]{0,80}[a-z\d][A-Z][a-z]+|[A-Z\d_]{2,7})`?$/
const OF_CODE =
  /\b(?:map|table|partition|dict(?:ionary)?|object|cache|index|hash|set|array|list|row|record|collection)\b/i

const MIN_PHRASE_WORDS = 4
const PHRASE = /^(?:[a-zà-ÿ]{3,12}[ ,]{1,2}){3,24}[a-zà-ÿ]{3,12}/u
const FUNCTION_WORD =
  /\b(?:the|and|for|you|your|are|was|with|that|this|from|have|has|must|should|not|kept|stored|written|where|when|which|las|los|que|con|der|die|das|und|ist|les|des|est|une)\b/

/** Words in a row without those that make sentences. */
function phraseAt(rest: string, start: number, isLinked: boolean): Offsets | undefined {
  const words = PHRASE.exec(rest.slice(start))?.[0] ?? ''
  if (!isLinked || words.split(/[ ,]+/).length < MIN_PHRASE_WORDS || FUNCTION_WORD.test(words)) return undefined
  return [start, start + words.length]
}

/** Letters and digits in groups, and what may announce them: "numéro", "no.". */
const DOCUMENT = /^[A-Z]{0,4}[- ]?\p{Nd}(?:[ .\-/]?[\p{Nd}A-Z]){4,20}(?![A-Za-z\p{N}])/u
const ANNOUNCED = /^(?:(?:il|le|el|o|a|the|de) )?(?:n[uú]m\p{L}{2,4}|number|номер|n[ro°º]\.?|№)[ :]{1,2}/iu
const MIN_DOCUMENT_DIGITS = 5

function documentAt(rest: string, start: number): Offsets | undefined {
  const announced = ANNOUNCED.exec(rest.slice(start))?.[0].length ?? 0
  const value = DOCUMENT.exec(rest.slice(start + announced))?.[0] ?? ''
  const isDay = /^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$|^\d{4}[./-]\d{1,2}[./-]\d{1,2}$/.test(value)
  if (isDay || (value.match(/\p{Nd}/gu)?.length ?? 0) < MIN_DOCUMENT_DIGITS) return undefined
  return [start + announced, start + announced + value.length]
}
