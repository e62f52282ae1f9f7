import { redactSecrets } from '../../shared/redact/redact-secrets.ts'

/** Owns which names in a text must be kept letter by letter: a summary that changes one of them misleads whoever uses it. A secret is none of them. */

/** Bounded, so that the time is linear. What stands between words is not part of them. */
const SHAPES = [
  // An address ends where another script begins: Chinese and Japanese put no space there.
  /https?:\/\/[^\s<>"'`)\]}\u0080-\uffff]{3,200}/g,
  /(?<![\w.-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g,
  /(?<![\w./-])(?:\.{0,2}\/)?(?:[\w.@-]{1,64}\/){1,12}[\w.@-]{1,64}\.\w{1,8}\b/g,
  /(?<![\w./-])[\w-]{1,64}\.(?:ts|tsx|js|mjs|py|go|rs|java|kt|rb|c|h|cpp|cs|php|sql|sh|json|ya?ml|toml|md|csv|html|css|lua)\b/g,
  /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi,
  /\b(?=[\da-f]{0,39}\d)(?=[\da-f]{0,39}[a-f])[\da-f]{7,40}\b/g,
  /\b[A-Z][A-Z\d]{1,9}-\d{1,9}\b/g,
  /\b[A-Z][A-Z\d]{1,30}(?:_[A-Z\d]{1,30}){1,6}\b/g,
  /\bv\d{1,4}(?:\.\d{1,5}){1,3}\b/g,
  /(?<![\w#])#\d{1,9}\b/g,
] as const
/** Of one text. */
const MAX_SCANNED_CHARS = 40_000

/** The identifiers in a text, each once, in no particular order. */
export function identifiersIn(text: string): Set<string> {
  const scanned = redactSecrets(text.slice(0, MAX_SCANNED_CHARS)).text
  const found = new Set<string>()
  for (const shape of SHAPES)
    for (const [match] of scanned.matchAll(shape)) if (!isLikeKey(match)) found.add(match.replace(/[.,;:!?]+$/, ''))
  return found
}

/** Hexadecimal digits that are too long for a short commit and no whole one are most often a key. */
function isLikeKey(name: string): boolean {
  return /^[\da-f]{17,}$/i.test(name) && name.length !== COMMIT_DIGITS
}

const COMMIT_DIGITS = 40

/** As many as a summary can be asked to hold. */
const MAX_PINNED = 20
const MIN_MENTIONS = 2
/** What the last summary held counts as if it were mentioned so often more. */
const HELD_MENTIONS = 2
const USER_MENTIONS = 1

/**
 * The identifiers that a summary of these messages must hold: those mentioned most, by users above all, and those that the last one held.
 * Deterministic.
 */
export function pinnedIdentifiers(
  messages: readonly { readonly role: string; readonly text: string }[],
  held: readonly string[],
): string[] {
  const mentions = new Map(held.map((name) => [name, HELD_MENTIONS]))
  for (const { role, text } of messages) {
    const weight = role === 'user' ? 1 + USER_MENTIONS : 1
    for (const name of identifiersIn(text)) mentions.set(name, (mentions.get(name) ?? 0) + weight)
  }
  return [...mentions]
    .filter(([, count]) => count >= MIN_MENTIONS)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, MAX_PINNED)
    .map(([name]) => name)
}
