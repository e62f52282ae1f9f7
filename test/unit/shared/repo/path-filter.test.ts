import { describe, expect, it } from 'vitest'
import { createPathFilter } from '../../../../shared/repo/path-filter.ts'
import { cpuMsOf } from '../../../helpers/cpu-time.ts'

/** A glob finds the paths that its words name, in repositories whose own names look like patterns. */

const PATHS = [
  'app/(shop)/cart/page.tsx',
  'app/(.)photo/[id]/page.tsx',
  'app/@modal/page.tsx',
  'app/[[...all]]/route.ts',
  'app/blog/[slug]/page.tsx',
  'app/blog/page.tsx',
  'app/docs/[...slug]/page.mdx',
  'app/{id}/a b.ts',
  'lib/!x.ts',
  'lib/prices.test.ts',
  'lib/prices.ts',
  'readme.md',
]
const found = (glob: string, isCaseFolded?: boolean) => PATHS.filter(createPathFilter(glob, isCaseFolded))

describe('a glob', () => {
  it.each([
    ['app/(shop)/**', ['app/(shop)/cart/page.tsx']],
    ['app/(.)photo/**', ['app/(.)photo/[id]/page.tsx']],
    ['app/docs/[...slug]/**', ['app/docs/[...slug]/page.mdx']],
    ['app/[[...all]]/*', ['app/[[...all]]/route.ts']],
    ['app/blog/[slug]/*', ['app/blog/[slug]/page.tsx']],
    ['**/[id]/**', ['app/(.)photo/[id]/page.tsx']],
    ['app/@modal/*.tsx', ['app/@modal/page.tsx']],
    ['app/{id}/a b.ts', ['app/{id}/a b.ts']],
    ['/app/blog/**', ['app/blog/[slug]/page.tsx', 'app/blog/page.tsx']],
    ['./app/blog/*', ['app/blog/page.tsx']],
    ['app/blog/', ['app/blog/[slug]/page.tsx', 'app/blog/page.tsx']],
    ['app/blog', ['app/blog/[slug]/page.tsx', 'app/blog/page.tsx']],
    ['blog', ['app/blog/[slug]/page.tsx', 'app/blog/page.tsx']],
    ['/blog', []],
    ['app/blog/[slug]', ['app/blog/[slug]/page.tsx']],
    ['app/docs/[...slug]', ['app/docs/[...slug]/page.mdx']],
    ['[[...all]]', ['app/[[...all]]/route.ts']],
    ['(shop)', ['app/(shop)/cart/page.tsx']],
    ['route.ts', ['app/[[...all]]/route.ts']],
    ['*.mdx', ['app/docs/[...slug]/page.mdx']],
    ['lib/*.{test.ts,md}', ['lib/prices.test.ts']],
    ['{lib,docs}/prices{,.test}.ts', ['lib/prices.test.ts', 'lib/prices.ts']],
    ['lib/[!p]*', ['lib/!x.ts']],
    ['lib/!x.ts', ['lib/!x.ts']],
    ['!app/**', ['lib/!x.ts', 'lib/prices.test.ts', 'lib/prices.ts', 'readme.md']],
    ['lib/+(prices).ts', []],
    ['lib/*(a|b)', []],
    ['nothing/**', []],
    ['[', []],
    ['a\\', []],
  ])('%s finds %j', (glob, expected) => {
    expect(found(glob)).toEqual(expected)
  })

  it('takes upper and lower case alike when it is asked to', () => {
    expect(found('App/Blog/**')).toEqual([])
    expect(found('App/Blog/**', true)).toEqual(found('app/blog/**'))
    expect(found('README.md', true)).toEqual(['readme.md'])
  })

  it('takes no time over what would keep a regular expression busy for hours', async () => {
    const hostile = [
      '+(a)'.repeat(50),
      '{a,b}'.repeat(40),
      `${'{'.repeat(100)}${','.repeat(100)}`,
      `${'*a'.repeat(8)}b`,
    ]
    const path = `${'a'.repeat(2_000)}/${'a/'.repeat(1_000)}`
    const matchAll = () => {
      for (const glob of [...hostile, `${'**/a/'.repeat(40)}b`, '[[:'.repeat(66), '[a-'.repeat(66)])
        expect(createPathFilter(glob)(path)).toBe(false)
    }
    expect(await cpuMsOf(matchAll)).toBeLessThan(1_000)
  })
})
