/**
 * Owns when a bucket of similarity may serve: only when the upper Clopper-Pearson bound of its checked error is low enough, looked at on a fixed schedule.
 * Guarantees: over all buckets and looks together, the chance that one serves whose true error is above the bound is at most `ALPHA`, for traffic like the checked one.
 */

/** Looks come at 400, 800, 1,600 ... checks: whoever looks after each check finds what they hope for sooner or later. */
const FIRST_LOOK = 400
const MAX_LOOKS = 12
export const ALPHA = 0.05
const BISECTIONS = 60

/** What checking has shown of one bucket. `bound` is that of the last look. */
export type Evidence = {
  readonly checks: number
  readonly errors: number
  readonly looks: number
  readonly bound: number
}

export const NO_EVIDENCE: Evidence = { checks: 0, errors: 0, looks: 0, bound: 1 }

/** The evidence after one more verdict. The bound changes at a look only, and each look spends half of what is left of the bucket's share of ALPHA. */
export function addVerdict(evidence: Evidence, isRight: boolean, buckets: number): Evidence {
  const checks = evidence.checks + 1
  const errors = evidence.errors + (isRight ? 0 : 1)
  if (evidence.looks >= MAX_LOOKS || checks < FIRST_LOOK * 2 ** evidence.looks) return { ...evidence, checks, errors }
  const looks = evidence.looks + 1
  return { checks, errors, looks, bound: errorBound(checks, errors, ALPHA / buckets / 2 ** looks) }
}

/** The largest error rate at which this few errors still have a chance of `alpha`. */
export function errorBound(checks: number, errors: number, alpha: number): number {
  if (checks === 0 || errors >= checks) return 1
  let [low, high] = [errors / checks, 1]
  for (let step = 0; step < BISECTIONS; step++) {
    const middle = (low + high) / 2
    if (chanceOfAtMost(errors, checks, middle) > alpha) low = middle
    else high = middle
  }
  return high
}

/** P(X <= errors) of a binomial, summed in logarithms. */
function chanceOfAtMost(errors: number, checks: number, rate: number): number {
  let logTerm = checks * Math.log1p(-rate)
  let sum = Math.exp(logTerm)
  for (let count = 1; count <= errors; count++) {
    logTerm += Math.log((checks - count + 1) / count) + Math.log(rate) - Math.log1p(-rate)
    sum += Math.exp(logTerm)
  }
  return sum
}
