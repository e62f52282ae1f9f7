import { expect, it } from 'vitest'
import { inScanOrder, matchPattern, matchPhrases, quotedPhrases } from '../../../../shared/repo/exact-search.ts'
import { cpuMsOf } from '../../../helpers/cpu-time.ts'

it('takes phrases of several words, and any where nothing else is asked', () => {
  expect(quotedPhrases('where is "cart is empty" thrown')).toEqual(['cart is empty'])
  expect(quotedPhrases('"lodash"')).toEqual(['lodash'])
  expect(quotedPhrases('Cannot find module "lodash"')).toEqual([])
  expect(quotedPhrases('an "open quote')).toEqual([])
  expect(quotedPhrases('`a` "b c"   "d  e"')).toEqual(['b c', 'd e'])
  expect(quotedPhrases('“Cart is empty”')).toEqual(['cart is empty'])
  expect(quotedPhrases('где бросается «cart is empty» и почему')).toEqual(['cart is empty'])
  expect(quotedPhrases('wo steht „cart is empty“?')).toEqual(['cart is empty'])
  expect(quotedPhrases('the “cart” of «users»')).toEqual([])
  // A piece of code, cut off within its brackets; a name, a number, a path or what has all its brackets is a value of a message.
  expect(quotedPhrases('where is "total(cart" called')).toEqual(['total(cart'])
  expect(quotedPhrases('"#[derive(Debug" and "x = 1"')).toEqual(['#[derive(debug', 'x = 1'])
  expect(quotedPhrases('UsageError: "[options]" missing')).toEqual([])
  expect(quotedPhrases('Error: Invalid value for "--count": "x(y)" is not a number')).toEqual([])
  expect(quotedPhrases('no "src/cart.ts" for "--port", got "8080" and "text/plain;charset=utf-8"')).toEqual([])
  const matches = matchPhrases(['cart is empty'])
  expect(matches("throw new Error('Cart is\n  empty')")).toBe(true)
  expect(matches('the cart was empty')).toBe(false)
})

it('takes a query without a word as it stands', () => {
  for (const query of ['<=>', '::', '...', '!==', '?.', '&&', '<-', '**', '#'])
    expect([quotedPhrases(query), quotedPhrases(` "${query}" `)]).toEqual([[query], [query]])
  for (const query of ['', '""', 'a', 'x <=> y', '=> cart', '合計', '#tag', '$1', '__'])
    expect(quotedPhrases(query), query).toEqual(query === '""' ? ['""'] : [])
})

it('takes the syntax of RE2, of bounded size', async () => {
  const matches = await matchPattern(String.raw`^const \w+ = require\(`)
  expect(matches('// first\nconst fs = require("fs")')).toBe(true)
  expect(matches('let fs = require("fs")')).toBe(false)
  // As programs write it, and at the ends of lines of two characters.
  expect((await matchPattern('/LET .*fs\\s/i'))('let fs = 1')).toBe(true)
  expect((await matchPattern('/LET .*fs\\s/'))('let fs = 1')).toBe(false)
  expect((await matchPattern('/a.b/s'))('a\nb')).toBe(true)
  for (const path of ['/api/users', 'a/b/c', '/', '//'])
    expect((await matchPattern(path))(`at ${path} of it`), path).toBe(true)
  expect((await matchPattern('^a {$'))('b\r\na {\r\n')).toBe(true)
  expect((await matchPattern(String.raw`b\r\n`))('b\r\na')).toBe(true)
  for (const pattern of ['(a', '(?=a)b', String.raw`(a)\1`, 'x'.repeat(1_001), '((a{1,500}){1,500})'])
    await expect(matchPattern(pattern), pattern.slice(0, 20)).rejects.toMatchObject({ code: 'INPUT_INVALID' })
})

it('ends soon on a pattern that other engines never end on', async () => {
  const match = async () => expect((await matchPattern('^(a+)+$'))(`${'a'.repeat(5_000)}!`)).toBe(false)
  expect(await cpuMsOf(match)).toBeLessThan(2_000)
})

it('looks through the source first, then documents and data, then tests and examples', () => {
  const paths = [
    'CHANGELOG.md',
    'examples/shop.ts',
    'package.json',
    'src/shop.ts',
    'docs/shop.md',
    'lib/till.py',
    'test/shop.test.ts',
    'examples/README.md',
  ]
  expect(inScanOrder(paths.map((path) => ({ path }))).map(({ file, isAside }) => [file.path, isAside])).toEqual([
    ['lib/till.py', false],
    ['src/shop.ts', false],
    ['CHANGELOG.md', false],
    ['docs/shop.md', false],
    ['package.json', false],
    ['examples/README.md', true],
    ['examples/shop.ts', true],
    ['test/shop.test.ts', true],
  ])
})
