/**
 * Cuts texts to a length. Guarantees: never inside a word, a number that is written in groups, or a character of several units; a text without any
 * break near the limit is cut between characters.
 */

/** A piece of a text, in UTF-16 units. */
export type TextSpan = { readonly start: number; readonly end: number }

const words = new Intl.Segmenter('en', { granularity: 'word' })
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })

/** How far from the limit a break between words is looked for, in UTF-16 units. */
const REACH = 200

/** The beginning of a text, of at most `maxUnits` UTF-16 units. */
export function headOf(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text
  return text.slice(0, breakBefore(text, Math.max(0, maxUnits))).trimEnd()
}

/** The end of a text, of at most `maxUnits` UTF-16 units. */
export function tailOf(text: string, maxUnits: number): string {
  if (text.length <= maxUnits) return text
  return text.slice(breakAfter(text, text.length - Math.max(0, maxUnits))).trimStart()
}

function breakBefore(text: string, at: number): number {
  const from = Math.max(0, at - REACH)
  const window = text.slice(from, at + REACH)
  const starts = [...words.segment(window)].map(({ index }) => from + index)
  const found = starts.findLast((start) => start <= at && start > from && !isInsideNumber(text, start))
  return found ?? from + (characters.segment(window).containing(at - from)?.index ?? at - from)
}

function breakAfter(text: string, at: number): number {
  const from = Math.max(0, at - REACH)
  const window = text.slice(from, at + REACH)
  const starts = [...words.segment(window)].map(({ index }) => from + index)
  const found = starts.find((start) => start >= at && !isInsideNumber(text, start))
  if (found !== undefined) return found
  const inside = characters.segment(window).containing(at - from)
  return inside && inside.index < at - from ? from + inside.index + inside.segment.length : at
}

/** Whether digits are on both sides, with at most a space or a mark between. */
function isInsideNumber(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 4), at)
  const after = text.slice(at, at + 4)
  return /[\p{Nd}+(][ .,()/-]{0,2}$/u.test(before) && /^[ .,()/-]{0,2}\p{Nd}/u.test(after)
}
