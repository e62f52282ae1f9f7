import { sentenceAround } from '../local-rules/fact-sentences.ts'
import type { TextSpan } from './cut-text.ts'
import { foreignShare } from './own-words.ts'

/**
 * Owns the proof that a quote stands in its turn. A quote that is found is a piece of one message, letter by letter, that neither begins nor ends
 * inside a word or a number; a short one is widened to its sentence.
 */

/** Shorter quotes are widened; a letter of a script without spaces says more. */
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
/** In more units than this, of all messages together, a quote must be there as it is. */
const MAX_LOOSE_UNITS = 2_000_000
/** Where the same words are there more often, the first of these that is the speaker's own counts. */
const MAX_PLACES = 20

export type LocatedQuote = TextSpan & { readonly message: number; readonly text: string }
/** A message, and where it holds other people's words. */
export type QuotedMessage = { readonly content: string; readonly foreign: readonly TextSpan[] }

/** Finds quotes in the messages of a turn. Reading them loosely costs the length of the turn, once. `fact` is what a single word must be part of. */
export function quoteLocator(
  messages: readonly QuotedMessage[],
): (quote: string, fact?: string) => LocatedQuote | undefined {
  const units = messages.reduce((sum, { content }) => sum + content.length, 0)
  let loose: readonly string[] | undefined
  return (quote, fact = '') => {
    const wanted = quote.trim()
    if (wanted === '') return undefined
    const exact = placesOf(wanted, messages)
    const place = exact.find((one) => !isForeign(one, messages)) ?? exact[0] ?? loosely(wanted)
    return place && widened(place, messages[place.message]?.content ?? '', fact)
  }

  function loosely(wanted: string): Place | undefined {
    loose ??= units > MAX_LOOSE_UNITS ? [] : messages.map(({ content }) => loosened(content).text)
    const needle = loosened(wanted).text
    if (needle === '') return undefined
    for (const [message, text] of loose.entries()) {
      const at = text.indexOf(needle)
      if (at < 0) continue
      const { offsets } = loosened(messages[message]?.content ?? '')
      return { message, start: offsets[at] as number, end: offsets[at + needle.length] as number }
    }
    return undefined
  }
}

type Place = TextSpan & { readonly message: number }

function placesOf(wanted: string, messages: readonly QuotedMessage[]): Place[] {
  const places: Place[] = []
  for (const [message, { content }] of messages.entries()) {
    for (let at = content.indexOf(wanted); at >= 0 && places.length < MAX_PLACES; at = content.indexOf(wanted, at + 1))
      places.push({ message, start: at, end: at + wanted.length })
  }
  return places
}

function isForeign(place: Place, messages: readonly QuotedMessage[]): boolean {
  return foreignShare(place, messages[place.message]?.foreign ?? []) > 0.5
}

/** To whole words, and a short one to its sentence; undefined where it is a word or less that proves nothing. */
function widened({ message, ...place }: Place, content: string, fact: string): LocatedQuote | undefined {
  const whole = toWholeWords(place, content)
  const piece = content.slice(whole.start, whole.end).trim()
  if (weightOf(piece) >= MIN_LETTERS || piece === content.trim()) return located(whole, message, content)
  const isCut = whole.start !== place.start || whole.end !== place.end
  const isSeveralWords =
    /[\p{L}\p{M}\p{N}][^\p{L}\p{M}\p{N}'’]+[\p{L}\p{N}]/u.test(piece) || weightOf(piece) >= MIN_LETTERS - 2
  const isNamed = piece.length > 2 && wordsIn(fact).includes(piece.toLowerCase())
  if (isCut || !(isSeveralWords || isNamed)) return undefined
  return located(sentenceAround(content, whole), message, content)
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}'’-]+/gu) ?? []
}

function located({ start, end }: TextSpan, message: number, content: string): LocatedQuote {
  return { message, start, end, text: content.slice(start, end).trim() }
}

const WORD = /[\p{L}\p{M}\p{N}_]/u
const MAX_WORD_UNITS = 64

function toWholeWords({ start, end }: TextSpan, content: string): TextSpan {
  let [from, to] = [start, end]
  const isInside = (at: number) =>
    WORD.test(content[at - 1] ?? '') &&
    WORD.test(content[at] ?? '') &&
    !isDense(content[at - 1]) &&
    !isDense(content[at])
  while (from > 0 && start - from < MAX_WORD_UNITS && isInside(from)) from -= 1
  while (to < content.length && to - end < MAX_WORD_UNITS && isInside(to)) to += 1
  // Groups of digits are one number.
  const next = /^[ .,-]?\p{Nd}[\p{Nd} .,-]{0,30}/u.exec(content.slice(to, to + 32))?.[0] ?? ''
  if (/\p{Nd}$/u.test(content.slice(from, to))) to += next.replace(/[ .,-]{1,30}$/, '').length
  return { start: from, end: to }
}

function isDense(character = ''): boolean {
  return character.search(DENSE) >= 0
}

/** A text with one space for many, and one way to write each character; `offsets[i]` is where the i-th unit begins in the original, and the last its end. */
type Loose = { readonly text: string; readonly offsets: readonly number[] }

function loosened(original: string): Loose {
  let text = ''
  const offsets: number[] = []
  // Asking the text itself would make one piece of it each time, at the cost of its length.
  let endsInSpace = false
  for (const { 0: character, index } of original.matchAll(CHARACTER)) {
    const isSpace = /^\s/.test(character)
    if (isSpace && endsInSpace) continue
    const shown = isSpace ? ' ' : (LOOSE[character] ?? character.normalize('NFKC').replace(UNSEEN, ''))
    for (let unit = 0; unit < shown.length; unit += 1) offsets.push(index)
    text += shown
    if (shown !== '') endsInSpace = shown.endsWith(' ')
  }
  offsets.push(original.length)
  return { text, offsets }
}

/** Marks count as letters: they are vowels in many scripts. */
function weightOf(text: string): number {
  const letters = text.match(/[\p{L}\p{M}\p{N}]/gu)?.length ?? 0
  return letters + 2 * (text.match(DENSE)?.length ?? 0)
}
