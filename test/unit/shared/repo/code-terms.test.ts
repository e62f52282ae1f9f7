import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hashTerm } from '../../../../shared/repo/index-format/code-segment.ts'
import { chunkTerms, codeQueryTerms, codeTerms } from '../../../../shared/repo/ranking/code-terms.ts'

it.each([
  ['has()', 'cache.has(key)'],
  ['is not', 'if x is not None'],
  ['do while', 'do { next() } while (left)'],
  ['i', 'for (let i = 0; i < n; i++)'],
  ['計', '// 消費税を計算する'],
  ['税', '// 消費税を計算する'],
])('%s is found in %s', (query, code) => {
  const terms = new Set(Array.from(chunkTerms(code).hashes))
  const asked = codeQueryTerms(query)
  expect(asked.length).toBeGreaterThan(0)
  expect(asked.some((term) => terms.has(hashTerm(term)))).toBe(true)
})

it('words that say nothing are asked for only where there are no others, or where they are called', () => {
  expect(codeQueryTerms('where is the user made')).toEqual(codeTerms('user made'))
  expect(codeQueryTerms('who calls has()')).toContain('~has')
})

it('reads ASCII by its bytes as it reads other text by its words', () => {
  const piece = fc.constantFrom(
    'getUserName',
    'HTTPServer2',
    'user_name',
    '__',
    "isn't",
    "it's",
    'of',
    'x',
    '\n',
    '\0',
    '+',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), fc.constantFrom('', ' '), (pieces, between) => {
      const text = pieces.join(between)
      const [own, other] = [chunkTerms(text), chunkTerms(`${text} é`)]
      expect([...Array.from(own.hashes), hashTerm('e')]).toEqual(Array.from(other.hashes))
      expect(own.words + 1).toBe(other.words)
    }),
  )
})
