import type { Segment, SegmentChunk } from '../index-format/code-segment.ts'

/** Owns how ranked chunks become hits: as many as the budget of tokens lets through, those that follow each other in a file as one. Pure. */

/** `chunk` is the place of a chunk in its file's segment; the chunks of one file share its object. */
type Found = { readonly file: { readonly segment: Segment }; readonly chunk: number }

/** The best of some chunks that follow each other, with the first and the last of them. */
export type Joined<One> = One & { readonly first: SegmentChunk; readonly last: SegmentChunk; readonly tokens: number }

/**
 * Takes chunks, best first, while they fit: a run that is joined must not lose its best part to a budget that only the whole exceeds.
 * The hits come in the order of their best chunks.
 */
export function joinNeighbours<One extends Found>(
  ranked: readonly One[],
  limit: number,
  budgetTokens: number,
): Joined<One>[] {
  let tokensLeft = budgetTokens
  const kept = ranked.slice(0, limit).filter((one) => {
    const { tokens } = chunkOf(one)
    if (tokens > tokensLeft) return false
    tokensLeft -= tokens
    return true
  })
  const rankOf = new Map(kept.map((one, rank) => [one, rank]))
  const runs = [...Map.groupBy(kept, ({ file }) => file).values()].flatMap((ofFile) =>
    runsOf(ofFile.toSorted((a, b) => a.chunk - b.chunk)),
  )
  return runs
    .map((run) => {
      const best = run.reduce((one, other) => ((rankOf.get(other) ?? 0) < (rankOf.get(one) ?? 0) ? other : one))
      const tokens = run.reduce((sum, one) => sum + chunkOf(one).tokens, 0)
      const joined = { ...best, first: chunkOf(run[0] as One), last: chunkOf(run.at(-1) as One), tokens }
      return { joined, rank: rankOf.get(best) ?? 0 }
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ joined }) => joined)
}

function runsOf<One extends Found>(sorted: readonly One[]): One[][] {
  const runs: One[][] = []
  for (const one of sorted) {
    const run = runs.at(-1)
    const before = run?.at(-1)
    // Between pieces of one long line others may lie that were not found: only the next one follows.
    if (run && before && one.chunk === before.chunk + 1 && follows(chunkOf(before), chunkOf(one))) run.push(one)
    else runs.push([one])
  }
  return runs
}

function follows(chunk: SegmentChunk, next: SegmentChunk): boolean {
  return next.offset >= chunk.offset + chunk.length && next.startLine - chunk.endLine <= 1
}

function chunkOf({ file, chunk }: Found): SegmentChunk {
  return file.segment.chunks[chunk] as SegmentChunk
}
