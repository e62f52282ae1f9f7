import { isExampleValue } from './example-value.ts'
import type { FoundSecret } from './secret-span.ts'
import { isCode, isEncoded, isPasswordLike, isRandomLike } from './value-strength.ts'

/**
 * Finds secrets by the name to which they are given: in code, settings, JSON, XML, SQL and connection strings. The stricter the value is judged, the
 * less its name says: `token: 'h1-bold'` is a design, `password: 'sunshine99'` is none. Guarantees: linear time, each part of a pattern is bounded.
 */

/** From a name that holds passwords only to one that may hold anything. */
type Certainty = 'password' | 'secret' | 'token' | 'key'

const CERTAINTY: readonly (readonly [RegExp, Certainty])[] = [
  [/^(?:pass|pw|kenn|wacht|mot|mdp|senha|contra|pin)/i, 'password'],
  [/secret$/i, 'secret'],
  [/^key$/i, 'key'],
]

const NAME =
  '(?<name>passw(?:or)?d|passphrase|passcode|passwort|kennwort|wachtwoord|contrase[nñ]a|mot_?de_?passe|mdp|senha|pwd|pass|secret|token|(?:api|app|access|private|secret|auth|account|encryption|signing|master|license|shared[_-]?access)[_-]?key(?:[_-]?base)?|credentials?|auth|(?<=_)pat|key)'
const QUOTED = String.raw`\\?"(?!\$\{[\w.-]{1,60}:)(?<double>[^"\n]{4,400})"|\\?'(?<single>[^'\n]{4,400})'|\x60(?<back>[^\x60\n]{4,400})\x60`

/** `password: &str =`, `password string =`, `password As String =`, `password[] =`. */
const TYPE = String.raw`(?:\[\d{0,4}\]|(?:[ \t]{0,2}:[ \t]{0,2}(?:&(?:'\w{1,20} )?|Optional\[)?|[ \t](?:As[ \t])?)(?:str|string|SecretStr)(?:[\]?]|[ ]?\|[ ]?\w{4,9})?(?=[ \t]=[ \t]))?`
/** `String::from("…")`, `QStringLiteral("…")`. */
const WRAPPER = String.raw`(?:new )?(?:String(?:::from)?|QString(?:Literal)?|SecretStr)\(`
/** What comes after a name: its end, an operator, the value. */
const ASSIGNED = new RegExp(
  String.raw`${NAME}(?:_(?:private|value|prod(?:uction)?|live|test|staging|dev))?\d{0,2}(?:\\?["'\x60\]]){0,2}${TYPE}(?<operator>[ \t]{0,4}(?::[=-]|=>|->|={1,3}|:|\(|,(?=[ \t]{0,4}["']))[ \t]{0,4}|[ \t]{1,4}(?=["']))(?:\(?(?:${WRAPPER}|[bru]{1,2}(?=["'])|[@N](?=["']))?(?:${QUOTED})|(?<bare>(?!\$\{)(?:(?!\\[nrt](?:\w{1,60} ?=|(?!\w)))[^\s'"\x60,;)}\]]){4,400}))`,
  'dgi',
)
/** \`<password>…</password>\`, and an entry of a list: \`name: DB_PASSWORD, value: "…"\`. */
const ELEMENT =
  /<(?:\w{0,40}:)?(?!publickey)\w{0,40}?(?:password|passwd|pwd|secret|token|apikey|api_key)>(?<value>[^<\s]{4,400})<\//dgi
