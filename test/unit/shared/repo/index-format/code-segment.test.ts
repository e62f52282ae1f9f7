import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  decodeSegment,
  encodeSegment,
  encodeVectors,
  hashTerm,
  hashTerms,
} from '../../../../../shared/repo/index-format/code-segment.ts'
import { createCorpus } from '../../../../../shared/repo/ranking/code-corpus.ts'
import { scoreArms, topScored } from '../../../../../shared/repo/ranking/retrievers.ts'

/** What is packed comes out again: each term where it stands and as often, vectors as near as two bytes a number can be. */

const DIMS = 8
const chunk = (at: number) => ({
  startLine: at + 1,
  endLine: at + 2,
  kind: 'block' as const,
  symbol: at % 2 ? `s${at}` : null,
  scope: 'ü',
  offset: at,
  length: 5,
  tokens: 2,
})
const term = fc.constantFrom('load', 'store', 'merge', 'größe', 'x', 'y2')
const vector = fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: DIMS, maxLength: DIMS })

it('gives back chunks, terms and vectors', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(term), vector), { maxLength: 12 }), (given) => {
      const vectors = given.map(([, numbers]) => Float32Array.from(numbers))
      const chunks = given.map((_, at) => chunk(at))
      const symbols = [{ name: 'f', kind: 'function', startLine: 1, endLine: 2, scope: '' }]
      const packed = encodeSegment(
        chunks,
        given.map(([terms]) => hashTerms(terms)),
        symbols,
      )
      // The driver's buffers begin anywhere.
      const shifted = Buffer.concat([Buffer.alloc(3), packed]).subarray(3)
      const segment = decodeSegment(shifted, encodeVectors(vectors, DIMS), DIMS)
      expect([segment.chunks, segment.symbols]).toEqual([chunks, symbols])
      expect([...segment.terms]).toEqual([...segment.terms].sort((a, b) => a - b))
      given.forEach(([terms], at) => {
        for (const word of new Set(terms)) {
          const place = segment.terms.indexOf(hashTerm(word))
          const postings = [...segment.postingChunks].slice(segment.starts[place], segment.starts[place + 1])
          const posting = (segment.starts[place] ?? 0) + postings.indexOf(at)
          expect(segment.postingCounts[posting]).toBe(terms.filter((one) => one === word).length)
        }
      })
      vectors.forEach((exact, at) => {
        const largest = Math.max(...exact.map(Math.abs))
        exact.forEach((value, d) => {
          const stored = (segment.vectors[at * DIMS + d] as number) * (segment.scales[at] as number)
          expect(Math.abs(stored - value)).toBeLessThanOrEqual(largest / 30_000)
        })
      })
    }),
    { numRuns: 60 },
  )
})

it('scores the chunk that has the rarer terms highest, and orders places as a sort does', () => {
  const texts = [['load', 'x'], ['load', 'merge'], ['load'], ['x', 'x']]
  const packed = encodeSegment(
    texts.map((_, at) => chunk(at)),
    texts.map(hashTerms),
    [],
  )
  const vectors = encodeVectors(
    texts.map(() => new Float32Array(DIMS).fill(1)),
    DIMS,
  )
  const segment = decodeSegment(packed, vectors, DIMS)
  const { keywords, cosines } = scoreArms(createCorpus([{ path: 'a.ts', segment, pathTerms: [] }], true), {
    terms: ['load', 'merge'],
    vector: new Float32Array(DIMS).fill(0.5),
  })
  expect(topScored(keywords, 4)[0]).toBe(1)
  expect(keywords[3]).toBe(0)
  expect(cosines?.[0]).toBeCloseTo(DIMS / 2, 3)
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 }),
      fc.integer({ min: 0, max: 12 }),
      (all, count) => {
        const expected = all
          .map((score, place) => ({ score, place }))
          .filter(({ score }) => score > 0)
          .sort((a, b) => b.score - a.score || a.place - b.place)
          .slice(0, count)
        expect(topScored(Float32Array.from(all), count)).toEqual(expected.map(({ place }) => place))
      },
    ),
    { numRuns: 100 },
  )
})
