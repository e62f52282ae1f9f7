import { expect, it } from 'vitest'
import { parseGitPattern } from '../../../../workers/repo/git-pattern.ts'
import { createGitRules } from '../../../../workers/repo/git-rules.ts'
import { cpuMsOf } from '../../../helpers/own-time.ts'

/** Patterns mean what git says they mean, and no pattern stands still on a long path. */

const matches = (pattern: string, path: string) => parseGitPattern(pattern)?.matches(path.split('/'))

it.each([
  ['*.js', 'a/b/c.js', true],
  ['*.js', 'a/b.jsx', false],
  ['/a', 'a', true],
  ['/a', 'b/a', false],
  ['a/**', 'a/b/c', true],
  ['a/**', 'a', false],
  ['**/x/y.ts', 'x/y.ts', true],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/q/r/b', true],
  ['a/*/b', 'a/q/r/b', false],
  ['foo[0-9]?.t*', 'foo1a.ts', true],
  ['foo[!0-9]', 'foo1', false],
  ['\\!x', '!x', true],
  ['a\\*', 'ab', false],
])('%s on %s: %s', (pattern, path, expected) => {
  expect(matches(pattern, path)).toBe(expected)
})

it('takes no time over what would keep a regular expression busy for hours', async () => {
  const matchBoth = () => {
    expect(matches(`${'*a'.repeat(30)}b`, 'a'.repeat(4_000))).toBe(false)
    expect(matches(`${'**/a/'.repeat(30)}b`, 'a/'.repeat(2_000))).toBe(false)
  }
  expect(await cpuMsOf(matchBoth)).toBeLessThan(2_000)
})

it('lets deeper files decide, and nothing back in below what is left out', () => {
  const rules = createGitRules([
    { path: '.afterturnignore', kind: 'ignore', text: '# words\nbuild/\n*.log\n!kept.log\n' },
    { path: 'src/.afterturnignore', kind: 'ignore', text: '!debug.log\n/local\n' },
    {
      path: '.gitattributes',
      kind: 'attributes',
      text: '*.gen.ts linguist-generated=true\nlib/** linguist-vendored\n',
    },
    { path: 'lib/own/.gitattributes', kind: 'attributes', text: '* -linguist-vendored\n' },
  ])
  const ignored = (path: string) => rules.isIgnored(path)
  expect(['a.log', 'build/a.ts', 'x/build/kept.log', 'src/local'].map(ignored)).toEqual([true, true, true, true])
  expect(['kept.log', 'src/debug.log', 'build', 'local'].map(ignored)).toEqual([false, false, false, false])
  expect(rules.attributesOf('a/b.gen.ts')).toEqual({ generated: true })
  expect(rules.attributesOf('lib/theirs/a.ts')).toEqual({ vendored: true })
  expect(rules.attributesOf('lib/own/a.ts')).toEqual({ vendored: false })
})
