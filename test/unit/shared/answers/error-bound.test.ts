import { expect, it } from 'vitest'
import { ALPHA, addVerdict, errorBound, NO_EVIDENCE } from '../../../../shared/answers/error-bound.ts'

it.each([
  // By the Beta quantile: 1 - alpha^(1/n) where there is no error.
  [299, 0, 0.05, 1 - 0.05 ** (1 / 299)],
  [368, 0, 0.025, 1 - 0.025 ** (1 / 368)],
  [100, 3, 0.05, 0.0757],
  [400, 4, 0.01, 0.0289],
])('bounds the error of %i checks with %i errors', (checks, errors, alpha, bound) => {
  expect(errorBound(checks, errors, alpha)).toBeCloseTo(bound, 3)
})

it('is 1 where nothing is known', () => {
  expect([errorBound(0, 0, 0.05), errorBound(3, 3, 0.05)]).toEqual([1, 1])
})

it('looks at 400, 800, 1,600 checks only', () => {
  let evidence = NO_EVIDENCE
  const looks = []
  for (let check = 1; check <= 3_200; check++) {
    const next = addVerdict(evidence, true, 1)
    if (next.looks > evidence.looks) looks.push(check)
    evidence = next
  }
  expect(looks).toEqual([400, 800, 1_600, 3_200])
})

it('opens a bucket whose true error is just above the bound in at most 5 % of runs', () => {
  const [delta, runs, buckets] = [0.02, 400, 10]
  let state = 12_345
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 31
  }
  let opened = 0
  for (let run = 0; run < runs; run++) {
    let isOpened = false
    for (let bucket = 0; bucket < buckets && !isOpened; bucket++) {
      let evidence = NO_EVIDENCE
      for (let check = 0; check < 1_600 && !isOpened; check++) {
        evidence = addVerdict(evidence, random() >= 1.1 * delta, buckets)
        isOpened = evidence.bound <= delta
      }
    }
    if (isOpened) opened += 1
  }
  expect(opened / runs).toBeLessThanOrEqual(ALPHA)
})
