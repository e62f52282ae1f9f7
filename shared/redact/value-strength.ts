/** Tells a secret from a name, a label or a number by the characters of which it is made. Pure; linear. */

const MIN_PASSWORD_CHARS = 4
const MIN_RANDOM_CHARS = 10
/** A value of which words are a greater share is a name. */
const MAX_WORD_SHARE = 0.6
const MIN_BITS = 2.5

/** Signs that stand in passwords and in few names; an `@` only between letters, or it would be a version: `react@18`. */
const PASSWORD_SIGN = /[!$^&*€£§]|\p{L}@\p{L}/u
const ISO_DATE = /^\d{4}-\d\d(?:-\d\d|$)/
/** Somebody may have chosen one as a password. */
const NAMED_DATE = /^\d{1,2}[/-][A-Za-z]{3,9}[/-]\d{4}$/
/** Names that are made of letters with digits. */
const TERM =
  /^(?:(?:sha|md|aes|asn|pkcs|rsa|rs|es|hs|ps|ed|utf|base|oauth|argon|http|ipv|tls|ssl|win|log|web|node|java|py|python|php|pg|postgres|mysql|redis|gpt|x|ec|s|h)\d{1,5}[a-z]{0,4}|i18n|l10n|a11y|k8s|b2b|e2e|p2p|utf8mb4|base64url|argon2id|rot13|apr1|latin1|ucs2|u?int(?:8|16|32|64)|float(?:32|64)|(?:tls|ssl)v[1-3]{1,2})$/i

/**
 * Whether one word is what people choose as a password: letters with digits or signs, and neither a name nor a term. `isSure` says that the value is
 * a password by its place, so that one digit behind a word is enough.
 */
export function isPasswordLike(value: string, isSure = false): boolean {
  if (value.length < MIN_PASSWORD_CHARS || isAddress(value) || ISO_DATE.test(value)) return false
  if (isRandomLike(value)) return true
  const [hasLetter, hasDigit] = [/\p{L}/u.test(value), /\p{Nd}/u.test(value)]
  if (!hasDigit) return hasLetter && /\p{L}[!$^*€£§]\p{L}|\p{L}@\p{L}[^.]{0,60}[!$^*€£§]/u.test(value)
  if (PASSWORD_SIGN.test(value)) return true
  if (!hasLetter) return false
  const pieces = value.split(/[^\p{L}\p{Nd}]+/u).filter((piece) => piece !== '')
  if (pieces.length === 1) return !isFormal(pieces[0] ?? '') && (isSure || !/^\p{L}+\p{Nd}$/u.test(value))
  const isPointer = pieces.every((piece) => POINTER_WORD.test(piece) || /^\p{Nd}+$/u.test(piece))
  return pieces.some((piece) => !isFormal(piece) || (!isPointer && /^\p{Nd}{4,8}$/u.test(piece)))
}
/** Words of a value that says nothing but where the password is: `see-ticket-4521`. */
const POINTER_WORD = /^(?:see|ticket|issue|page|step|section|siehe|seite)$/i

/** True for a word with a number, as names and many passwords are: `Tulip_884`. No term, date or address. */
export function isWordWithNumber(value: string): boolean {
  if (value.length < MIN_NUMBERED_CHARS || isAddress(value) || isDate(value)) return false
  if (!/\p{L}{3}/u.test(value) || !/^[\p{L}\p{Nd}_-]+$/u.test(value)) return false
  return /\p{Nd}$/u.test(value) && value.split(/[_-]/).every((piece) => !TERM.test(piece))
}
const MIN_NUMBERED_CHARS = 6

/** True for words joined with a number, of two digits where they are fewer than three: `Tulip-884-Rose`, `open-sesame-99`. */
export function isPhraseWithNumber(value: string): boolean {
  if (value.length < MIN_NUMBERED_CHARS || !/\p{Nd}/u.test(value) || isDate(value)) return false
  const pieces = value.split(/[_-]/)
  const isWordOrNumber = (piece: string) => /^(?:\p{Lu}?\p{Ll}+\p{Nd}*|\p{Nd}+)$/u.test(piece) && !TERM.test(piece)
  if (!pieces.every(isWordOrNumber) || pieces.some((piece) => RULE_WORD.test(piece))) return false
  const words = pieces.filter((piece) => /^\p{L}{2}/u.test(piece)).length
  return words >= 3 || (/\p{Nd}{2}/u.test(value) && (words === 2 || /\p{Lu}\p{Ll}{2}/u.test(value)))
}
/** Words of rules for passwords, of their names, and of where they are written: `min-12-chars`, `db-password-01`. */
const RULE_WORD =
  /^(?:min|max|minimum|maximum|least|most|than|over|under|chars?|characters?|digits?|letters?|length|days?|weeks?|months?|years?|hours?|minutes?|pass(?:word|wd|phrase)?|secret|key|token|creds?|name|see|item|ticket|issue|page|step|section|version|type|field|input|form|level|zeichen|tage?|siehe|seite|caract[eè]res?|caracteres|jours|d[ií]as|dias|tekens|dagen|znak[óo]w|dni)\p{Nd}*$/iu

