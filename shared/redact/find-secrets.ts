import { cardNumbersIn, ibansIn } from './bank-numbers.ts'
import { isExampleValue } from './example-value.ts'

/**
 * Owns what is a secret in a text, prose or code: keys of known shapes, passwords in assignments and addresses, card and account numbers.
 * Guarantees: pure; linear time on any text, since every pattern begins where a run begins or is bounded. Hashes, UUIDs and examples are none.
 */

export type SecretKind =
  | 'private-key'
  | 'aws-key'
  | 'github-token'
  | 'gitlab-token'
  | 'slack-token'
  | 'stripe-key'
  | 'anthropic-key'
  | 'openai-key'
  | 'google-key'
  | 'npm-token'
  | 'jwt'
  | 'url-password'
  | 'assigned-secret'
  | 'card-number'
  | 'iban'

/** Where a secret stands: UTF-16 offsets, `end` exclusive. */
export type FoundSecret = { readonly kind: SecretKind; readonly start: number; readonly end: number }

type Shape = { readonly kind: SecretKind; readonly pattern: RegExp; accepts?(value: string): boolean }

// `(?<![\w-])`: a run is tried from its beginning only, or "sk-sk-sk-…" would cost the square of its length.
const SHAPES: readonly Shape[] = [
  {
    kind: 'private-key',
    // Headers such as "Proc-Type: 4,ENCRYPTED" may stand in between, and line ends may be escaped. The end may be cut off.
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:,.()]|-(?!----))*(?:-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----)?/g,
    accepts: (block) => /[A-Za-z0-9+/=]{20}/.test(block),
  },
  { kind: 'aws-key', pattern: /(?<![\w-])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?!\w)/g },
  { kind: 'github-token', pattern: /(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,})/g },
  { kind: 'gitlab-token', pattern: /(?<![\w-])gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)-[\w-]{16,}/g },
  {
    kind: 'slack-token',
    pattern:
      /(?<![\w-])(?:xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{20,})|\bhooks\.slack\.com\/services\/[\w/]{20,}/g,
  },
  { kind: 'stripe-key', pattern: /(?<![\w-])(?:[prs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,})/g },
  { kind: 'anthropic-key', pattern: /(?<![\w-])sk-ant-[\w-]{16,}/g },
  // A name such as `sk-loading-indicator` has no digit.
  { kind: 'openai-key', pattern: /(?<![\w-])sk-[\w-]{20,}/g, accepts: (key) => /\d/.test(key) },
  { kind: 'google-key', pattern: /(?<![\w-])(?:AIza[\w-]{35}|ya29\.[\w-]{20,}|GOCSPX-[\w-]{20,})/g },
  { kind: 'npm-token', pattern: /(?<![\w-])npm_[A-Za-z0-9]{30,}/g },
  { kind: 'jwt', pattern: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/g },
  { kind: 'url-password', pattern: /:\/\/[^\s/:@'"`<>]{0,100}:(?<secret>[^\s/@'"`<>]{1,200})@(?=[\w[])/dg },
  {
    kind: 'assigned-secret',
    pattern:
      /(?:passw(?:or)?d|passphrase|passcode|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|auth[_-]?key|account[_-]?key|credentials?|wachtwoord|passwort|kennwort)["'`\]]{0,2}[ \t]{0,4}(?::=|=>|={1,3}|:)[ \t]{0,4}(?:"(?<double>[^"\n]{6,200})"|'(?<single>[^'\n]{6,200})'|`(?<back>[^`\n]{6,200})`|(?<bare>[^\s'"`,;)}\]]{8,200}))/dgi,
  },
]

/** The secrets of a text in the order in which they stand, without overlaps. */
export function findSecrets(text: string): FoundSecret[] {
  const found = SHAPES.flatMap((shape) => [...matchesOf(shape, text)])
  for (const [start, end] of cardNumbersIn(text)) found.push({ kind: 'card-number', start, end })
  for (const [start, end] of ibansIn(text)) found.push({ kind: 'iban', start, end })
  // Of two at the same place the longer; the sort is stable, so of two equals the one with the more telling name.
  found.sort((a, b) => a.start - b.start || b.end - a.end)
  let free = 0
  return found.filter(({ start, end }) => {
    if (start < free) return false
    free = end
    return true
  })
}

function* matchesOf({ kind, pattern, accepts }: Shape, text: string): Generator<FoundSecret> {
  for (const match of text.matchAll(pattern)) {
    const group = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined)
    const value = group?.[1] ?? match[0]
    if (group?.[0] === 'bare' ? !isLikelyBare(value) : group && group[0] !== 'secret' && !isLikelyQuoted(value))
      continue
    if (accepts && !accepts(value)) continue
    // A key's block has runs of its own; a shape with one character only is filler.
    if (kind !== 'private-key' && isExampleValue(value)) continue
    const [start, end] = (group && match.indices?.groups?.[group[0]]) ?? [match.index, match.index + match[0].length]
    yield { kind, start, end }
  }
}

/** Names, messages, addresses and paths stand in quotes too; a secret has digits or signs, or looks random. */
function isLikelyQuoted(value: string): boolean {
  if (/\s|^[a-z][\w+.-]*:\/\/|^[./~]/.test(value)) return false
  return /\d|[^\p{L}\p{N}_.:/-]/u.test(value) || (value.length >= 20 && entropyOf(value) >= HIGH_ENTROPY_BITS)
}

const HIGH_ENTROPY_BITS = 4
const BARE_ENTROPY_BITS = 3

/** Without quotes it may be code: a name, a call, a member. */
function isLikelyBare(value: string): boolean {
  if (/^[a-z][\w+.-]*:\/\/|^[./~&*]|[(<{[]|\w\.\p{L}|=>|::/u.test(value)) return false
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[^\p{L}\p{N}_.-]/u].filter((kind) => kind.test(value)).length
  if (!/\d/.test(value) || !/\p{L}/u.test(value)) return false
  return kinds >= 3 || (value.length >= 16 && entropyOf(value) >= BARE_ENTROPY_BITS)
}

/** Shannon's entropy in bits a character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}
