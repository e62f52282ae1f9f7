import type { Segment, SegmentChunk } from '../index-format/code-segment.ts'

/**
 * Owns how ranked chunks become hits: those that the budget of tokens lets through, with chunks that touch in a file as one. Pure.
 * Guarantees: tokens are counted on the text of a hit as it is served, so that the hits together never exceed the budget.
 */

/** `chunk` is the place of a chunk in its file's segment; the chunks of one file share its object. */
type Found = { readonly file: { readonly segment: Segment }; readonly chunk: number }

/** The best of some chunks that touch, with the first and the last of them, how many they are, and the text from one to the other. */
type Joined<One> = One & {
  readonly first: SegmentChunk
  readonly last: SegmentChunk
  readonly chunks: number
  readonly text: string
  readonly tokens: number
}

type JoinOptions<One extends Found> = {
  /** How many chunks are looked at. */
  readonly limit: number
  readonly budgetTokens: number
  /** The source that the offsets of a file's chunks are in. */
  sourceOf(file: One['file']): string
  countTokens(text: string): number
}

/**
 * Takes chunks, best first, while they fit: a run that is joined must not lose its best part to a budget that only the whole exceeds.
 * The hits come in the order of their best chunks.
 */
export function joinNeighbours<One extends Found>(ranked: readonly One[], options: JoinOptions<One>): Joined<One>[] {
  const { limit, budgetTokens, sourceOf, countTokens } = options
  const pieceOf = (run: readonly One[]) => {
    const [first, last] = [chunkOf(run[0] as One), chunkOf(run.at(-1) as One)]
    // What is left of an end of line that has two characters.
    const text = sourceOf((run[0] as One).file)
      .slice(first.offset, last.offset + last.length)
      .replace(/\r$/, '')
    return { first, last, chunks: run.length, text, tokens: countTokens(text) }
  }
  let tokensLeft = budgetTokens
  const kept = new Map<One, ReturnType<typeof pieceOf> & { readonly rank: number }>()
  for (const [rank, one] of ranked.slice(0, limit).entries()) {
    const piece = pieceOf([one])
    if (piece.tokens > tokensLeft) continue
    tokensLeft -= piece.tokens
    kept.set(one, { ...piece, rank })
  }
  const hits = [...Map.groupBy(kept.keys(), ({ file }) => file).values()].flatMap((ofFile) =>
    runsOf(ofFile, sourceOf).flatMap((run) => {
      const parts = run.map((one) => ({ ...one, ...(kept.get(one) as ReturnType<typeof pieceOf> & { rank: number }) }))
      if (run.length === 1) return parts
      const whole = pieceOf(run)
      // The blanks between the parts, and words that only the whole has, cost tokens too.
      const added = whole.tokens - parts.reduce((sum, { tokens }) => sum + tokens, 0)
      if (added > tokensLeft) return parts
      tokensLeft -= added
      const best = parts.reduce((one, other) => (other.rank < one.rank ? other : one))
      return [{ ...best, ...whole }]
    }),
  )
  return hits.sort((a, b) => a.rank - b.rank)
}

function runsOf<One extends Found>(found: readonly One[], sourceOf: JoinOptions<One>['sourceOf']): One[][] {
  const runs: One[][] = []
  for (const one of found.toSorted((a, b) => a.chunk - b.chunk)) {
    const run = runs.at(-1)
    const before = run?.at(-1)
    // Between pieces of one long line others may lie that were not found: only the next one may touch.
    const isNext = before !== undefined && one.chunk === before.chunk + 1
    if (run && isNext && touch(sourceOf(one.file), chunkOf(before), chunkOf(one))) run.push(one)
    else runs.push([one])
  }
  return runs
}

/** Whether nothing lies between two chunks but the end of a line. */
function touch(source: string, chunk: SegmentChunk, next: SegmentChunk): boolean {
  const end = chunk.offset + chunk.length
  return next.offset >= end && next.startLine - chunk.endLine <= 1 && source.slice(end, next.offset).trim() === ''
}

function chunkOf({ file, chunk }: Found): SegmentChunk {
  return file.segment.chunks[chunk] as SegmentChunk
}
