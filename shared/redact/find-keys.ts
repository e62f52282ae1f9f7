import { isPlaceholder } from './example-value.ts'
import { KEY_FORMATS, type KeyBody, type KeyFormat } from './key-formats.ts'
import type { FoundSecret } from './secret-span.ts'
import { isMixedCase, isRandomLike } from './value-strength.ts'

/**
 * Finds keys by the formats of their providers. Guarantees: linear time, since a prefix is tried where a word begins only and its body is read once;
 * what is made of words, as names of classes and settings are, is no key.
 */

const CHARACTERS: Readonly<Record<KeyBody, string>> = {
  hex: '0123456789abcdefABCDEF',
  lower: 'abcdefghijklmnopqrstuvwxyz0123456789',
  upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  alnum: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
  word: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-',
  dotted: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.',
  base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=%',
}
/** By code unit, whether it may stand in a body. */
const IN_BODY = Object.fromEntries(
  Object.entries(CHARACTERS).map(([body, characters]) => [
    body,
    Uint8Array.from({ length: 128 }, (_, code) => Number(characters.includes(String.fromCharCode(code)))),
  ]),
) as Record<KeyBody, Uint8Array>
const IN_WORD = IN_BODY.word
const IN_ALNUM = IN_BODY.alnum

/** Formats by their first two code units, all of them ASCII. */
const FORMATS = Map.groupBy(KEY_FORMATS, ({ prefix }) => pairAt(prefix, 0))
const BEGINS_FORMAT = Uint8Array.from({ length: 128 * 128 }, (_, pair) => Number(FORMATS.has(pair)))

/** The keys of a text, in their order. */
export function* keysIn(text: string): Generator<FoundSecret> {
  let isInWord = false
  for (let at = 0; at + 1 < text.length; at += 1) {
    const isWord = IN_WORD[text.charCodeAt(at)] === 1
    if (isWord && !isInWord) {
      const pair = pairAt(text, at)
      const found = BEGINS_FORMAT[pair] === 1 && keyBeginning(text, at, FORMATS.get(pair) ?? [])
      if (found && !isInData(text, at)) {
        yield found
        at = found.end - 1
      }
    }
    isInWord = isWord
  }
}

function pairAt(text: string, at: number): number {
  return text.charCodeAt(at) * 128 + text.charCodeAt(at + 1)
}

/** True if the text before is base64, where a prefix occurs by chance. */
function isInData(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - DATA_CHARS), at)
  return before.length === DATA_CHARS && /^[A-Za-z\d+/]+[+/]$/.test(before) && /\d/.test(before) && isMixedCase(before)
}

const DATA_CHARS = 40

function keyBeginning(text: string, at: number, formats: readonly KeyFormat[]): FoundSecret | undefined {
  for (const format of formats) {
    const found = keyAt(text, at, format)
    if (found) return found
  }
  return undefined
}

function keyAt(
  text: string,
  start: number,
  { kind, prefix, body, minChars, maxChars }: KeyFormat,
): FoundSecret | undefined {
  if (!text.startsWith(prefix, start)) return undefined
  const isIn = IN_BODY[body]
  const from = start + prefix.length
  let end = from
  while (isIn[text.charCodeAt(end)] === 1 && end - from <= maxChars) end += 1
  // The full stop of a sentence is none of the key's.
  while (body === 'dotted' && text[end - 1] === '.') end -= 1
  const chars = end - from
  // A run that goes on in other letters is something else.
  if (chars < minChars || chars > maxChars || IN_ALNUM[text.charCodeAt(end)] === 1) return undefined
  const value = text.slice(from, end)
  return isPlaceholder(value) || (body !== 'upper' && isMadeOfWords(value)) ? undefined : { kind, start, end }
}

const PIECE = /[A-Za-z0-9]+/g
const MIN_PIECE_CHARS = 8

/** Whether no piece of a key's body looks drawn by chance. */
function isMadeOfWords(body: string): boolean {
  const pieces = body.match(PIECE) ?? []
  return !pieces.some(
    (piece) =>
      piece.length >= MIN_PIECE_CHARS &&
      (/\d/.test(piece) ? /[A-Za-z]/.test(piece) || piece.length >= 12 : isMixedCase(piece) && isRandomLike(piece)),
  )
}