/** True for a value that is a day, with its month in digits or in letters. */
export function isDate(value: string): boolean {
  return ISO_DATE.test(value) || NAMED_DATE.test(value)
}

/** Whether a piece may belong to a name: letters, a number, a term, a letter or two before a number, a number with its unit. */
function isFormal(piece: string): boolean {
  return TERM.test(piece) || /^(?:\p{L}+|\p{Nd}+|\p{L}{1,2}\p{Nd}{1,3}|\p{Nd}{1,4}\p{L}{1,3})$/u.test(piece)
}

/** Whether a value looks drawn by chance, as keys and tokens do: letters and digits mixed, and few of them in words. */
export function isRandomLike(value: string, minChars = MIN_RANDOM_CHARS): boolean {
  const letters = value.replace(/[^A-Za-z0-9]+/g, '')
  if (letters.length < minChars || isAddress(value) || isDate(value)) return false
  if (!/[A-Za-z]/.test(letters) || (!/\d/.test(letters) && !isMixedCase(letters))) return false
  return wordCharsOf(value) < letters.length * MAX_WORD_SHARE && bitsPerCharacter(letters) >= MIN_BITS
}

/** Of letters alone only a long run in both cases is drawn by chance, which a capitalized word is not. */
export function isMixedCase(letters: string): boolean {
  return letters.length >= MIN_MIXED_LETTERS && /[a-z]/.test(letters) && /.[A-Z]/.test(letters)
}

const MIN_MIXED_LETTERS = 20

/** Whether a value is a long run of base64, which may begin with a slash and be no path. */
export function isEncoded(value: string): boolean {
  return (
    /^[A-Za-z\d+/_-]{40,4000}={0,2}$/.test(value) &&
    /\d/.test(value) &&
    isMixedCase(value.replace(/[^A-Za-z]+/g, '')) &&
    wordCharsOf(value) < value.length * MAX_WORD_SHARE
  )
}

/** The letters of a value that are in words. */
function wordCharsOf(value: string): number {
  const pieces = value.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []
  return pieces.reduce((sum, piece) => sum + (isWord(piece) ? piece.length : 0), 0)
}

function isWord(piece: string): boolean {
  return (
    piece.length >= 3 &&
    /[aeiouy]/i.test(piece.length > 4 ? piece : piece.slice(1)) &&
    !/[bcdfghjklmnpqrstvwxz]{5}/i.test(piece)
  )
}

/** One version, a range of them, or what has one: `^12.0`, `v1.4.3/go.mod`, `some-tool-0.20.8`. */
const VERSION =
  /^[\^~<>=v]{0,3}\d{1,6}(?:\.(?:\d{1,6}|x|\*)){1,3}(?:[-+][\w.+-]{0,60}|\/[a-z.]{1,60})?$|^[a-z]{2,20}(?:[-_.][a-z]{1,20}){0,5}[-_@]v?\d{1,4}(?:\.\d{1,4}){2}$/i

const FILE =
  /^[\w.-]{1,100}\.(?:json|ya?ml|toml|xml|properties|ini|enc|pem|crt|js|ts|py|rb|go|java|php)$|^[a-z]{1,20}\d?\.conf$/
/** An address, a path, a colour, versions, a section of a standard, an e-mail address, a type or a call is no secret by itself. */
function isAddress(value: string): boolean {
  return (
    value.split(/\|{1,2}/).every((part) => VERSION.test(part)) ||
    /^[a-z][a-z0-9+.-]{1,20}:\/\/|^[.~]{0,2}\/|^[a-z]:\\|^#[\da-f]{3,8}$|^0x[\da-f]{1,64}$|[<>{}()[\]]/i.test(value) ||
    FILE.test(value) ||
    /\/\w{1,60}@\d{4}-\d\d-\d\d$/.test(value) ||
    /^(?:RFC[ -]?\d{3,5}|CVE-\d{4}-\d{4,7})(?!\w)/i.test(value) ||
    /^[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}$/.test(value)
  )
}

/** True for an unquoted value that is code: a reference, a call, a member. */
export function isCode(value: string): boolean {
  return /^[.~&*@]|[(<{[]|=>|::|\w\.\p{L}\w{0,40}(?:\.|$)/u.test(value)
}

/** Shannon's entropy. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
