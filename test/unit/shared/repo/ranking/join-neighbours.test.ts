import { expect, it } from 'vitest'
import { decodeSegment, encodeSegment, encodeVectors } from '../../../../../shared/repo/index-format/code-segment.ts'
import { joinNeighbours } from '../../../../../shared/repo/ranking/join-neighbours.ts'

const NO_TERMS = { hashes: [], words: 0 }

/** A file of five chunks of two lines and 10 tokens, without blank lines between; `gapAfter` is followed by one of three lines. */
function fileOf(gapAfter: number) {
  const chunks = Array.from({ length: 5 }, (_, at) => {
    const startLine = 1 + 2 * at + (at > gapAfter ? 3 : 0)
    const place = { startLine, endLine: startLine + 1, offset: startLine * 10, length: 15 }
    return { ...place, kind: 'function' as const, symbol: `f${at}`, scope: '', tokens: 10 }
  })
  const vectors = encodeVectors(
    chunks.map(() => new Float32Array(4).fill(0.5)),
    4,
  )
  return {
    segment: decodeSegment(
      encodeSegment(
        chunks,
        chunks.map(() => NO_TERMS),
        [],
      ),
      vectors,
      4,
    ),
  }
}

const [a, b] = [fileOf(2), fileOf(9)]
/** As many tokens as characters; chunks of 15 stand at every twentieth from the tenth, with blanks between. */
const options = {
  limit: 10,
  budgetTokens: Number.POSITIVE_INFINITY,
  sourceOf: () => 'x'.repeat(10) + `${'x'.repeat(15)}     `.repeat(20),
  countTokens: (text: string) => text.length,
}
const places = (joined: ReturnType<typeof joinNeighbours>) =>
  joined.map(({ file, chunk, first, last, tokens }) => [
    file === a ? 'a' : 'b',
    chunk,
    first.symbol,
    last.symbol,
    tokens,
  ])

it('joins chunks that touch, in the order of the best, whatever order they come in', () => {
  const ranked = [a, b, a, a, a].map((file, at) => ({ file, chunk: [2, 4, 0, 1, 3][at] as number }))
  expect(places(joinNeighbours(ranked, options))).toEqual([
    ['a', 2, 'f0', 'f2', 55],
    ['b', 4, 'f4', 'f4', 15],
    ['a', 3, 'f3', 'f3', 15],
  ])
  expect(places(joinNeighbours(ranked, { ...options, limit: 2 }))).toHaveLength(2)
  const written = { ...options, sourceOf: () => 'x'.repeat(400) }
  expect(joinNeighbours(ranked, written).map(({ tokens }) => tokens)).toEqual([15, 15, 15, 15, 15])
})

it('keeps the best chunk in a budget that its neighbours exceed', () => {
  const ranked = [2, 1, 0].map((chunk) => ({ file: a, chunk }))
  expect(places(joinNeighbours(ranked, { ...options, budgetTokens: 40 }))).toEqual([['a', 2, 'f1', 'f2', 35]])
  expect(joinNeighbours(ranked, { ...options, budgetTokens: 9 })).toEqual([])
})

it('counts the blanks between chunks, and joins none that only apart are in the budget', () => {
  const ranked = [2, 1, 0].map((chunk) => ({ file: a, chunk }))
  for (let budgetTokens = 1; budgetTokens < 70; budgetTokens++) {
    const hits = joinNeighbours(ranked, { ...options, budgetTokens })
    expect(hits.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(budgetTokens)
    for (const { text, tokens } of hits) expect(tokens).toBe(text.length)
  }
  expect(places(joinNeighbours(ranked, { ...options, budgetTokens: 32 }))).toEqual([
    ['a', 2, 'f2', 'f2', 15],
    ['a', 1, 'f1', 'f1', 15],
  ])
})

it('joins no pieces of one line between which others lie', () => {
  const chunks = Array.from({ length: 4 }, (_, at) => {
    const place = { startLine: 1, endLine: 1, offset: at * 100, length: 100 }
    return { ...place, kind: 'window' as const, symbol: null, scope: '', tokens: 25 }
  })
  const vectors = encodeVectors(
    chunks.map(() => new Float32Array(4).fill(0.5)),
    4,
  )
  const terms = chunks.map(() => NO_TERMS)
  const file = { segment: decodeSegment(encodeSegment(chunks, terms, []), vectors, 4) }
  const joined = joinNeighbours(
    [3, 0, 1].map((chunk) => ({ file, chunk })),
    { ...options, budgetTokens: 400 },
  )
  expect(joined.map(({ first, last, tokens }) => [first.offset, last.offset, tokens])).toEqual([
    [300, 300, 100],
    [0, 100, 200],
  ])
})

it('serves no half of an end of line', () => {
  const sourceOf = () => 'x'.repeat(10) + `${'x'.repeat(14)}\r\n    `.repeat(20)
  const hits = joinNeighbours(
    [0, 1, 3].map((chunk) => ({ file: b, chunk })),
    { ...options, sourceOf },
  )
  const lines = 'x'.repeat(14)
  expect(hits.map(({ text, tokens }) => [text, tokens])).toEqual([
    [`${lines}\r\n    ${lines}`, 34],
    [lines, 14],
  ])
})
