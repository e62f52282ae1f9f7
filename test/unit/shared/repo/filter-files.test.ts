import { describe, expect, it } from 'vitest'
import { explainFiles, filterFiles } from '../../../../shared/repo/filter-files.ts'

/** Which reading of a glob counts: the nearest one that some path fits, and what is said of it. */

const PATHS = [
  'app/(shop)/cart/page.tsx',
  'app/[...slug]/page.tsx',
  'app/s/page.tsx',
  'packages/core/src/a.ts',
  'packages/core/src/[b].ts',
  'docs/cafe\u0301/menü.md',
]
const indexes = [{ files: PATHS.map((path) => ({ path, language: 'tsx' })) }]
const found = (pathGlob: string) => filterFiles(indexes, { pathGlob }).map(({ path }) => path)
const notes = (pathGlob: string) => explainFiles(indexes, { pathGlob })

describe('a glob', () => {
  it.each([
    ['app/[...slug]/page.tsx', ['app/[...slug]/page.tsx']],
    ['packages/core/src/[b].ts', ['packages/core/src/[b].ts']],
    ['packages/core/src/[ab].ts', ['packages/core/src/a.ts']],
    ['App/S/**', ['app/s/page.tsx']],
    [' app/s/page.tsx\n', ['app/s/page.tsx']],
    ['docs/café', ['docs/cafe\u0301/menü.md']],
    ['**/menu\u0308.md', ['docs/cafe\u0301/menü.md']],
    [
      '!app/[...slug]/**',
      ['app/(shop)/cart/page.tsx', 'packages/core/src/a.ts', 'packages/core/src/[b].ts', 'docs/cafe\u0301/menü.md'],
    ],
    ['!app/**', ['packages/core/src/a.ts', 'packages/core/src/[b].ts', 'docs/cafe\u0301/menü.md']],
  ])('%s is read as it says: %j', (glob, expected) => {
    expect(found(glob)).toEqual(expected)
    expect(notes(glob)).toEqual([])
  })

  it('takes slashes of Windows for slashes where no path has them, and says so', () => {
    expect(found('app\\s\\page.tsx')).toEqual(['app/s/page.tsx'])
    expect(notes('app\\s\\page.tsx')).toEqual([expect.stringContaining('"app/s/page.tsx"')])
  })

  // Whoever fences files by a path gets no others.
  it.each(['(shop)/**', 'src/*.ts', '/src/**', './src/**', '!**', 'lib/**', 'src/*.go', 'cart\\*.go', 'docs/cafe/**'])(
    '%s fits no path in any reading',
    (glob) => {
      expect(found(glob)).toEqual([])
      expect(notes(glob)).toEqual([expect.stringContaining('matches none')])
    },
  )
})
