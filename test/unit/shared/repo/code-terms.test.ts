import { expect, it } from 'vitest'
import { chunkTerms, codeQueryTerms, codeTerms } from '../../../../shared/repo/ranking/code-terms.ts'

it.each([
  ['has()', 'cache.has(key)'],
  ['is not', 'if x is not None'],
  ['do while', 'do { next() } while (left)'],
  ['i', 'for (let i = 0; i < n; i++)'],
  ['計', '// 消費税を計算する'],
  ['税', '// 消費税を計算する'],
])('%s is found in %s', (query, code) => {
  const terms = new Set(chunkTerms(code))
  const asked = codeQueryTerms(query)
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.some((term) => terms.has(term))).toBe(true)
})

it('words that say nothing are asked for only where there are no others, or where they are called', () => {
  expect(codeQueryTerms('where is the user made')).toEqual(codeTerms('user made'))
  expect(codeQueryTerms('who calls has()')).toContain('~has')
})
