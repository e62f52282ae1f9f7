import { describe, expect, it } from 'vitest'
import { inverseDocumentFrequency, LONE_WEIGHTS, saturate, scoreKeywords } from '../../../../shared/memory/bm25.ts'
import type { Occurrence } from '../../../../shared/store/postings.ts'

const CORPUS = { items: 100, averageLength: 10 }

function occurrence(term: string, position: number, more: Partial<Occurrence> = {}): Occurrence {
  return { term, frequency: 1, itemLength: 10, sequence: 'ws', position, ...more }
}

function scoreAt(scores: ReturnType<typeof scoreKeywords>, position: number, sequence: string | number = 'ws'): number {
  return scores.find((score) => score.position === position && score.sequence === sequence)?.score ?? 0
}

describe('scoreKeywords', () => {
  it('is plain BM25 for an item of average length without neighbours', () => {
    const [only, ...rest] = scoreKeywords([occurrence('tea', 5)], CORPUS, LONE_WEIGHTS)
    expect(rest).toEqual([])
    expect(only?.score).toBeCloseTo(inverseDocumentFrequency(100, 1) * saturate(1))
    expect(only?.own).toBe(only?.score)
  })

  it('gives neighbours a share that falls with the distance, and only inside the sequence', () => {
    const scores = scoreKeywords([occurrence('tea', 5), occurrence('cup', 5, { sequence: 'other' })], CORPUS)
    const around = [5, 6, 7, 8, 9].map((position) => scoreAt(scores, position))
    expect(around).toEqual([...around].sort((a, b) => b - a))
    expect(around[3]).toBeGreaterThan(0)
    expect(around[4]).toBe(0)
    expect(scoreAt(scores, 4)).toBe(scoreAt(scores, 6))
    expect(scores.filter((score) => score.sequence === 'other')).toHaveLength(7)
    expect(scores.find((score) => score.position === 6)?.own).toBe(0)
  })

  it('prefers the turn between a question and its answer when both hold half of the query', () => {
    const scores = scoreKeywords([occurrence('tea', 4), occurrence('cup', 6), occurrence('tea', 20)], CORPUS)
    expect(scoreAt(scores, 5)).toBeGreaterThan(scoreAt(scores, 20))
  })

  it('values rare terms, repetition with diminishing returns, and short items', () => {
    const common = Array.from({ length: 40 }, (_, i) => occurrence('day', i, { sequence: `w${i}` }))
    const scores = scoreKeywords([...common, occurrence('tea', 0)], CORPUS)
    expect(scores[0]?.sequence).toBe('ws')
    const once = scoreAt(scoreKeywords([occurrence('tea', 1)], CORPUS), 1)
    const often = scoreAt(scoreKeywords([occurrence('tea', 1, { frequency: 10 })], CORPUS), 1)
    expect(often).toBeGreaterThan(once)
    expect(often).toBeLessThan(2.5 * once)
    expect(scoreAt(scoreKeywords([occurrence('tea', 1, { itemLength: 50 })], CORPUS), 1)).toBeLessThan(once)
  })

  it('is never negative or NaN: a term in every item, an empty corpus', () => {
    expect(inverseDocumentFrequency(3, 3)).toBeGreaterThan(0)
    const scores = scoreKeywords([occurrence('tea', 1)], { items: 1, averageLength: 0 })
    expect(scores.every(({ score }) => Number.isFinite(score) && score >= 0)).toBe(true)
    expect(scoreKeywords([], { items: 0, averageLength: 0 })).toEqual([])
  })
})
