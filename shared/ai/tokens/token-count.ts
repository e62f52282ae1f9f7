/**
 * Owns the counting of tokens, so that callers can cut a text to what a model takes before they send it.
 * Guarantees: linear time on any text, and never a count below the real one. Loads the tokenizer (200 ms) only for texts that need it.
 */

import { endOfPiece } from './ascii-pieces.ts'
import { createPieceCounter, type Ranks } from './byte-pairs.ts'

// The tokenizer is quadratic in the length of one unbroken word: 200,000 letters took 14.8 s, in slices of 512 they take 40 ms.
const SLICE_CHARS = 512
/** Of one UTF-16 unit. */
const MAX_UTF8_BYTES = 3

type CountSlice = (slice: string) => number

/** How a family of models cuts text into tokens. */
type Encoding = 'o200k' | 'cl100k'
const counters = new Map<Encoding, Promise<CountSlice>>()
const textCounters = new Map<Encoding, Promise<(text: string) => number>>()

const CL100K_MODELS = /^(gpt-4(?![o.\d])|gpt-3\.5|gpt-35|text-embedding-(3|ada))/
const O200K_MODELS = /^(gpt-(4o|4\.1|4\.5|[5-9]|oss)|chatgpt-4o|o[1-9])/

/** The encoding of a model of OpenAI; undefined for other makers'. A name may have its maker in front: `openai/gpt-5`. */
export function encodingOf(model: string): Encoding | undefined {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  if (CL100K_MODELS.test(name)) return 'cl100k'
  return O200K_MODELS.test(name) ? 'o200k' : undefined
}

/** A function that counts at once, for who counts many texts; one per encoding. As `countTokens` in all else. */
export function loadTokenCounter(encoding: Encoding): Promise<(text: string) => number> {
  let counter = textCounters.get(encoding)
  if (!counter) {
    counter = loadCounter(encoding).then((countSlice) => (text) => {
      if (text.length <= SLICE_CHARS) return countSlice(text)
      let tokens = 0
      for (const slice of slicesOf(text)) tokens += countSlice(slice)
      return tokens
    })
    textCounters.set(encoding, counter)
  }
  return counter
}

/**
 * The tokens of a text in the encoding of OpenAI's embedding models (cl100k), by gpt-tokenizer.
 * Special tokens such as `<|endoftext|>` count as the plain text they are. At most one token in 512 characters too high.
 */
export async function countTokens(text: string): Promise<number> {
  return (await loadTokenCounter('cl100k'))(text)
}

/** A text in parts of at most `maxTokens` tokens each, in order; blank ones are left out. Never splits a surrogate pair. */
export async function splitByTokens(text: string, maxTokens: number): Promise<string[]> {
  // A token is at least one byte, so short texts need no tokenizer.
  if (Buffer.byteLength(text) <= maxTokens) return [text]
  const countSlice = await loadCounter('cl100k')
  const parts: string[] = []
  let [part, tokens] = ['', 0]
  for (const slice of slicesOf(text)) {
    let rest = slice
    for (let restTokens = countSlice(rest); rest !== ''; restTokens = countSlice(rest)) {
      if (tokens + restTokens <= maxTokens) {
        part += rest
        tokens += restTokens
        break
      }
      const prefix = longestPrefix(rest, maxTokens - tokens, countSlice)
      // One character may have more tokens than fit; it is a part of its own then.
      const taken = prefix === '' && part === '' ? rest.slice(0, wholeCharacters(rest, 2)) : prefix
      parts.push(part + taken)
      rest = rest.slice(taken.length)
      part = ''
      tokens = 0
    }
  }
  return [...parts, part].filter((found) => found.trim() !== '')
}

function longestPrefix(slice: string, maxTokens: number, countSlice: CountSlice): string {
  let fits = 0
  let tooLong = slice.length
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1
    if (countSlice(slice.slice(0, middle)) <= maxTokens) fits = middle
    else tooLong = middle
  }
  const prefix = slice.slice(0, wholeCharacters(slice, fits))
  return prefix.isWellFormed() ? prefix : ''
}

/** Cuts before a space, where the encoding itself begins a new piece, and inside a word only if it is longer than a slice. */
function* slicesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const window = text.slice(start, start + SLICE_CHARS)
    const isLast = start + window.length === text.length
    const space = window.lastIndexOf(' ')
    const length = isLast ? window.length : space > 0 ? space : wholeCharacters(window, window.length)
    yield window.slice(0, length)
    start += length
  }
}

function wholeCharacters(text: string, length: number): number {
  const last = text.charCodeAt(length - 1)
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff
  return isHighSurrogate && length > 1 ? length - 1 : length
}

const RANKS: Readonly<Record<Encoding, () => Promise<{ readonly default: Ranks }>>> = {
  o200k: () => import('gpt-tokenizer/bpeRanks/o200k_base'),
  cl100k: () => import('gpt-tokenizer/bpeRanks/cl100k_base'),
}

function loadCounter(encoding: Encoding): Promise<CountSlice> {
  let counter = counters.get(encoding)
  if (!counter) {
    counter = createCounter(encoding)
    counters.set(encoding, counter)
  }
  return counter
}

async function createCounter(encoding: Encoding): Promise<CountSlice> {
  const [{ default: ranks }, patterns] = await Promise.all([
    RANKS[encoding](),
    import('gpt-tokenizer/encodingParams/constants'),
  ])
  const isCl100k = encoding === 'cl100k'
  const pattern = isCl100k ? patterns.CL100K_TOKEN_SPLIT_REGEX : patterns.O200K_TOKEN_SPLIT_REGEX
  const bytes = new Uint8Array(SLICE_CHARS * MAX_UTF8_BYTES)
  const countPiece = createPieceCounter(ranks, bytes.length)
  const encoder = new TextEncoder()
  return (slice) => {
    const { written } = encoder.encodeInto(slice, bytes)
    let tokens = 0
    if (isCl100k && written === slice.length)
      for (let from = 0; from < written; ) {
        const to = endOfPiece(bytes, from, written)
        tokens += countPiece(bytes, from, to)
        from = to
      }
    else
      for (const [piece] of slice.matchAll(pattern))
        tokens += countPiece(bytes, 0, encoder.encodeInto(piece, bytes).written)
    return tokens
  }
}
