import type { TermCorpus, TermOccurrences } from '../../store/search-index/postings.ts'
import { topK } from '../../top-k.ts'

/**
 * Owns the keyword score: BM25F, a turn's neighbours being weaker fields of it, because an answer often stands beside the words that were asked for.
 * Pure: it is given what the index holds of the query's terms. Turns are not indexed a second time with their neighbours.
 * Source: Robertson, Zaragoza, Taylor, Simple BM25 extension to multiple weighted fields, CIKM 2004.
 */

/** How soon more of the same term stops to count. */
export const BM25_K1 = 1.5
/** How much a long item's terms count less, 0 to 1. Half, not the usual 0.75: a short turn is a short reply, not a focused document. */
export const BM25_B = 0.5
/** What a term counts in the turn itself and 1, 2, 3 turns before or after; each step is worth half. */
export const TURN_WEIGHTS: readonly number[] = [1, 0.5, 0.25, 0.125]
/** For items that have no neighbours. */
export const LONE_WEIGHTS: readonly number[] = [1]

/** `item` is undefined where only neighbours have a term; `own` is the part of `score` that the item has without them, under the same formula. */
type KeywordScore = {
  readonly item: number | undefined
  readonly sequence: number
  readonly position: number
  readonly score: number
  readonly own: number
}

/** A term, and what it counts beside others of the same rarity. */
export type WeightedTerm = TermOccurrences & { /** @default 1 */ readonly weight?: number }

/** What a term is worth: the rarer, the more, never negative. */
export function inverseDocumentFrequency(items: number, itemsWithTerm: number): number {
  return Math.log((items - itemsWithTerm + 0.5) / (itemsWithTerm + 0.5) + 1)
}

/** What a weighted, length-normalised frequency counts: rises from 0 and stays below k1 + 1. */
export function saturate(frequency: number): number {
  return (frequency * (BM25_K1 + 1)) / (frequency + BM25_K1)
}

/**
 * Scores every place that holds a term of the query or lies near one, and gives the best, best first. Each term must come with all its occurrences:
 * their number is the document frequency. `isWanted` is asked of each item's id, 0 where only neighbours have a term. Places after the last item of a sequence may be among the answers; who looks items up drops them.
 */
export function scoreKeywords(
  terms: readonly WeightedTerm[],
  corpus: TermCorpus,
  weights: readonly number[] = TURN_WEIGHTS,
  limit = Number.POSITIVE_INFINITY,
  isWanted: (item: number) => boolean = () => true,
): KeywordScore[] {
  const reach = weights.length - 1
  const board = createBoard(reach === 0 ? 1 : BLOCK_PLACES)
  for (const { occurrences, weight = 1 } of terms) {
    const worth = weight * inverseDocumentFrequency(corpus.items, occurrences.length)
    const touched: number[] = []
    for (const { item, sequence, position, itemLength, frequency } of occurrences) {
      const counted = frequency / (1 - BM25_B + (BM25_B * itemLength) / (corpus.averageLength || 1))
      const last = position + reach
      for (let at = Math.max(0, position - reach); at <= last; ) {
        // Places that follow each other in a block are found once.
        const end = Math.min(last, board.lastWith(at))
        let place = board.at(sequence, at)
        const { frequencies, ownFrequencies, items } = board.cells
        for (; at <= end; at++, place++) {
          if (frequencies[place] === 0) touched.push(place)
          frequencies[place] = (frequencies[place] as number) + counted * (weights[Math.abs(at - position)] as number)
          if (at !== position) continue
          ownFrequencies[place] = counted
          items[place] = item
        }
      }
    }
    const { frequencies, ownFrequencies, scores, owns } = board.cells
    for (const place of touched) {
      scores[place] = (scores[place] as number) + worth * saturate(frequencies[place] as number)
      owns[place] = (owns[place] as number) + worth * saturate(ownFrequencies[place] as number)
      frequencies[place] = 0
      ownFrequencies[place] = 0
    }
  }
  const { scores, owns, items } = board.cells
  const scoreAt = (place: number) => scores[place] as number
  const better = (a: number, b: number) => scoreAt(b) - scoreAt(a) || comparePlaces(board.placeOf(a), board.placeOf(b))
  const wanted = board.scored().filter((place) => isWanted(items[place] as number))
  return topK(wanted, limit, better).map((place) => ({
    item: items[place] || undefined,
    ...board.placeOf(place),
    score: scoreAt(place),
    own: owns[place] as number,
  }))
}

/** Neighbours are counted together, so places are kept in blocks of so many that follow each other. */
const BLOCK_PLACES = 16
const INITIAL_BLOCKS = 64

/** Counts for places, in arrays: with maps of maps, 20,000 occurrences took ten times as long. */
function createBoard(blockPlaces: number) {
  const blockBySequence = new Map<number, Map<number, number>>()
  const sequences: number[] = []
  const starts: number[] = []
  const grow = (old: Float64Array | undefined, places: number) => {
    const grown = new Float64Array(places)
    if (old) grown.set(old)
    return grown
  }
  const grownTo = (places: number, old?: Cells): Cells => ({
    items: grow(old?.items, places),
    scores: grow(old?.scores, places),
    owns: grow(old?.owns, places),
    frequencies: grow(old?.frequencies, places),
    ownFrequencies: grow(old?.ownFrequencies, places),
  })
  let lastSequence = Number.NaN
  let lastStart = 0
  let lastBlock = 0
  const board = {
    cells: grownTo(INITIAL_BLOCKS * blockPlaces),
    at(sequence: number, position: number): number {
      if (sequence !== lastSequence || position < lastStart || position >= lastStart + blockPlaces) {
        lastSequence = sequence
        lastStart = position - (position % blockPlaces)
        lastBlock = blockAt(sequence, lastStart)
      }
      return lastBlock * blockPlaces + position - lastStart
    },
    /** The last position of the block in which a position is. */
    lastWith: (position: number) => position - (position % blockPlaces) + blockPlaces - 1,
    scored() {
      const { scores } = board.cells
      const places: number[] = []
      for (let place = 0; place < sequences.length * blockPlaces; place++)
        if ((scores[place] as number) > 0) places.push(place)
      return places
    },
    placeOf(place: number): Place {
      const block = Math.floor(place / blockPlaces)
      return { sequence: sequences[block] as number, position: (starts[block] as number) + (place % blockPlaces) }
    },
  }
  const blockAt = (sequence: number, start: number): number => {
    const blocks = blockBySequence.get(sequence) ?? new Map<number, number>()
    const known = blocks.get(start)
    if (known !== undefined) return known
    const block = sequences.push(sequence) - 1
    starts.push(start)
    blockBySequence.set(sequence, blocks.set(start, block))
    if (sequences.length * blockPlaces > board.cells.scores.length)
      board.cells = grownTo(2 * board.cells.scores.length, board.cells)
    return block
  }
  return board
}

type Place = { readonly sequence: number; readonly position: number }

function comparePlaces(a: Place, b: Place): number {
  return a.sequence - b.sequence || a.position - b.position
}

type Cells = Record<'items' | 'scores' | 'owns' | 'frequencies' | 'ownFrequencies', Float64Array>
