import { describe, expect, it } from 'vitest'
import { type Candidate, fuse, LOCAL_FUSION_WEIGHTS } from '../../../../../shared/memory/search/fusion.ts'

function candidate(item: string, keyword: number, cosine: number | undefined, isBySpeaker = false): Candidate<string> {
  return { item, keyword, cosine, isBySpeaker, isOfTime: false }
}

function order(...candidates: Candidate<string>[]): string[] {
  return fuse(candidates, LOCAL_FUSION_WEIGHTS).map((ranked) => ranked.item)
}

describe('fuse', () => {
  it('orders by keywords, and by meaning where they are equal', () => {
    expect(order(candidate('far', 2, 0.1), candidate('near', 2, 0.8), candidate('best', 8, 0.1))).toEqual([
      'best',
      'near',
      'far',
    ])
  })

  it('orders by meaning alone when no keyword matches', () => {
    expect(order(candidate('a', 0, 0.2), candidate('b', 0, 0.6), candidate('c', 0, 0.4))).toEqual(['b', 'c', 'a'])
  })

  it('does not care in which range a model puts its cosines', () => {
    const keywords = [1, 5, 3, 4]
    const wide = keywords.map((keyword, i) => candidate(`${i}`, keyword, [0.9, 0.1, 0.5, 0.3][i]))
    const narrow = keywords.map((keyword, i) => candidate(`${i}`, keyword, 0.7 + ([0.9, 0.1, 0.5, 0.3][i] ?? 0) / 10))
    expect(order(...narrow)).toEqual(order(...wide))
  })

  it('prefers the speaker that the query names, but not without a match', () => {
    expect(order(candidate('other', 5, 0.5), candidate('named', 4, 0.5, true))).toEqual(['named', 'other'])
    expect(order(candidate('match', 5, 0.5), candidate('named', 0, 0.5, true))).toEqual(['match', 'named'])
    expect(order(candidate('best', 9, 0.9), candidate('plain', 0, 0.2), candidate('named', 0, 0.1, true))).toEqual([
      'best',
      'plain',
      'named',
    ])
  })

  it('counts an item without a vector as average', () => {
    expect(order(candidate('low', 3, 0.1), candidate('none', 3, undefined), candidate('high', 3, 0.9))).toEqual([
      'high',
      'none',
      'low',
    ])
    expect(order(candidate('a', 1, undefined), candidate('b', 2, undefined))).toEqual(['b', 'a'])
  })

  it('says why, in parts that do not depend on the units of the scores', () => {
    const [first, second] = fuse([candidate('a', 10, 0.8, true), candidate('b', 5, 0.2)], LOCAL_FUSION_WEIGHTS)
    expect(first?.why).toEqual({ keyword: 1, meaning: 1, isBySpeaker: true, isOfTime: false })
    expect(second?.why.keyword).toBe(0.5)
    expect(second?.why.meaning).toBeLessThan(0)
    expect(first?.score).toBeCloseTo((1 + LOCAL_FUSION_WEIGHTS.meaning) * 1.5)
  })

  it('keeps the order of equals and accepts no candidates', () => {
    expect(order(candidate('a', 1, 0.5), candidate('b', 1, 0.5))).toEqual(['a', 'b'])
    expect(order()).toEqual([])
  })
})
