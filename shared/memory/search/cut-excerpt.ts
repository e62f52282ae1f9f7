import { termsOf } from '../../ai/local/terms.ts'
import { countTokens } from '../../ai/tokens/token-count.ts'

/**
 * Cuts what a turn says about a query out of it: the sentences with the query's words, in their order, gaps marked. Never inside a word or a character.
 * What is already said elsewhere is left out. Bounded: of a huge turn the beginning is read.
 */

type ExcerptOptions = {
  /** The words asked for, each with its terms. */
  readonly terms: readonly (readonly string[])[]
  readonly maxTokens: number
  /** Pieces of the turn that need not be repeated. */
  readonly known?: readonly string[]
}

const MAX_READ = 100_000
/** A sentence longer than this, in UTF-16 units, is several pieces; smaller ones where one of these is too long: a character may be two tokens. */
const PIECE_UNITS = [400, 100, 25]
/** Fewer tokens than this say nothing. */
const MIN_TOKENS = 8
const GAP = ' … '
/** Rather more units than a text of so many tokens has. */
const UNITS_PER_TOKEN = 6
const sentences = new Intl.Segmenter('en', { granularity: 'sentence' })
/** Also those of Thai, Chinese and Japanese, whatever the language. */
const words = new Intl.Segmenter('en', { granularity: 'word' })
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** So much is read behind a border to find it, in UTF-16 units. */
const LONGEST_WORD = 40

type Piece = { readonly start: number; readonly end: number; readonly text: string; readonly weight: number }

/** The excerpt, or nothing when all that answers is known or nothing fits. A text that fits is given whole, unless a part of it is known. */
export async function cutExcerpt(
  text: string,
  { terms, maxTokens, known = [] }: ExcerptOptions,
): Promise<string | undefined> {
  if (maxTokens < MIN_TOKENS) return undefined
  if (known.length === 0 && text.length <= maxTokens * UNITS_PER_TOKEN && (await countTokens(text)) <= maxTokens)
    return text
  const groupByTerm = new Map(terms.flatMap((group, at) => group.map((term): [string, number] => [term, at])))
  for (const maxUnits of PIECE_UNITS) {
    const excerpt = await choosePieces(text, groupByTerm, maxUnits, maxTokens, known)
    if (excerpt !== undefined) return excerpt || undefined
  }
  return undefined
}

/** Empty when all that answers is known, undefined when no piece fits. */
async function choosePieces(
  text: string,
  groupByTerm: ReadonlyMap<string, number>,
  maxUnits: number,
  maxTokens: number,
  known: readonly string[],
): Promise<string | undefined> {
  const pieces = firstOfEach(piecesOf(text.slice(0, MAX_READ), groupByTerm, maxUnits)).filter(
    ({ text: piece }) => !isKnown(piece, known),
  )
  const matching = pieces.filter(({ weight }) => weight > 0)
  // What was found by its meaning or its neighbours is shown from its beginning; what is known in part, by what is asked only.
  const wanted = (matching.length > 0 || known.length > 0 ? matching : pieces).toSorted(
    (a, b) => b.weight - a.weight || a.start - b.start,
  )
  if (wanted.length === 0) return ''
  const chosen: Piece[] = []
  let units = 0
  for (const piece of wanted) {
    if (chosen.length > 0 && units + piece.text.length > maxTokens * UNITS_PER_TOKEN) break
    chosen.push(piece)
    units += piece.text.length
  }
  while (chosen.length > 0) {
    const excerpt = join(text, chosen)
    const tokens = await countTokens(excerpt)
    if (tokens <= maxTokens) return excerpt
    if (chosen.length === 1) return undefined
    // The last are the least; as many as are surely too many.
    chosen.splice(Math.min(chosen.length - 1, Math.max(1, Math.ceil((chosen.length * maxTokens) / tokens))))
  }
  return undefined
}

/** Sentences, long ones in pieces, with how many of the words asked for each has. */
function piecesOf(text: string, groupByTerm: ReadonlyMap<string, number>, maxUnits: number): Piece[] {
  const pieces: Piece[] = []
  for (const { segment, index } of sentences.segment(text))
    for (let start = 0; start < segment.length; ) {
      const end = endOfPiece(segment, start, maxUnits)
      const piece = segment.slice(start, end)
      const groups = new Set(termsOf(piece).flatMap((term) => groupByTerm.get(term) ?? []))
      if (piece.trim() !== '') pieces.push({ start: index + start, end: index + end, text: piece, weight: groups.size })
      start = end
    }
  return pieces
}

/** Shorter ones, as "Yes, I do.", may mean another thing each time. */
const MIN_REPEATED_UNITS = 20

/** The pieces without those that repeat an earlier one: mails quote what they answer, again and again. */
function firstOfEach(pieces: readonly Piece[]): Piece[] {
  const seen = new Set<string>()
  return pieces.filter(({ text }) => {
    const said = text
      .replace(/^[>\s]+/gm, '')
      .replace(/\s+/g, ' ')
      .trim()
    if (said.length < MIN_REPEATED_UNITS) return true
    const isFirst = !seen.has(said)
    seen.add(said)
    return isFirst
  })
}

/** At a space where there is one, else between words as their script has them; a word that is longer is cut between characters. */
function endOfPiece(sentence: string, start: number, maxUnits: number): number {
  const most = start + maxUnits
  if (sentence.length <= most) return sentence.length
  const space = sentence.lastIndexOf(' ', most)
  if (space > start) return space + 1
  const around = sentence.slice(start, most + LONGEST_WORD)
  return start + (borderIn(around, words, maxUnits) || borderIn(around, characters, maxUnits) || maxUnits)
}

/** The last border up to there, 0 if there is none. */
function borderIn(text: string, segmenter: Intl.Segmenter, at: number): number {
  return segmenter.segment(text).containing(at)?.index ?? 0
}

/** The pieces in their order, each first one of a message with who said it. */
function join(text: string, pieces: readonly Piece[]): string {
  let excerpt = ''
  let last = 0
  for (const { start, end } of pieces.toSorted((a, b) => a.start - b.start)) {
    const line = text.lastIndexOf('\n', start - 1) + 1
    const speaker = /^[^\n:]{1,80}: /.exec(text.slice(line, Math.min(start, line + 82)))?.[0] ?? ''
    const isNewLine = line > last || last === 0
    if (start > last) excerpt += `${excerpt === '' ? '' : GAP}${isNewLine && start > line ? `${speaker}… ` : ''}`
    excerpt += text.slice(start, end)
    last = end
  }
  return excerpt.trim() + (last < text.trimEnd().length ? ' …' : '')
}

function isKnown(piece: string, known: readonly string[]): boolean {
  const said = piece.trim()
  return known.some((one) => one.includes(said) || (one.length >= said.length * 0.6 && said.includes(one)))
}