const ENTRY =
  /["']?\b(?:name|key)["']?\s{0,4}[:=]\s{0,4}["']?(?:\w{0,60}(?:passw(?:or)?d|pwd|secret|token|key)|(?<cookie>[\w.]{0,20}(?:sess(?:ion)?_?id|sid|cookie)))(?:["']?[,\s]{1,20}["']?value["']?\s{0,4}[:=]\s{0,4}["']?|"[^<>\n]{0,80}>\s{0,40}<value>)(?<value>[^\s"'<]{4,400})/dgi
const SQL =
  /\b(?:identified[ \t]{1,4}(?:with[ \t]{1,4}\w{1,40}[ \t]{1,4})?by|(?:with|encrypted|set)[ \t]{1,4}password[ \t]{0,4}=?|requirepass|masterauth)[ \t]{1,4}(?:password[ \t]{0,4}\()?["']?(?<value>[^\s"'()<>;]{4,200})/dgi

/** The assigned secrets of a text, form by form. */
export function* assignedSecretsIn(text: string): Generator<FoundSecret> {
  for (const match of text.matchAll(ASSIGNED)) {
    const certainty = certaintyOf(match, text)
    const [group, value] = Object.entries(match.groups ?? {}).find(
      ([name, given]) => given !== undefined && name !== 'name' && name !== 'operator',
    ) ?? ['', '']
    if (!certainty || isExampleValue(value) || isPointer(value)) continue
    // `SecurePassword::Argon2`: a name in another.
    if (match.groups?.operator === ':' && /^:\w/.test(value)) continue
    if (match.groups?.operator?.startsWith(',') && NEIGHBOUR.test(value)) continue
    const isQuoted = group !== 'bare'
    const isInSetting = isSetting(match.groups?.operator ?? '', text, match)
    const isSecret =
      (isQuoted
        ? isQuotedSecret(value, certainty)
        : !isCall(match.groups?.operator ?? '') && isBareSecret(value, certainty, isInSetting, isLast(text, match))) ||
      isWalletKey(match.groups?.name ?? '', value) ||
      ((isQuoted || isInSetting) && isInEnvironment(text, match) && isEnvironmentSecret(value, certainty))
    const [start, end] = match.indices?.groups?.[group] ?? [0, 0]
    if (isSecret) yield { kind: certainty === 'password' ? 'password' : 'assigned-secret', start, end }
  }
  for (const pattern of [ELEMENT, ENTRY, SQL])
    for (const match of text.matchAll(pattern)) {
      const value = match.groups?.value ?? ''
      const [start, end] = match.indices?.groups?.value ?? [0, 0]
      const isSecret =
        (match.groups?.cookie ? isRandomLike(value, MIN_PART_CHARS) : isPasswordLike(value, true)) ||
        (pattern === SQL && isInStatement(text, match, value))
      if (isSecret && !isExampleValue(value)) yield { kind: 'password', start, end }
    }
}

/** The next argument may be a server with its domain or a step of a database: `("auth", "0013_auto_20221214_1224")`. */
const NEIGHBOUR =
  /^(?:[a-z\d-]{1,63}\.){2,6}(?:com|org|net|io|dev|app|cloud|local|internal)(?::\d{1,5})?$|^\d{4}_[a-z]{3,30}_[a-z\d_]{1,80}$/

/** A number that says nothing but where the secret is: `issue-99231`, `see-page-12`. In one word it may have been chosen as a password. */
function isPointer(value: string): boolean {
  return /^(?:(?:see|siehe|voir|ver|vedi|zie)[-_](?:in[-_])?(?:[a-z]{2,10}[-_#]{1,2})?|(?:ticket|issue|incident|bug)[-_#]{1,2})\d{1,10}$/i.test(
    value,
  )
}

/** True if a word is quoted, or part of a statement about users such as `create user scott identified by tiger`: "identified by name" is prose. */
function isInStatement(text: string, match: RegExpExecArray, value: string): boolean {
  if (/[`\\.]|^(?:by|with|password|null|none)$/i.test(value)) return false
  const [start = 0, end = 0] = match.indices?.groups?.value ?? []
  // `identified by "handle" from "file"` continues as a sentence does.
  if (/["']$/.test(text.slice(match.index, start)) && !/^["'] [a-z]/.test(text.slice(end, end + 3))) return true
  // "Create a user with password initially": those have quotes there.
  if (!/^identified/i.test(match[0])) return false
  return STATEMENT.test(text.slice(Math.max(0, match.index - MAX_STATEMENT_CHARS), match.index))
}

const MAX_STATEMENT_CHARS = 120
const STATEMENT = /\b(?:create|alter)[ \t\n]+(?:user|role|login)\b|\bgrant\b[^;]{0,100} to /i

/** Keys of code and data, which everybody may know. */
const OPEN_KEY =
  /(?:public|pub|primary|foreign|cache|partition|sort|idempotency|site|object|storage|row|group|lookup|i18n|translation|message|query|hot|short|answer|registry|map|hash|dedup\w{0,10}|react|websocket)[_-]?$/i

/** Undefined where the word is the end of another: `compass`, `monkey`; in capitals, as in `DBPASS=`, only where it is no argument of a list. */
function certaintyOf({ index: at, groups }: RegExpExecArray, text: string): Certainty | undefined {
  const { name = '', operator = '' } = groups ?? {}
  const certainty = CERTAINTY.find(([pattern]) => pattern.test(name))?.[1] ?? 'token'
  const before = text[at - 1] ?? ' '
  const beginsWord = !/[A-Za-z]/.test(before) || (/[a-z\d]/.test(before) && /[A-Z]/.test(name[0] ?? ''))
  if (
    !beginsWord &&
    /^(?:pass|auth|key|mdp|pwd|senha)$/i.test(name) &&
    (operator.startsWith(',') || !/^(?:PASS|PWD|AUTH)$/.test(name))
  )
    return undefined
  if (certainty !== 'password' && /(?:public[_-]?key|hashed)[_-]?$/i.test(text.slice(Math.max(0, at - 20), at)))
    return undefined
  if (certainty === 'key' && (!/[A-Za-z_-]/.test(before) || OPEN_KEY.test(text.slice(Math.max(0, at - 20), at))))
    return undefined
  return certainty
}

/** Types, calls and templates have brackets in pairs; in a password one is drawn by chance. */
const BRACKETED = /<[^<>]{0,400}>|\([^()]{0,400}\)|\[[^[\]]{0,400}\]|\{[^{}]{0,400}\}|\]\(|[<({[]$/
const BRACKETS = /[<>{}()[\]]/g

function isQuotedSecret(value: string, certainty: Certainty): boolean {
  if (/\s/.test(value)) return false
  if (certainty === 'password')
    return isPasswordLike(BRACKETED.test(value) ? value : value.replace(BRACKETS, '!'), true)
  if (certainty === 'secret') return isPasswordLike(value) || isEncoded(value)
  if (certainty === 'key') return isDrawn(value)
  return isRandomLike(value) || isEncoded(value) || (/[!$^&*€£§]/.test(value) && isPasswordLike(value))
}

/** An unquoted argument of a call is code. */
function isCall(operator: string): boolean {
  return operator.includes('(')
}

/** Without quotes it may be code: a name, a call, a member; or it is the line of a settings file. */
function isBareSecret(value: string, certainty: Certainty, isInSetting: boolean, isSure: boolean): boolean {
  if (isCode(value)) return false
  if (certainty === 'key') return isInSetting && isDrawn(value)
  if (isInSetting && certainty === 'password') return isPasswordLike(value, isSure)
  if (isRandomLike(value, MIN_BARE_CHARS) || isEncoded(value)) return true
  return (
    certainty !== 'token' &&
    /\d/.test(value) &&
    /\p{L}/u.test(value) &&
    /[!$^&*@#%]/.test(value) &&
    isPasswordLike(value)
  )
}

/** `RAILS_MASTER_KEY=…`: a variable of an environment, in capitals, holds a value and never code. */
function isInEnvironment(text: string, { index, groups }: RegExpExecArray): boolean {
  const name = groups?.name ?? ''
  const before =
    text
      .slice(Math.max(0, index - MAX_NAME_CHARS), index)
      .split(/[^A-Z\d_]/)
      .at(-1) ?? ''
  return /^[A-Z_]+$/.test(name) && before.endsWith('_') && /^[A-Z]/.test(before)
}

const MAX_NAME_CHARS = 40
/** A part of a key between dots. */
const MIN_PART_CHARS = 16
const HEX_KEY = /^[\da-f]{32,128}$/i

/** Hexadecimal keys too: outside of settings they would be hashes. */
function isEnvironmentSecret(value: string, certainty: Certainty): boolean {
  if (HEX_KEY.test(value) || isEncoded(value)) return true
  if (/^[\w.=-]+$/.test(value) && value.split('.').some((part) => isRandomLike(part, MIN_PART_CHARS))) return true
  return (
    certainty === 'secret' && /^[A-Za-z\d]+$/.test(value) && value.length >= MIN_BARE_CHARS && isPasswordLike(value)
  )
}

/** An address has forty digits, a key of a wallet has more. */
function isWalletKey(name: string, value: string): boolean {
  return /^private[_-]?key$/i.test(name) && /^0x[\da-f]{64}$/i.test(value)
}

const MIN_BARE_CHARS = 12
const MIN_KEY_CHARS = 20

/** What a name that says little must hold: neither a hash nor a UUID. */
function isDrawn(value: string): boolean {
  return isRandomLike(value, MIN_KEY_CHARS) && !/^[\da-f-]+$/i.test(value) && /[A-Z]/.test(value) && /[a-z]/.test(value)
}

/** True for a value with a capital that no argument follows, for `password=input1` is code; `pass` alone says too little. */
function isLast(text: string, { index, 0: matched, groups }: RegExpExecArray): boolean {
  return (
    /\p{Lu}/u.test(groups?.bare ?? '') &&
    (text[index - 1] === '_' || !/^pass$/i.test(groups?.name ?? '')) &&
    /^(?:\s|\}|\\n|$)/.test(text.slice(index + matched.length, index + matched.length + 2))
  )
}

/** True for a bare value of a settings file: `NAME=value` without spaces, `name: value` that ends its line, or the default in `${NAME:value}`. */
function isSetting(operator: string, text: string, match: RegExpExecArray): boolean {
  if (operator === '=' || /\$\{[\w.-]*$/.test(text.slice(Math.max(0, match.index - MAX_NAME_CHARS), match.index)))
    return true
  const end = match.index + match[0].length
  return operator.trim() === ':' && /^[ \t]{0,40}(?:\r?\n|$|#)/.test(text.slice(end, end + 42))
}
