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

/** A file with a chunk for each list of terms. */
function fileOf(chunks: readonly (readonly number[])[]) {
  const places = chunks.map((_, at) => ({
    startLine: at + 1,
    endLine: at + 1,
    kind: 'block' as const,
    symbol: null,
    scope: '',
    offset: 0,
    length: 1,
    tokens: 1,
  }))
  const packed = encodeSegment(
    places,
    chunks.map((chunk) => hashTerms(wordsOf(chunk))),
    [],
  )
  return {
    path: 'a.ts',
    segment: decodeSegment(
      packed,
      encodeVectors(
        chunks.map(() => new Float32Array(1)),
        1,
      ),
      1,
    ),
    pathTerms: [],
  }
}

const wordsOf = (terms: readonly number[]) => terms.map((term) => `term${term}`)

it('finds in merged postings what the segments say, and what stands there', () => {
  const terms = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 120 })
  fc.assert(
    fc.property(fc.array(fc.array(terms, { maxLength: 4 }), { maxLength: 30 }), (files) => {
      const [kept, passing] = [true, false].map((isKept) => createCorpus(files.map(fileOf), isKept))
      const chunks = files.flat()
      for (const term of [...new Set(chunks.flat().slice(0, 50)), 5_000]) {
        const merged = kept?.postings(hashTerm(`term${term}`))
        const found = chunks.flatMap((all, place) => (all.includes(term) ? [place] : []))
        expect([...(merged?.places ?? [])]).toEqual(found)
        expect([...(merged?.counts ?? [])]).toEqual(
          found.map((place) => chunks[place]?.filter((one) => one === term).length),
        )
        expect(passing?.postings(hashTerm(`term${term}`))).toEqual(merged)
      }
    }),
    { numRuns: 30 },
  )
})
