import { withoutInjected } from '../../../shared/memory/injected-blocks.ts'
import { headOf, tailOf } from './cut-text.ts'

/**
 * Owns what of a message a model reads: what somebody said, without what a host or a tool has put in, and bounded.
 * Guarantees: linear time; what is kept stands in the message letter by letter, but for the marks of what is left out.
 */

/** Code between fences, when it is long; a short piece may be what the talk is about. */
const FENCED = /^(```|~~~)[^\n]*\n([\s\S]*?)^\1/gm
const MAX_FENCED_CHARS = 400
/** Base64, hashes, minified code: no word has so many letters. */
const BLOB =
  /[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]{200,}/gu
/** A line of a dump: JSON, a log, a trace. */
const DUMP =
  /^[ \t]*(?:[[{].{300,}|\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d.*|(?:INFO|WARN|WARNING|ERROR|DEBUG|TRACE)\b.*|at\s+\S+\s+\(.*|"[\w.-]{1,60}"\s*:.*)$(?:\n|$)/gm
/** On a line of its own, so that no sentence reaches across what is missing. */
const OMITTED = '\n[…]\n'

/** Of a longer message the beginning and the end are read: what people say stands there, what they paste between. In tokens, about. */
const MAX_TOKENS_READ = 5_000
const HEAD_SHARE = 0.8

/** The text as it goes into a prompt; empty when nobody said anything. */
export function readableText(message: string): string {
  const said = withoutInjected(message, OMITTED)
    .replace(FENCED, (block, _fence, code: string) => (code.length > MAX_FENCED_CHARS ? OMITTED : block))
    .replace(BLOB, OMITTED)
    .replace(DUMP, OMITTED)
  // The bounds keep a run of spaces from costing its square.
  const text = clipped(said, MAX_TOKENS_READ)
    .replace(/(?:\s{0,10}\[…\]\s{0,10})+/g, OMITTED)
    .trim()
  return text.replace(/^\[…\]\s{0,10}|\s{0,10}\[…\]$/g, '')
}

/** The beginning and the end of a text that has more tokens, by `roughTokens`. */
export function clipped(text: string, maxTokens: number): string {
  if (roughTokens(text) <= maxTokens) return text
  const head = headOf(text, unitsWithin(text, maxTokens * HEAD_SHARE))
  const others = text.slice(head.length)
  return head + OMITTED + tailOf(others, unitsWithin(others, maxTokens * (1 - HEAD_SHARE), true))
}

/** How many units from the beginning, or from the end, have about so many tokens. */
function unitsWithin(text: string, tokens: number, isFromEnd = false): number {
  let left = tokens
  let units = 0
  while (units < text.length && left > 0) {
    left -= tokensOfUnit(text.charCodeAt(isFromEnd ? text.length - 1 - units : units))
    units += 1
  }
  return units
}

/**
 * About how many tokens a text has, without a tokenizer (200 ms to load): four letters of English are one, two of Greek, Cyrillic or Arabic,
 * and nearly every character of Chinese, Japanese or Korean. Measured with cl100k on chats: 2 % to 20 % too high.
 */
export function roughTokens(text: string): number {
  let tokens = 0
  for (let index = 0; index < text.length; index += 1) tokens += tokensOfUnit(text.charCodeAt(index))
  return Math.ceil(tokens)
}

function tokensOfUnit(unit: number): number {
  if (unit < 0x80) return 0.25
  return unit < 0x2e80 ? 0.6 : 1.25
}
