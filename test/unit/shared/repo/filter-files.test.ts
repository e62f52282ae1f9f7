import { describe, expect, it } from 'vitest'
import { explainFiles, filterFiles } from '../../../../shared/repo/filter-files.ts'

/** Which reading of a glob counts: the nearest one that some path fits, and what is said of it. */

const PATHS = [
  'app/(shop)/cart/page.tsx',
  'app/[...slug]/page.tsx',
  'app/s/page.tsx',
  'packages/core/src/a.ts',
  'packages/core/src/[b].ts',
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
    ['!app/[...slug]/**', ['app/(shop)/cart/page.tsx', 'packages/core/src/a.ts', 'packages/core/src/[b].ts']],
  ])('%s is read as it says: %j', (glob, expected) => {
    expect(found(glob)).toEqual(expected)
    expect(notes(glob)).toEqual([])
  })

  it.each([
    ['(shop)/**', '**/(shop)/**', ['app/(shop)/cart/page.tsx']],
    ['src/*.ts', '**/src/*.ts', ['packages/core/src/a.ts', 'packages/core/src/[b].ts']],
    ['app\\s\\page.tsx', '**/app/s/page.tsx', ['app/s/page.tsx']],
  ])('%s fits no path as it is, and is read as %s', (glob, readAs, expected) => {
    expect(found(glob)).toEqual(expected)
    expect(notes(glob)).toEqual([expect.stringContaining(JSON.stringify(readAs))])
  })

  it.each(['/src/**', './src/**', '!**', 'lib/**', 'src/*.go', 'cart\\*.go'])(
    '%s fits no path in any reading',
    (glob) => {
      expect(found(glob)).toEqual([])
      expect(notes(glob)).toEqual([expect.stringContaining('matches none')])
    },
  )
})
