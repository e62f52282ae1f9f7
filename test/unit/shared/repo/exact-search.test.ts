import { expect, it } from 'vitest'
import { matchPattern, matchPhrases, quotedPhrases } from '../../../../shared/repo/exact-search.ts'

it('takes phrases of several words, and any where nothing else is asked', () => {
  expect(quotedPhrases('where is "cart is empty" thrown')).toEqual(['cart is empty'])
  expect(quotedPhrases('"lodash"')).toEqual(['lodash'])
  expect(quotedPhrases('Cannot find module "lodash"')).toEqual([])
  expect(quotedPhrases('an "open quote')).toEqual([])
  expect(quotedPhrases('`a` "b c"   "d  e"')).toEqual(['b c', 'd e'])
  const matches = matchPhrases(['cart is empty'])
  expect(matches("throw new Error('Cart is\n  empty')")).toBe(true)
  expect(matches('the cart was empty')).toBe(false)
})

it('takes the syntax of RE2, of bounded size', () => {
  const matches = matchPattern(String.raw`^const \w+ = require\(`)
  expect(matches('// first\nconst fs = require("fs")')).toBe(true)
  expect(matches('let fs = require("fs")')).toBe(false)
  for (const pattern of ['(a', '(?=a)b', String.raw`(a)\1`, 'x'.repeat(1_001), '((a{1,500}){1,500})'])
    expect(() => matchPattern(pattern), pattern.slice(0, 20)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    )
})

it('ends soon on a pattern that other engines never end on', () => {
  const startedMs = performance.now()
  expect(matchPattern('^(a+)+$')(`${'a'.repeat(5_000)}!`)).toBe(false)
  expect(performance.now() - startedMs).toBeLessThan(2_000)
})
