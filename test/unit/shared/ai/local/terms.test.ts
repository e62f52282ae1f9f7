import { describe, expect, it } from 'vitest'
import { termsOf } from '../../../../../shared/ai/local/terms.ts'

describe('termsOf', () => {
  it('drops what says nothing and stems the rest', () => {
    expect(termsOf('When did Ana go hiking with her children?')).toEqual(['ana', 'go', 'hike', 'child'])
    expect(termsOf("She's gone on a hike; the child wasn't.")).toEqual(['go', 'hike', 'child'])
  })

  it('has nothing to say about a query of stop words', () => {
    expect(termsOf('Who are you and what is this?')).toEqual([])
    expect(termsOf('')).toEqual([])
  })

  it('finds an identifier by its name and by its words', () => {
    const terms = termsOf('call getUserName() first')
    expect(terms).toEqual(expect.arrayContaining(termsOf('getUserName')))
    expect(terms).toEqual(expect.arrayContaining(termsOf('user name')))
  })

  it('keeps repetitions, which count', () => {
    expect(termsOf('tea, tea and more tea').filter((term) => term === 'tea')).toHaveLength(3)
  })
})
