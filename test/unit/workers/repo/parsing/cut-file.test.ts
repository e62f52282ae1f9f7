import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CUT_LIMITS, cutFile } from '../../../../../workers/repo/parsing/cut-file.ts'
import type { Definition } from '../../../../../workers/repo/parsing/definition.ts'
import { cpuMsOf } from '../../../../helpers/cpu-time.ts'

/** A tree of definitions within some lines, as a grammar may find them: nested, adjacent, on one line, out of order. */
const definitions = (depth: number): fc.Arbitrary<Definition[]> =>
  fc.array(
    fc
      .record({
        kind: fc.constantFrom('class', 'function', 'method', 'section', 'variable'),
        name: fc.constantFrom('a', 'b', 'c'),
        firstLine: fc.nat(80),
        lead: fc.nat(3),
        length: fc.nat(30),
        members: depth === 0 ? fc.constant([]) : definitions(depth - 1),
      })
      .map(({ firstLine, lead, length, ...rest }) => ({
        ...rest,
        firstLine,
        line: firstLine + lead,
        lastLine: firstLine + lead + length,
      })),
    { maxLength: 5 },
  )

const lines = fc.array(fc.constantFrom('', '  ', 'x = 1', '    deep()', '}', '\tend', 'a b c d e f g'), {
  minLength: 1,
  maxLength: 100,
})

describe('cutFile', () => {
  it('puts every line that is not blank into one piece, in order, within the limit, whatever is defined where', () => {
    fc.assert(
      fc.property(lines, definitions(2), fc.integer({ min: 20, max: 200 }), (text, found, maxTokens) => {
        const sorted = found.toSorted((a, b) => a.firstLine - b.firstLine)
        const tokens = text.map((line) => line.length + 1)
        const pieces = cutFile(text, tokens, sorted, { maxTokens, maxWholeTokens: maxTokens / 2, minTokens: 10 })
        let next = 0
        for (const { first, last } of pieces) {
          expect(text.slice(next, first).every((line) => line.trim() === '')).toBe(true)
          expect(last).toBeGreaterThanOrEqual(first)
          next = last + 1
          const size = tokens.slice(first, last + 1).reduce((sum, one) => sum + one, 0)
          expect(size <= maxTokens || first === last).toBe(true)
        }
        expect(text.slice(next).every((line) => line.trim() === '')).toBe(true)
      }),
    )
  })

  it('ends soon for lines of any shape', async () => {
    const stairs = Array.from({ length: 20_000 }, (_, line) => `${' '.repeat(line % 300)}x`)
    const tokens = stairs.map(() => 10)
    expect(await cpuMsOf(() => cutFile(stairs, tokens, [], CUT_LIMITS))).toBeLessThan(2_000)
  })
})
