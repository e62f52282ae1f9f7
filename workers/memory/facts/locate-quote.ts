/** Owns the proof that a quote stands in its turn. What it answers is always a piece of a message, letter by letter. */

/** Shorter quotes prove nothing, unless they are all that was said; a letter of a script without spaces says more. */
const MIN_LETTERS = 8
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/gu

/** Where models stray while they copy: the shape of quotation marks and dashes; and spaces, widths, and how accents are encoded. */
const LOOSE: Readonly<Record<string, string>> = Object.fromEntries(
  [...'’‘‚‛′´`']
    .map((mark) => [mark, "'"])
    .concat(
      [...'“”„‟«»″「」『』'].map((mark) => [mark, '"']),
      [...'‐‑‒–—―−'].map((mark) => [mark, '-']),
    ),
)
/** A letter with its marks; a syllable of Hangul may be written as up to three. */
const CHARACTER = /[\u1100-\u115F][\u1160-\u11FF]*|\P{M}(?:\p{M}|\uFF9E|\uFF9F)*|\p{M}+/gu
const UNSEEN = /\p{Cf}|\uFE0E|\uFE0F/gu
/** In more than so many units, of all messages together, a quote must stand as it is. */
const MAX_LOOSE_UNITS = 2_000_000

/** Finds quotes in the messages of a turn. Reading them loosely costs the length of the turn, once. */
export function quoteLocator(messages: readonly string[]): (quote: string) => string | undefined {
  const units = messages.reduce((sum, { length }) => sum + length, 0)
  let loose: readonly string[] | undefined
  return (quote) => {
    const wanted = quote.trim()
    if (wanted === '') return undefined
    if (messages.some((message) => message.includes(wanted) && isProof(wanted, message))) return wanted
    loose ??= units > MAX_LOOSE_UNITS ? [] : messages.map((message) => loosened(message).text)
    const needle = loosened(wanted).text
    if (needle === '') return undefined
    for (const [index, text] of loose.entries()) {
      const at = text.indexOf(needle)
      if (at < 0) continue
      const message = messages[index] as string
      const { offsets } = loosened(message)
      const found = message.slice(offsets[at], offsets[at + needle.length]).trim()
      if (isProof(found, message)) return found
    }
    return undefined
  }
}

function isProof(piece: string, message: string): boolean {
  return weightOf(piece) >= MIN_LETTERS || piece === message.trim()
}

/** A text with one space for many, and one way to write each character; `offsets[i]` is where the i-th unit begins in the original, and the last its end. */
type Loose = { readonly text: string; readonly offsets: readonly number[] }

function loosened(original: string): Loose {
  let text = ''
  const offsets: number[] = []
  for (const { 0: character, index } of original.matchAll(CHARACTER)) {
    const isSpace = /^\s/.test(character)
    if (isSpace && text.endsWith(' ')) continue
    const shown = isSpace ? ' ' : (LOOSE[character] ?? character.normalize('NFKC').replace(UNSEEN, ''))
    for (let unit = 0; unit < shown.length; unit += 1) offsets.push(index)
    text += shown
  }
  offsets.push(original.length)
  return { text, offsets }
}

function weightOf(text: string): number {
  const letters = text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
  return letters + 2 * (text.match(DENSE)?.length ?? 0)
}
