/** Owns telling an example of a secret from a secret: `<your-key>`, `process.env.TOKEN`, `changeme`. */

const TEMPLATE =
  /^<.*>$|\$\{|#\{[a-z@]\w|\/aws4_request$|\{\{|^\{[^{}]*\}|^\$\(?[A-Za-z_]|^%[\w(]|^@\{|^\[.*\]$|^![01],\w+:|process\.env|os\.environ|getenv|import\.meta/
const FILLER = /(.)\1{3}|\.{3}|…|^(.)\2*$|abcdefghijklmnopqrstuvwxyz|^0123456789abcdef$/i
/** In a long value four alike in a row may be chance. */
const LONG_FILLER = /(.)\1{5}|\.{3}|…|^(.)\2*$|abcdefghijklmnopqrstuvwxyz/i
const LONG_CHARS = 24
const NAMED =
  /\byour\b|(?<![a-z])your[-_]|example|place[-_ ]?holder|redacted|change[-_ ]?me|replace[-_ ]?(?:me|with)|insert[-_ ]|goes[-_ ]here/i
const WORDS = new Set(
  'a abc access admin api app auth bar baz bearer client code correct default demo dev dummy fake foo foobar foobaz guest id invalid key letmein local login me my mysql no none not null pass passwd password passphrase postgres private qwerty redis refresh root sample secret secrets some string super supersecret test tests testing the this todo token true undefined user username valid value wrong yes'.split(
    ' ',
  ),
)

/** Whether the value is a reference, a template or filler: what stands where a secret will. */
export function isPlaceholder(value: string): boolean {
  return TEMPLATE.test(value) || NAMED.test(value) || /\.{3}|…|^\*+$|^[xX]{4,}$|^\[?redacted|(.)\1{7}/.test(value)
}

/** Whether the value is no secret of anybody's: a reference, a template, filler, or made of words such as `test` and `password` only. */
export function isExampleValue(value: string): boolean {
  const filler = value.length < LONG_CHARS ? FILLER : LONG_FILLER
  if (TEMPLATE.test(value) || filler.test(value) || NAMED.test(value)) return true
  const words = value
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .match(/\p{L}+/gu)
  return words?.every((word) => WORDS.has(word)) ?? false
}
