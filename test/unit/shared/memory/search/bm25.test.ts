import { describe, expect, it } from 'vitest'
import {
  inverseDocumentFrequency,
  LONE_WEIGHTS,
  saturate,
  scoreKeywords,
} from '../../../../../shared/memory/search/bm25.ts'
import type { Occurrence } from '../../../../../shared/store/search-index/posting-pages.ts'

const CORPUS = { items: 100, averageLength: 10 }

const WS = 1
const OTHER = 2

type Row = Occurrence & { readonly term: string }
function occurrence(term: string, position: number, more: Partial<Occurrence> = {}): Row {
  return { term, item: 100 + position, frequency: 1, itemLength: 10, sequence: WS, position, ...more }
}

function score(rows: readonly Row[], corpus = CORPUS, weights?: readonly number[], limit?: number) {
  const terms = [...Map.groupBy(rows, ({ term }) => term)].map(([term, occurrences]) => ({ term, occurrences }))
  return scoreKeywords(terms, corpus, weights, limit)
}

function scoreAt(scores: ReturnType<typeof scoreKeywords>, position: number, sequence = WS): number {
  return scores.find((score) => score.position === position && score.sequence === sequence)?.score ?? 0
}

describe('scoreKeywords', () => {
  it('is plain BM25 for an item of average length without neighbours', () => {
    const [only, ...rest] = score([occurrence('tea', 5)], CORPUS, LONE_WEIGHTS)
    expect(rest).toEqual([])
    expect(only?.score).toBeCloseTo(inverseDocumentFrequency(100, 1) * saturate(1))
    expect(only?.own).toBe(only?.score)
  })

  it('gives neighbours a share that falls with the distance, and only inside the sequence', () => {
    const scores = score([occurrence('tea', 5), occurrence('cup', 5, { sequence: OTHER })], CORPUS)
    const around = [5, 6, 7, 8, 9].map((position) => scoreAt(scores, position))
    expect(around).toEqual([...around].sort((a, b) => b - a))
    expect(around[3]).toBeGreaterThan(0)
    expect(around[4]).toBe(0)
    expect(scoreAt(scores, 4)).toBe(scoreAt(scores, 6))
    expect(scores.filter((score) => score.sequence === OTHER)).toHaveLength(7)
    expect(scores.find(({ position }) => position === 6)).toMatchObject({ own: 0, item: undefined })
    expect(scores.find(({ position }) => position === 5)?.item).toBe(105)
  })

  it('prefers the turn between a question and its answer when both hold half of the query', () => {
    const scores = score([occurrence('tea', 4), occurrence('cup', 6), occurrence('tea', 20)], CORPUS)
    expect(scoreAt(scores, 5)).toBeGreaterThan(scoreAt(scores, 20))
  })

  it('values rare terms, repetition with diminishing returns, and short items', () => {
    const common = Array.from({ length: 40 }, (_, i) => occurrence('day', i, { sequence: i + 9 }))
    const scores = score([...common, occurrence('tea', 0)], CORPUS)
    expect(scores[0]?.sequence).toBe(WS)
    const once = scoreAt(score([occurrence('tea', 1)], CORPUS), 1)
    const often = scoreAt(score([occurrence('tea', 1, { frequency: 10 })], CORPUS), 1)
    expect(often).toBeGreaterThan(once)
    expect(often).toBeLessThan(2.5 * once)
    expect(scoreAt(score([occurrence('tea', 1, { itemLength: 50 })], CORPUS), 1)).toBeLessThan(once)
  })

  it('is never negative or NaN: a term in every item, an empty corpus', () => {
    expect(inverseDocumentFrequency(3, 3)).toBeGreaterThan(0)
    const scores = score([occurrence('tea', 1)], { items: 1, averageLength: 0 })
    expect(scores.every(({ score }) => Number.isFinite(score) && score >= 0)).toBe(true)
    expect(score([], { items: 0, averageLength: 0 })).toEqual([])
  })

  it('gives the best of all, however far apart they are and however few are asked for', () => {
    const far = Array.from({ length: 400 }, (_, n) =>
      occurrence('tea', 1 + ((n * 7_919) % 100_000), { item: n + 1, sequence: n % 3, frequency: 1 + (n % 9) }),
    )
    const all = score(far, { items: 1_000, averageLength: 10 })
    expect(all.every((one, n) => n === 0 || one.score <= (all[n - 1]?.score ?? 0))).toBe(true)
    expect(score(far, { items: 1_000, averageLength: 10 }, undefined, 25)).toEqual(all.slice(0, 25))
    expect(new Set(all.flatMap(({ item }) => item ?? [])).size).toBe(400)
  })
})
