import { readFileSync } from 'node:fs'
import { createLocalProvider } from '../shared/ai/local/local-provider.ts'
import { BUCKETS, bucketOf } from '../shared/answers/answers.ts'
import { addVerdict, type Evidence, NO_EVIDENCE } from '../shared/answers/error-bound.ts'
import { mayShareAnswer } from '../shared/answers/question-guards.ts'
import { type Benchmark, round } from './benchmark.ts'

/**
 * What a cache of similar questions gives away: pairs of questions, each labelled as the same or not. The first of a pair is what the cache holds, the second is asked. Static thresholds serve by
 * similarity alone; ours learns from half of the pairs and is judged on the other half, over many shuffles.
 */

const SHUFFLES = 20
const MAX_ERROR_RATE = 0.01
const BATCH = 200

type Pair = { readonly a: string; readonly b: string; readonly same: boolean }
type Scored = Pair & { readonly similarity: number; readonly isGuarded: boolean }
type Served = { readonly hits: number; readonly right: number; readonly asked: number }

const benchmark: Benchmark = {
  usage: ['FILE'],
  async run([file = '']) {
    const pairs = await score(JSON.parse(readFileSync(file, 'utf8')) as Pair[])
    const statics = [0.8, 0.9, 0.95].map(
      (threshold) =>
        [`static ${threshold.toFixed(2)}`, judge(pairs, ({ similarity }) => similarity >= threshold)] as const,
    )
    const guarded = judge(pairs, ({ similarity, isGuarded }) => isGuarded && similarity >= 0.8)
    const runs = Array.from({ length: SHUFFLES }, (_, seed) => learnAndServe(shuffle(pairs, seed + 1)))
    const ours = runs.reduce((sum, run) => ({
      hits: sum.hits + run.hits,
      right: sum.right + run.right,
      asked: sum.asked + run.asked,
    }))
    const errorBoundHeld = runs.filter(({ hits, right }) => hits - right <= MAX_ERROR_RATE * hits).length
    const rows = [...statics, ['guards alone, 0.80', guarded] as const, ['ours (serve)', ours] as const]
    console.log('rule                   precision   hit ratio')
    for (const [rule, served] of rows)
      console.log(`${rule.padEnd(22)} ${percent(precisionOf(served))} ${percent(served.hits / served.asked)}`)
    console.log(
      `error bound of ${MAX_ERROR_RATE * 100} % held in ${errorBoundHeld} of ${SHUFFLES} shuffles; ${pairs.length} pairs`,
    )
    return {
      ...Object.fromEntries(
        rows.map(([rule, served]) => [
          rule,
          { precision: round(precisionOf(served)), hitRatio: round(served.hits / served.asked) },
        ]),
      ),
      errorBoundHeld,
      shuffles: SHUFFLES,
    }
  },
}
export default benchmark

async function score(pairs: readonly Pair[]): Promise<Scored[]> {
  const provider = createLocalProvider()
  const scored: Scored[] = []
  for (let from = 0; from < pairs.length; from += BATCH) {
    const batch = pairs.slice(from, from + BATCH)
    const { vectors } = await provider.embed(
      batch.flatMap(({ a, b }) => [a, b]),
      { purpose: 'query' },
    )
    for (const [index, pair] of batch.entries()) {
      const [one, other] = [vectors[2 * index], vectors[2 * index + 1]] as [Float32Array, Float32Array]
      const similarity = one.reduce((sum, value, place) => sum + value * (other[place] as number), 0)
      scored.push({ ...pair, similarity, isGuarded: mayShareAnswer(pair.a, pair.b) })
    }
  }
  return scored
}

function judge(pairs: readonly Scored[], isHit: (pair: Scored) => boolean): Served {
  const hits = pairs.filter(isHit)
  return { hits: hits.length, right: hits.filter(({ same }) => same).length, asked: pairs.length }
}

/** As `runtime.answers` does it: verdicts fill buckets, a bucket that is proven serves. */
function learnAndServe(pairs: readonly Scored[]): Served {
  const half = Math.floor(pairs.length / 2)
  const buckets = new Array<Evidence>(BUCKETS).fill(NO_EVIDENCE)
  for (const { similarity, isGuarded, same } of pairs.slice(0, half)) {
    const bucket = isGuarded ? bucketOf(similarity) : undefined
    if (bucket !== undefined) buckets[bucket] = addVerdict(buckets[bucket] as Evidence, same, BUCKETS)
  }
  return judge(pairs.slice(half), ({ similarity, isGuarded }) => {
    const bucket = isGuarded ? bucketOf(similarity) : undefined
    return bucket !== undefined && (buckets[bucket] as Evidence).bound <= MAX_ERROR_RATE
  })
}

function shuffle<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  let state = seed
  for (let index = shuffled.length - 1; index > 0; index--) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    const other = state % (index + 1)
    ;[shuffled[index], shuffled[other]] = [shuffled[other] as T, shuffled[index] as T]
  }
  return shuffled
}

/** Nothing served is nothing wrong. */
function precisionOf({ hits, right }: Served): number {
  return hits === 0 ? 1 : right / hits
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`.padStart(9)
}
