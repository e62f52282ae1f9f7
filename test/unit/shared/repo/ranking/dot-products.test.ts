import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDotProducts } from '../../../../../shared/repo/ranking/dot-products.ts'

const seeds = (length: number, seed: number) => Array.from({ length }, (_, at) => Math.sin(seed + at * 7.3))

it('multiplies as plain JavaScript does, whatever the number of vectors and of their numbers', () => {
  const ways = [createDotProducts(), createDotProducts(false)]
  fc.assert(
    fc.property(
      fc.constantFrom(1, 4, 8, 32, 384),
      fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 4 }),
      fc.integer(),
      (dims, counts, seed) => {
        const query = Float32Array.from(seeds(dims, seed))
        const blocks = counts.map((count) => ({
          vectors: Int16Array.from(seeds(dims * count, seed + count), (number) => Math.round(number * 32_767)),
          scales: Float32Array.from(seeds(count, seed + 2 * count), (number) => number / 32_767),
        }))
        const total = counts.reduce((sum, count) => sum + count, 0)
        const [found, expected] = ways.map((dots) => dots(query, blocks, total)) as [Float32Array, Float32Array]
        const error = found.reduce((most, score, at) => Math.max(most, Math.abs(score - (expected[at] as number))), 0)
        expect(error).toBeLessThanOrEqual(1e-5 * dims)
        expect([found.length, expected.every((score) => Number.isFinite(score))]).toEqual([total, true])
      },
    ),
    { numRuns: 20 },
  )
})
